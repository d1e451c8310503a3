"""Who is in the way of a new absence or closure: booked appointments, and times that are on offer to somebody.

Asked before such a row is written, so that nobody finds out at a closed door.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import WallClock, day_span, minute_from, minute_of, moment_of
from appointments.domain.schedule.weekly import Blocked, blocked_minutes
from appointments.enums import LIVE_REQUEST_STATES, AppointmentState, OfferState
from appointments.models import Appointment, Location, Offer, Resource

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


def fingerprint(hits: Sequence[Conflict]) -> str:
    """What a tick stands for: exactly this list."""
    text = ";".join(f"{hit.appointment.pk},{hit.starts_at.isoformat()},{hit.offered}" for hit in hits)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def each_time(
    blocked: Blocked, hits: Iterable[Conflict], *, place: Location
) -> list[tuple[Span[datetime], list[Appointment]]]:
    """When `blocked` comes true over somebody of `hits` who is booked: each time by itself, with those it is over."""
    booked = [one for one in hits if not one.offered]
    if not booked:
        return []
    first, last = min(one.starts_at for one in booked), max(one.ends_at for one in booked)
    around = blocked.ends_at - blocked.starts_at
    window = Span(minute_of(first - around), minute_from(last + around))
    found = []
    for minutes in blocked_minutes([blocked], WallClock(place.tzinfo, window)):
        span = Span(moment_of(minutes.start), moment_of(minutes.end))
        under = [one.appointment for one in booked if Span(one.starts_at, one.ends_at).overlaps(span)]
        if under:
            found.append((span, under))
    return found


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
