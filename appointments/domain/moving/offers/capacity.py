"""Offers die with their capacity: whoever and whatever a time needs has to be there and in use when it is chosen.

A time that a colleague offered outside the open hours on purpose depends on nobody's hours; what is switched off, and
what colleagues say is missing, takes it away like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from appointments.domain.schedule.opening import Timetable
from appointments.domain.schedule.outages import Outage, said_at
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import minute_from, minute_of
from appointments.models import Location, Offer, Requirement


def possible(offers: Iterable[Offer]) -> set[int]:
    """The ids of those that can still take place. One query, and one or three for each location.

    Each comes with its round, appointment, service and location.
    """
    found = list(offers)
    needs = _needs(found)
    by_location: dict[Location, list[Offer]] = defaultdict(list)
    for one in found:
        appointment = one.request.appointment
        if appointment.location.is_active and appointment.service.is_active and all(needs[one.pk].values()):
            by_location[appointment.location].append(one)
    return {pk for location, here in by_location.items() for pk in _there(location, here, needs)}


def _needs(offers: Sequence[Offer]) -> dict[int, dict[int, bool]]:
    """By offer what it occupies, and whether that is in use and can still do it: it was not taken from the service."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for offer_id, resource_id, is_active, is_able in _occupied().filter(offer__in=offers):
        found[offer_id][resource_id] = is_active and is_able
    return found


@cache
def _occupied() -> QuerySet[Any, Any]:
    """Put together once, for every look at a page asks it."""
    asked = Requirement.objects.filter(
        service=OuterRef("offer__request__appointment__service"), kind=OuterRef("resource__kind")
    )
    able = ~Exists(asked) | Exists(asked.filter(candidates=OuterRef("resource")))
    through: Any = Offer.resources.through
    rows: QuerySet[Any, Any] = through.objects.annotate(is_able=able)
    return rows.values_list("offer_id", "resource_id", "resource__is_active", "is_able")


def _there(location: Location, offers: Sequence[Offer], needs: dict[int, dict[int, bool]]) -> set[int]:
    """Those during which all that they occupy is there."""
    ids = {pk for one in offers for pk in needs[one.pk]}
    window = Span(min(one.starts_at for one in offers), max(one.ends_at for one in offers))
    timetable = Timetable(location, ids, Span(minute_of(window.start), minute_from(window.end)))
    special = [one for one in offers if one.outside_hours]
    said = said_at(location, span=window) if special else []
    return {
        one.pk
        for one in offers
        if (_is_free_of(said, one, needs[one.pk]) if one.outside_hours else _is_open(timetable, one, needs[one.pk]))
    }


def _is_open(timetable: Timetable, offer: Offer, resource_ids: Iterable[int]) -> bool:
    span = Span(minute_of(offer.starts_at), minute_from(offer.ends_at))
    return all(any(opened.holds(span) for opened in timetable.resource_open(pk)) for pk in resource_ids)


def _is_free_of(said: Iterable[Outage], offer: Offer, resource_ids: Iterable[int]) -> bool:
    span = Span(offer.starts_at, offer.ends_at)
    return not any(outage.takes(list(resource_ids), span) for outage in said)
