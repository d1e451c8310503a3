"""What takes bookings away although nobody was asked: rows written by a shell, a script or another program.

The managers' pages ask first and leave a disruption. Whatever came by another door gets the same here, and whoever can
come again, because such a row went away, stands in nobody's queue any more. Weekly hours are not among it: bookings
outside of them are made on purpose, and only who changes the hours knows the difference.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from appointments.domain import affected
from appointments.domain.actors import SYSTEM, Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.schedule import faults
from appointments.domain.schedule.conflicts import Conflict, each_time, with_absence, with_closed_day, with_closure
from appointments.domain.schedule.wallclock import day_span
from appointments.domain.schedule.weekly import Blocked
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, DisruptionScope, DisruptionSource
from appointments.models import (
    Absence,
    AffectedAppointment,
    Appointment,
    Closure,
    Location,
    Occupancy,
    Resource,
    SpecialDay,
)

R = TypeVar("R", Absence, Closure)
Taken = tuple[WhatIsMissing, list[Appointment]]
"""What cannot be had, and who is booked in it."""
WITH_ROWS = (DisruptionSource.ABSENCE, DisruptionSource.CLOSURE)
"""Where it can be looked up whom it hits."""
RESOURCES = "disruption__resources"


@one_transaction
def look_again(*, now: datetime) -> tuple[int, int]:
    """How many were found who are hit and stood nowhere, and how many were let go who can come again. A sweep."""
    found, taken = 0, list(_all(now))
    for source, (missing, hit) in taken:
        known = _known(source, missing, hit)
        if new := [one for one in hit if one.pk not in known]:
            affected.declare(missing, reason=None, by=SYSTEM, now=now, source=source, hits=new)
            found += len(new)
    return found, len(_let_go(taken, by=SYSTEM, now=now))


@one_transaction
def let_go(*, by: Actor, now: datetime) -> list[Appointment]:
    """Whoever can come again, because what took their time away is gone or shorter, waits no more. Returns whom."""
    return _let_go(list(_all(now)), by=by, now=now)


def _known(source: DisruptionSource, missing: WhatIsMissing, hit: Iterable[Appointment]) -> set[int]:
    """Who of `hit` has been found already when the same was missing. Whose room goes as well, besides the doctor who
    was missing before, is hit anew; and a time that only touches another is not in it, here as in `_over_bookings`.
    """
    same = AffectedAppointment.objects.filter(
        Q(disruption__ends_at__isnull=True) | Q(disruption__ends_at__gt=F("appointment__starts_at")),
        disruption__starts_at__lt=F("appointment__ends_at"),
        disruption__source=source,
        disruption__scope=missing.scope,
        appointment__in=list(hit),
    )
    if missing.scope == DisruptionScope.RESOURCES:
        same = same.filter(disruption__resources__in=missing.resource_ids)
    else:
        same = same.filter(disruption__location=missing.location)
    return set(same.values_list("appointment_id", flat=True))


def _let_go(taken: Iterable[tuple[DisruptionSource, Taken]], *, by: Actor, now: datetime) -> list[Appointment]:
    """Of an absence or a closure: whom none of it hits any more, also those who were booked outside the hours on
    purpose; of whatever else: in whose way nothing of it stands. What else is missing has a row of its own.
    """
    unsettled = AffectedAppointment.objects.unsettled().filter(disruption__source__in=affected.BY_ITSELF)
    waiting = Appointment.objects.filter(pk__in=unsettled.values("appointment"))
    after = {one.pk: found for one, found in faults.faults_of(waiting, now=now).items()}
    hit = {(source, what, one.pk) for source, (missing, those) in taken for what in _what(missing) for one in those}
    free = []
    for row in unsettled.filter(appointment__in=after).select_related("disruption").prefetch_related(RESOURCES):
        found, disruption = after[row.appointment_id], row.disruption
        ids = {one.pk for one in disruption.resources.all()}
        if not (faults.is_without(found, ids) if ids else faults.is_hit(found)):
            free.append(row.pk)
        elif disruption.source in WITH_ROWS:
            its_own = [("resource", pk) for pk in ids] or [("place", disruption.location_id)]
            if not any((disruption.source, what, row.appointment_id) in hit for what in its_own):
                free.append(row.pk)
    return affected.let_go(AffectedAppointment.objects.filter(pk__in=free), by=by, now=now)


def _what(missing: WhatIsMissing) -> list[tuple[str, int]]:
    return [("resource", pk) for pk in missing.resource_ids] or [("place", missing.location.pk)]


def _all(now: datetime) -> Iterator[tuple[DisruptionSource, Taken]]:
    for absence in _over_bookings(Absence.objects.select_related("resource__location"), now):
        away = Blocked(absence.starts_at, absence.ends_at, absence.rrule)
        hits = with_absence(absence.resource, away, now=now)
        yield from ((DisruptionSource.ABSENCE, one) for one in of_absence(absence.resource, away, hits))
    for closure in _over_bookings(Closure.objects.select_related("location"), now):
        shut = Blocked(closure.starts_at, closure.ends_at, closure.rrule)
        hits = with_closure(closure.location, shut, now=now)
        yield from ((DisruptionSource.CLOSURE, one) for one in of_closure(closure.location, shut, hits))
    for closed in SpecialDay.objects.filter(is_open=False, day__gte=now.date() - timedelta(days=1)):
        hits = with_closed_day(closed.day, _where_people_are_booked(closed), now=now)
        yield from ((DisruptionSource.CLOSURE, one) for one in of_closed_day(closed.day, hits))
    yield from ((DisruptionSource.SWITCHED_OFF, one) for one in _switched_off(now))


def of_absence(resource: Resource, blocked: Blocked, hits: Iterable[Conflict]) -> list[Taken]:
    """What an absence takes from those of `hits` who are booked, each time that it comes true by itself."""
    return [
        (WhatIsMissing(DisruptionScope.RESOURCES, resource.location, span.start, span.end, (resource.pk,)), hit)
        for span, hit in each_time(blocked, hits, place=resource.location)
    ]


def of_closure(place: Location, blocked: Blocked, hits: Iterable[Conflict]) -> list[Taken]:
    """The same for a closure of a whole place."""
    return [
        (WhatIsMissing(DisruptionScope.PLACE, place, span.start, span.end), hit)
        for span, hit in each_time(blocked, hits, place=place)
    ]


def of_closed_day(day: date, hits: Iterable[Conflict]) -> list[Taken]:
    """The same for a day on which places are closed, each on its own clock."""
    booked = [one.appointment for one in hits if not one.offered]
    found: list[Taken] = []
    for place in {one.location for one in booked}:
        span = day_span(day, place.tzinfo)
        missing = WhatIsMissing(DisruptionScope.PLACE, place, span.start, span.end)
        found.append((missing, [one for one in booked if one.location_id == place.pk]))
    return found


def _where_people_are_booked(closed: SpecialDay) -> Iterable[Location]:
    """Around that day, whatever the clock: of most closed days nobody is booked anywhere."""
    midnight = datetime.combine(closed.day, time.min, UTC)
    booked = Appointment.objects.filter(location=OuterRef("pk")).overlapping(
        midnight - timedelta(days=1), midnight + timedelta(days=2)
    )
    places = Location.objects.filter(Exists(booked))
    return places.filter(pk=closed.location_id) if closed.location_id else places


def _over_bookings(rows: QuerySet[R], now: datetime) -> list[R]:
    """Those that recur, and those over which somebody is booked: of most of them nobody is."""
    booked = Occupancy.objects.filter(
        request__isnull=True,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    of_its_own = booked.filter(
        **{"resource": OuterRef("resource")}
        if rows.model is Absence
        else {"appointment__location": OuterRef("location")}
    )
    return list(rows.filter(~Q(rrule="") | Q(Exists(of_its_own), ends_at__gt=now)))


def _switched_off(now: datetime) -> Iterator[Taken]:
    coming = Appointment.objects.filter(state=AppointmentState.BOOKED, starts_at__gt=now).select_related("location")
    for place in Location.objects.all():
        off = coming.filter(Q(location__is_active=False) | Q(service__is_active=False), location=place)
        if hit := list(off):
            yield WhatIsMissing(DisruptionScope.PLACE, place, now), hit
    for resource in Resource.objects.filter(is_active=False).select_related("location"):
        own = Occupancy.objects.filter(appointment=OuterRef("pk"), resource=resource, request__isnull=True)
        if hit := list(coming.filter(Exists(own))):
            yield WhatIsMissing(DisruptionScope.RESOURCES, resource.location, now, None, (resource.pk,)), hit
