"""Who is in the way of a new absence or closure: booked appointments, and times that are on offer to somebody.

Asked before such a row is written, so that nobody finds out at a closed door.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.spans import Span, subtract
from appointments.domain.schedule.wallclock import WallClock, day_span, minute_from, minute_of
from appointments.domain.schedule.weekly import Blocked, blocked_minutes
from appointments.enums import LIVE_REQUEST_STATES, AppointmentState, OfferState
from appointments.models import Appointment, Location, Occupancy, Offer, Resource

SHOWN = ("customer", "service", "location", "provider")


@dataclass(frozen=True)
class Conflict:
    """`appointment` would be met at this time: its own, or (`offered`) one that its customer may still choose."""

    starts_at: datetime
    ends_at: datetime
    offered: bool
    appointment: Appointment


def with_absence(resource: Resource, blocked: Blocked, *, now: datetime) -> list[Conflict]:
    """What an absence of `resource` would hit from `now` on. Two queries."""
    booked = Appointment.objects.filter(occupancies__resource=resource, occupancies__request__isnull=True)
    return _hit(booked, Offer.objects.filter(resources=resource), blocked, place=resource.location, now=now)


def with_closure(location: Location, blocked: Blocked, *, now: datetime) -> list[Conflict]:
    """What a closure of `location` would hit from `now` on. Two queries."""
    booked = Appointment.objects.filter(location=location)
    offers = Offer.objects.filter(request__appointment__location=location)
    return _hit(booked, offers, blocked, place=location, now=now)


def with_closed_day(day: date, locations: Iterable[Location], *, now: datetime) -> list[Conflict]:
    """What closing all day would hit at `locations`. Two queries for each."""
    found: list[Conflict] = []
    for location in locations:
        found += with_closure(location, Blocked(*day_span(day, location.tzinfo)), now=now)
    return sorted(found, key=_by_time)


def outside_hours(resources: Iterable[Resource], *, now: datetime) -> list[Conflict]:
    """What is booked or on offer after `now` while somebody or something it needs is not there all the time."""
    met = [(row.resource, _expected(row.appointment)) for row in _occupied(resources, now=now)]
    met += [(row.resource, _offered(row.offer)) for row in _on_offer(resources, now=now)]
    if not met:
        return []
    window = Span(now, max(conflict.ends_at for __, conflict in met))
    there = open_spans({resource for resource, __ in met}, window=window)
    found = {
        conflict
        for resource, conflict in met
        if subtract([Span(conflict.starts_at, conflict.ends_at)], there[resource.pk])
    }
    return sorted(found, key=_by_time)


def _occupied(resources: Iterable[Resource], *, now: datetime) -> QuerySet[Occupancy]:
    rows = Occupancy.objects.filter(resource__in=resources, request__isnull=True)
    coming = rows.filter(appointment__state=AppointmentState.BOOKED, appointment__starts_at__gt=now)
    return coming.select_related("resource__location", *(f"appointment__{name}" for name in SHOWN))


def _on_offer(resources: Iterable[Resource], *, now: datetime) -> QuerySet[Any]:
    rows = Offer.resources.through.objects.filter(resource__in=resources, offer__in=_live_offers(after=now))
    return rows.select_related("resource__location", *(f"offer__request__appointment__{name}" for name in SHOWN))


def _live_offers(*, after: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(
        state=OfferState.LIVE,
        request__state__in=LIVE_REQUEST_STATES,
        request__appointment__state=AppointmentState.BOOKED,
        ends_at__gt=after,
    )


def _hit(
    booked: QuerySet[Appointment], offers: QuerySet[Offer], blocked: Blocked, *, place: Location, now: datetime
) -> list[Conflict]:
    """Only the time customers are told counts: buffers may reach into closed hours."""
    after = max(now, blocked.starts_at)
    coming = booked.filter(state=AppointmentState.BOOKED, ends_at__gt=after).select_related(*SHOWN).distinct()
    live = (offers & _live_offers(after=after)).select_related(*(f"request__appointment__{name}" for name in SHOWN))
    if not blocked.rrule:
        coming = coming.filter(starts_at__lt=blocked.ends_at)
        live = live.filter(starts_at__lt=blocked.ends_at)
    met = [*map(_expected, coming), *map(_offered, live)]
    return _inside(met, blocked, place=place, now=now)


def _inside(met: list[Conflict], blocked: Blocked, *, place: Location, now: datetime) -> list[Conflict]:
    if not met:
        return []
    window = Span(minute_of(now), minute_from(max(conflict.ends_at for conflict in met)))
    away = blocked_minutes([blocked], WallClock(place.tzinfo, window))
    return sorted(
        (
            conflict
            for conflict in met
            if any(Span(minute_of(conflict.starts_at), minute_from(conflict.ends_at)).overlaps(span) for span in away)
        ),
        key=_by_time,
    )


def _expected(one: Appointment) -> Conflict:
    return Conflict(one.starts_at, one.ends_at, False, one)


def _offered(one: Offer) -> Conflict:
    return Conflict(one.starts_at, one.ends_at, True, one.request.appointment)


def _by_time(conflict: Conflict) -> tuple[datetime, bool, int]:
    return conflict.starts_at, conflict.offered, conflict.appointment.pk
