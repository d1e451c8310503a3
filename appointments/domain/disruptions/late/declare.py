"""Everybody who comes to those who run late is moved at once, and told; and all of it back while nobody was told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import affected, booking
from appointments.domain.actors import Actor
from appointments.domain.booking import PlannedMove
from appointments.domain.disruptions.late.preview import Late, Line, Shift, later_of, preview
from appointments.domain.disruptions.late.today import RUNNING_LATE, TAKEN_BACK
from appointments.domain.moving import causes, rounds, wished
from appointments.domain.moving.reopening import reopen
from appointments.domain.schedule.slots import Alternative, Slot, find_alternatives
from appointments.domain.schedule.wallclock import day_span
from appointments.domain.transactions import one_transaction
from appointments.enums import DisruptionScope, DisruptionSource, EventKind, RequestState
from appointments.errors import DomainError, SlotTaken
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Business,
    Disruption,
    Location,
    RescheduleRequest,
)
from appointments.models.rescheduling import RequestQuerySet

OTHER_DAYS = 4
"""So many other times each customer sees besides the later hour."""
ATTEMPTS = 3


def declare(late: Late, *, by: Actor, now: datetime) -> tuple[Disruption, bool]:
    """Moves all whom it concerns, tells those who have to know, and leaves who cannot begin later to be moved; and
    whether it is new: the same said twice is said once.

    Said again with other minutes it counts from what was booked, and whoever was told a later hour is never asked to
    come sooner. Raises `DomainError` when nobody has to begin later, `SlotTaken` when others keep being faster.
    """
    told = preview(late, now=now).told
    others = {one.appointment.pk: _other_days(one.appointment, now=now) for one in told}
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _declare(late, others, by=by, now=now)
        except SlotTaken:
            continue  # somebody has booked into it meanwhile: look again
    return _declare(late, others, by=by, now=now)


@one_transaction
def _declare(
    late: Late, others: Mapping[int, Sequence[Alternative]], *, by: Actor, now: datetime
) -> tuple[Disruption, bool]:
    # Whoever else says the same in this moment sees what has been said.
    Location.objects.select_for_update(no_key=True).get(pk=late.place.pk)
    shift = preview(late, now=now)
    if not shift.lines:
        return _same(late, now=now), False
    disruption = _written(late, shift, by=by, now=now)
    going_along = [one.round_ for one in shift.lines if one.round_]
    moves = [_move(one, one.starts_at) for one in shift.lines if one.starts_at]
    booking.move_many(moves, by=by, now=now, note=RUNNING_LATE, going_along=going_along)
    for line in shift.shifted:
        if not line.is_told and line.round_ is not None and now < line.round_.undo_until:
            # It had been written, but it is not worth a message any more.
            rounds.end(line.round_, RequestState.REPLACED, how=noop("the delay has become shorter"), now=now)
    for lines in shift.by_customer():
        told = [
            (one.appointment, later_of(late, one, disruption=disruption, others=others.get(one.appointment.pk, ())))
            for one in lines
        ]
        rounds.open_standing(told, by=by, now=now)
    return disruption, True


@one_transaction
def undo(disruption: Disruption, *, by: Actor, now: datetime) -> bool:
    """Everything begins again as it stood before, as long as nobody has been told. False when it is too late for that.

    Raises `SlotTaken` when a time has gone to somebody else meanwhile.
    """
    Location.objects.select_for_update(no_key=True).get(pk=disruption.location_id)
    disruption = Disruption.objects.get(pk=disruption.pk)
    if not can_be_undone(disruption, now=now):
        return False
    opened = [rounds.lock_round(one) for one in _opened(disruption).order_by("appointment")]
    if any(one.state != RequestState.OPEN for one in opened):
        return False
    affected.call_off(disruption, now=now)
    for one in opened:
        rounds.end(one, RequestState.WITHDRAWN, how=noop("taken back before it was sent"), now=now)
    _move_back(disruption, by=by, now=now)
    for earlier in _replaced(disruption).order_by("appointment"):
        reopen(rounds.lock_round(earlier), now=now)
    return True


def can_be_undone(disruption: Disruption, *, now: datetime) -> bool:
    """Whether nobody has been told of it or has answered it, and nothing else has been said of a delay since."""
    late = Disruption.objects.in_force().filter(source=DisruptionSource.LATE, location=disruption.location_id)
    is_newest = late.order_by("-pk").values_list("pk", flat=True).first() == disruption.pk
    is_answered = _opened(disruption).exclude(state=RequestState.OPEN, answered_at__isnull=True).exists()
    return is_newest and not is_answered and now < undo_until(disruption)


def undo_until(disruption: Disruption) -> datetime:
    """When the messages leave."""
    opened = _opened(disruption).values_list("undo_until", flat=True).first()
    return opened or disruption.declared_at + timedelta(seconds=Business.current().undo_seconds)


def _opened(disruption: Disruption) -> RequestQuerySet:
    """The rounds in which customers are told of it."""
    found: RequestQuerySet = RescheduleRequest.objects.filter(disruption=disruption, stands_by_itself=True)
    return found


def _replaced(disruption: Disruption) -> RequestQuerySet:
    """The rounds that stood until it was said, whether there is another one instead or not."""
    found: RequestQuerySet = RescheduleRequest.objects.filter(
        appointment__in=disruption.affected.values("appointment"),
        stands_by_itself=True,
        state=RequestState.REPLACED,
        closed_at=disruption.declared_at,
    )
    return found


def _same(late: Late, *, now: datetime) -> Disruption:
    """What has been said already, of the same people and as many minutes. Raises `DomainError` when nothing has."""
    said = Disruption.objects.in_force().filter(
        source=DisruptionSource.LATE, location=late.place, late_minutes=late.minutes, ends_at__gt=now
    )
    for one in said.prefetch_related("resources").order_by("-pk"):
        if {resource.pk for resource in one.resources.all()} == set(late.people):
            return one
    raise DomainError(_("Nobody has to begin later: there is nobody to come, or the gaps are long enough."))


def _written(late: Late, shift: Shift, *, by: Actor, now: datetime) -> Disruption:
    """With all whom it hits: those who cannot begin later have to move, the others are about to."""
    zone = late.place.tzinfo
    disruption = Disruption.objects.create(
        scope=DisruptionScope.RESOURCES,
        location=late.place,
        starts_at=now,
        ends_at=day_span(now.astimezone(zone).date(), zone).end,
        reason=late.reason,
        source=DisruptionSource.LATE,
        note=late.note,
        declared_at=now,
        declared_by=by.user,
        late_minutes=late.minutes,
    )
    disruption.resources.set(late.people)
    affected.add(disruption, [one.appointment for one in shift.lines], now=now)
    return disruption


def _move(line: Line, starts_at: datetime) -> PlannedMove:
    one, appointment = line.booking, line.appointment
    to = Slot(
        starts_at,
        starts_at + one.length,
        appointment.provider_id,
        tuple(sorted(one.resources)),
        outside_hours=line.outside_hours,
    )
    return PlannedMove(appointment, to, appointment.service, appointment.location, before=one.before, after=one.after)


def _move_back(disruption: Disruption, *, by: Actor, now: datetime) -> None:
    """Whatever nobody has moved elsewhere since goes back to where it was."""
    hit = disruption.affected.values("appointment")
    moved = AppointmentEvent.objects.filter(
        appointment__in=hit, kind=EventKind.MOVED, note=RUNNING_LATE, at=disruption.declared_at
    )
    before = {event.appointment_id: event for event in moved}
    moves = []
    for appointment in Appointment.objects.filter(pk__in=before).for_display().order_by("pk"):
        event = before[appointment.pk]
        if event.before and event.after and _moment(event.after, "starts_at") == appointment.starts_at:
            moves.append(_back(appointment, event.before))
    live = RescheduleRequest.objects.live().filter(appointment__in=hit, stands_by_itself=True)
    booking.move_many(moves, by=by, now=now, note=TAKEN_BACK, going_along=list(live))


def _back(appointment: Appointment, before: dict[str, Any]) -> PlannedMove:
    own = list(appointment.occupancies.filter(request__isnull=True))
    to = Slot(
        _moment(before, "starts_at"), _moment(before, "ends_at"), appointment.provider_id, tuple(before["resources"])
    )
    return PlannedMove(
        appointment,
        to,
        appointment.service,
        appointment.location,
        before=appointment.starts_at - min(row.starts_at for row in own),
        after=max(row.ends_at for row in own) - appointment.ends_at,
    )


def _moment(fact: dict[str, Any], name: str) -> datetime:
    """A moment of what history says of a time."""
    return datetime.fromisoformat(fact[name])


def _other_days(appointment: Appointment, *, now: datetime) -> list[Alternative]:
    """Free times from tomorrow on that this customer has not refused."""
    zone = appointment.location.tzinfo
    return find_alternatives(
        appointment,
        now=now,
        limit=OTHER_DAYS,
        excluding=wished.refused_by(appointment),
        not_before=day_span(now.astimezone(zone).date(), zone).end,
        outages=causes.out_of_reach_of(appointment),
    )
