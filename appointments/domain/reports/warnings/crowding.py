"""Where so much is booked that whoever has to be moved finds no time for days."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.domain.reports.warnings.people import Key
from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.spans import Span, intersect
from appointments.models import Location, Occupancy, Resource, Service

AHEAD = timedelta(days=14)
FULL = 0.9
"""From this share on. With a tenth left, the fortnight of five colleagues still has room when one of them is away for a
week.
"""


@dataclass(frozen=True)
class Full:
    """`share` (0 to 1) of the hours of everybody who can do `services` there is taken in the next 14 days."""

    location: Location
    services: tuple[Service, ...]
    share: float


def full(who: Mapping[Key, Sequence[Resource]], *, now: datetime) -> list[Full]:
    """`who` can do what where; services of the same people are named together, the fullest first.

    Three queries, and one for each place.
    """
    groups: dict[tuple[int, frozenset[int]], list[int]] = defaultdict(list)
    for (service, place), people in who.items():
        groups[place, frozenset(one.pk for one in people)].append(service)
    services = Service.objects.filter(is_active=True).in_bulk()
    resources = {one.pk: one for people in who.values() for one in people}
    window = Span(now, now + AHEAD)
    there = Resource.objects.filter(pk__in=resources).select_related("location")
    opened = open_spans(there, window=window)
    taken, places = _taken(opened, window=window, now=now), {one.location_id: one.location for one in there}
    found = []
    for (place, people_there), ids in groups.items():
        offered = tuple(services[pk] for pk in sorted(ids) if pk in services)
        hours = sum((_length(opened[pk]) for pk in people_there), timedelta())
        if not offered or not hours:
            continue
        share = sum((_length(taken[pk]) for pk in people_there), timedelta()) / hours
        if share >= FULL:
            found.append(Full(places[place], offered, share))
    return sorted(found, key=lambda one: (-one.share, one.location.pk, one.services[0].pk))


def _taken(
    opened: Mapping[int, Sequence[Span[datetime]]], *, window: Span[datetime], now: datetime
) -> Mapping[int, list[Span[datetime]]]:
    """What of the hours of each is booked or kept for somebody."""
    busy: dict[int, list[Span[datetime]]] = defaultdict(list)
    rows = Occupancy.objects.in_force(now).overlapping(window.start, window.end).filter(resource__in=opened)
    for pk, starts_at, ends_at in rows.order_by("starts_at").values_list("resource", "starts_at", "ends_at"):
        busy[pk].append(Span(starts_at, ends_at))
    return {pk: list(intersect(spans, busy[pk])) for pk, spans in opened.items()}


def _length(spans: Sequence[Span[datetime]]) -> timedelta:
    return sum((one.end - one.start for one in spans), timedelta())
