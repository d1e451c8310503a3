"""Whom a disruption hits, until each of them is moved, kept or closed; and who of them has not been told yet.

Nobody is settled by being forgotten: that an appointment has moved is read from its history, that it ended from its
state, and that it takes place all the same is written down with the colleague who says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.expressions import Combinable, NegatedExpression

from appointments.domain.actors import Actor
from appointments.domain.colleagues import Places, at
from appointments.domain.messages import sent
from appointments.domain.transactions import one_transaction
from appointments.enums import UNREACHED, AppointmentState, DisruptionScope, DisruptionSource
from appointments.models import (
    AffectedAppointment,
    Appointment,
    AppointmentEvent,
    CallAttempt,
    Disruption,
    Location,
    Occupancy,
    Reason,
    RescheduleRequest,
)
from appointments.models.disruption import AffectedQuerySet

BY_ITSELF = (
    DisruptionSource.ABSENCE,
    DisruptionSource.CLOSURE,
    DisruptionSource.HOURS,
    DisruptionSource.SWITCHED_OFF,
)
"""Where a disruption comes from that ends with what it came from."""


@dataclass(frozen=True)
class WhatIsMissing:
    """What cannot take place, before it is written down: `resource_ids` of one place, all of it, or one appointment.

    Without `ends_at` nobody knows until when. Not `is_kept_free`: some hours of it can be had all the same, and what
    is stored says which.
    """

    scope: DisruptionScope
    location: Location
    starts_at: datetime
    ends_at: datetime | None = None
    resource_ids: tuple[int, ...] = ()
    appointment: Appointment | None = None
    is_kept_free: bool = True


@one_transaction
def declare(
    missing: WhatIsMissing,
    *,
    reason: Reason | None,
    by: Actor,
    now: datetime,
    source: DisruptionSource = DisruptionSource.SAID,
    note: str = "",
    hits: Iterable[Appointment] | None = None,
) -> Disruption:
    """Writes a disruption down and finds whom it hits: `hits`, else all who are booked in it. The same again is one,
    and whoever was to come in spite of it is to be moved again.
    """
    disruption = _written(missing, reason=reason, source=source)
    if disruption is None:
        disruption = Disruption.objects.create(
            scope=missing.scope,
            location=missing.location,
            appointment=missing.appointment,
            starts_at=missing.starts_at,
            ends_at=missing.ends_at,
            reason=reason,
            source=source,
            note=note,
            declared_at=now,
            declared_by=by.user,
        )
        disruption.resources.set(missing.resource_ids)
    add(disruption, booked_in(missing, now=now) if hits is None else hits, now=now)
    return disruption


def add(disruption: Disruption, appointments: Iterable[Appointment], *, now: datetime) -> None:
    """These are hit as well. Those that stand there already stay as they are; what had been settled stands anew."""
    found = list(appointments)
    there = AffectedAppointment.objects.filter(disruption=disruption, appointment__in=found)
    standing = there.unsettled()
    if set(standing.values_list("appointment", flat=True)) >= {one.pk for one in found}:
        return
    newest = dict(
        AppointmentEvent.objects.filter(appointment__in=found)
        .order_by()
        .values_list("appointment")
        .annotate(newest=Max("pk"))
    )
    rows = [
        AffectedAppointment(disruption=disruption, appointment=one, found_at=now, last_event=newest.get(one.pk, 0))
        for one in found
    ]
    settled = list(there.exclude(pk__in=standing.values("pk")))
    for row in settled:
        row.kept_at, row.kept_by, row.found_at, row.last_event = None, None, now, newest.get(row.appointment_id, 0)
    AffectedAppointment.objects.bulk_update(settled, ["kept_at", "kept_by", "found_at", "last_event"], batch_size=200)
    AffectedAppointment.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def booked_in(missing: WhatIsMissing, *, now: datetime) -> Sequence[Appointment]:
    """Who is booked in it and not over yet, the soonest first."""
    if missing.appointment is not None:
        return [missing.appointment]
    booked = Appointment.objects.filter(state=AppointmentState.BOOKED, ends_at__gt=max(now, missing.starts_at))
    if missing.ends_at is not None:
        booked = booked.filter(starts_at__lt=missing.ends_at)
    if missing.scope == DisruptionScope.PLACE:
        booked = booked.filter(location=missing.location)
    else:
        own = Occupancy.objects.filter(
            appointment=OuterRef("pk"), request__isnull=True, resource__in=missing.resource_ids
        )
        booked = booked.filter(Exists(own))
    return list(booked.order_by("starts_at", "pk"))


def to_move() -> AffectedQuerySet:
    """Those that nobody is moving yet."""
    waiting: AffectedQuerySet = AffectedAppointment.objects.to_move()
    return waiting


def untold() -> AffectedQuerySet:
    """Those whom nobody has told of it, whether somebody moves them or not: the count that has to read 0."""
    waiting: AffectedQuerySet = AffectedAppointment.objects.unsettled().filter(_nobody_told())
    return waiting


def unreached() -> AffectedQuerySet:
    """Those of them whom somebody moves: the message came back, or the call has not been made."""
    return untold().exclude(pk__in=to_move().values("pk"))


def counts(*, places: Places = None) -> dict[str, int]:
    """How many appointments at `places` are `to_move`, and how many `untold`. One query."""
    to_move, untold = counted()
    unsettled = at(AffectedAppointment.objects.unsettled(), places, place="appointment__location")
    return unsettled.aggregate(to_move=to_move, untold=untold)


def counted() -> tuple[Count, Count]:
    """Both counts of unsettled rows, for whoever asks for others in the same query."""
    hit = Exists(to_move().filter(pk=OuterRef("pk")))
    return (
        Count("appointment", distinct=True, filter=Q(hit)),
        Count("appointment", distinct=True, filter=Q(_nobody_told())),
    )


def can_be_kept(round_: RescheduleRequest) -> bool:
    """Whether the original time is still possible: a colleague said so, and nothing has hit it since."""
    if not round_.can_keep:
        return False
    since = AffectedAppointment.objects.unsettled().filter(
        appointment=round_.appointment_id, found_at__gt=round_.opened_at
    )
    return not since.exclude(disruption=round_.disruption_id).exists()


def _nobody_told() -> NegatedExpression | Combinable:
    """A message is on its way or has left and not come back, they were there themselves, or a colleague spoke with
    them. A message that came back, or a call that nobody has made, tells nobody anything; nor does what was said
    before it was found, unless they are being asked for another time already.
    """
    undecided = RescheduleRequest.objects.undecided().values("pk")
    rounds = RescheduleRequest.objects.told().filter(
        Q(opened_at__gte=OuterRef("found_at")) | Q(pk__in=undecided), appointment=OuterRef("appointment")
    )
    spoken = CallAttempt.objects.exclude(outcome__in=UNREACHED).filter(promise__request=OuterRef("pk"))
    was_there = Q(seen_at__isnull=False) | Q(answered_at__isnull=False)
    return ~Exists(rounds.filter(was_there | Q(sent.is_under_way()) | Q(Exists(spoken))))


def keep(appointment: Appointment, *, by: Actor, now: datetime, only: Disruption | None = None) -> int:
    """It takes place as booked: whatever hits it (or `only` this) does so no more. Returns how many.

    What it has moved out of stays what it moved out of.
    """
    standing = AffectedAppointment.objects.unsettled().filter(appointment=appointment)
    if only is not None:
        standing = standing.filter(disruption=only)
    return int(standing.update(kept_at=now, kept_by=by.user))


def let_go(rows: AffectedQuerySet, *, by: Actor, now: datetime) -> list[Appointment]:
    """Those of `rows` that stand can take place again: an absence was shortened, hours were given back. Returns whom.

    What colleagues have said, and another clock, stand until a colleague says otherwise.
    """
    standing = rows.unsettled().filter(disruption__source__in=BY_ITSELF)
    free = list(standing.select_related("appointment__customer", "appointment__location"))
    AffectedAppointment.objects.filter(pk__in=[one.pk for one in free]).update(kept_at=now, kept_by=by.user)
    return sorted({one.appointment for one in free}, key=lambda one: (one.starts_at, one.pk))


@one_transaction
def call_off(disruption: Disruption, *, now: datetime) -> bool:
    """It was a false alarm, or is over: it keeps nothing free any more. False when somebody was faster."""
    return bool(Disruption.objects.filter(pk=disruption.pk, ended_at__isnull=True).update(ended_at=now) == 1)


def _written(missing: WhatIsMissing, *, reason: Reason | None, source: DisruptionSource) -> Disruption | None:
    """The same that somebody has written down already."""
    same = Disruption.objects.in_force().filter(
        Q(ends_at=missing.ends_at) if missing.ends_at else Q(ends_at__isnull=True),
        scope=missing.scope,
        location=missing.location,
        appointment=missing.appointment,
        starts_at=missing.starts_at,
        reason=reason,
        source=source,
    )
    for one in same.prefetch_related("resources"):
        if {resource.pk for resource in one.resources.all()} == set(missing.resource_ids):
            return one
    return None
