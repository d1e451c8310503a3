"""What cannot be had: the shape in which a search for free times gets what a disruption says.

What colleagues have said is stored and counts for everybody (`stored.hours` reads it). What one of them is about to
say, and what concerns one appointment only, is handed over by whoever asks.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.hours import LOCATION
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Disruption, Location


class Outage(NamedTuple):
    """`owners` (ids of resources, or `LOCATION` for the whole place) cannot be had; without `ends_at` for good."""

    owners: frozenset[int]
    starts_at: datetime
    ends_at: datetime | None

    def hits(self, span: Span[datetime]) -> bool:
        return self.starts_at < span.end and (self.ends_at is None or self.ends_at > span.start)

    def takes(self, resource_ids: Collection[int], span: Span[datetime]) -> bool:
        """Whether something that happens during `span` with these resources cannot take place."""
        return self.hits(span) and (LOCATION in self.owners or not self.owners.isdisjoint(resource_ids))


def said_at(location: Location, *, span: Span[datetime]) -> list[Outage]:
    """What colleagues have said about `location` and its resources that touches `span`. Two queries."""
    rows = Disruption.objects.in_force().filter(said_about(location, span.start, span.end))
    return [outage_of(row) for row in rows.prefetch_related("resources")]


def said_about(location: Location, start: datetime, end: datetime) -> Q:
    """The disruptions that `said_at` reads, in force or not."""
    touches = Q(ends_at__isnull=True) | Q(ends_at__gt=start)
    said = Q(location=location, source=DisruptionSource.SAID, starts_at__lt=end)
    return said & touches & ~Q(scope=DisruptionScope.APPOINTMENT)


def is_said(disruption: Disruption) -> bool:
    """Whether it counts for everybody at its place because a colleague has said it, as `said_about` asks."""
    return disruption.source == DisruptionSource.SAID and disruption.scope != DisruptionScope.APPOINTMENT


def outage_of(disruption: Disruption) -> Outage:
    """As it counts for everybody; of one appointment only `resources` are in question, and only for itself."""
    ids = [resource.pk for resource in disruption.resources.all()]
    owners = frozenset([LOCATION] if disruption.scope == DisruptionScope.PLACE else ids)
    return Outage(owners, disruption.starts_at, disruption.ends_at)


def missing(outages: Iterable[Outage], resource_ids: Iterable[int], span: Span[datetime]) -> set[int]:
    """Those of the resources that cannot be had during `span`."""
    ids = list(resource_ids)
    return {pk for one in outages for pk in ids if one.takes((pk,), span)}
