"""The same again: an appointment once more every so many weeks, at the same hour on the clock of its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from appointments.domain.diary.new import NewAppointment, slot_for, time_to_undo, write
from appointments.domain.messages import announce
from appointments.domain.messages.recipients import can_be_written_to
from appointments.domain.schedule.wallclock import shown_by_clock
from appointments.domain.transactions import one_transaction
from appointments.enums import Manner
from appointments.errors import DomainError
from appointments.models import Appointment
from appointments.models.appointment import MOST_BY_A_FORM

MOST_TIMES = MOST_BY_A_FORM - 1
"""Every week for half a year."""


@dataclass(frozen=True)
class Again:
    """One time more: as the clock of the place shows it, and when that is; or why it cannot be had."""

    shown: datetime
    starts_at: datetime | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Repeated:
    """What was booked, in the order of time, and what could not be."""

    booked: list[Appointment]
    failed: list[Again]


def times(appointment: Appointment, *, weeks: int, count: int) -> list[datetime]:
    """The next `count` times every so many `weeks`, as the clock of the place shows them."""
    first = appointment.starts_at.astimezone(appointment.location.tzinfo).replace(tzinfo=None, fold=0)
    return [first + timedelta(weeks=weeks * number) for number in range(1, count + 1)]


def look(appointment: Appointment, shown: Iterable[datetime], *, now: datetime) -> list[Again]:
    """Which of these times are free for the same person, without booking any."""
    return [_look(appointment, one, now=now) for one in shown]


def _look(appointment: Appointment, shown: datetime, *, now: datetime) -> Again:
    try:
        starts_at = shown_by_clock(shown, appointment.location.tzinfo)
    except (OverflowError, ValueError):
        return Again(shown, why_not=_("That hour does not exist on this day: the clocks go forward."))
    try:
        slot_for(_same(appointment, starts_at), now=now)
    except DomainError as error:
        return Again(shown, starts_at, error.for_colleagues)
    return Again(shown, starts_at)


@one_transaction
def repeat(
    appointment: Appointment, starts: Sequence[datetime], *, tells: bool, form: str, by: User, now: datetime
) -> Repeated:
    """Books the same at each of these times that is free, and confirms them in one message. The same `form` again is
    the same appointments, told once.
    """
    if given := list(Appointment.objects.of_form(form).for_display().order_by("starts_at", "pk")):
        return Repeated(given, [])
    booked, failed = [], []
    for number, starts_at in enumerate(sorted(set(starts))[:MOST_TIMES], start=1):
        wanted = _same(appointment, starts_at)
        try:
            with transaction.atomic():
                slot = slot_for(wanted, now=now)
                booked.append(write(wanted, slot, form=f"{form}.{number}", by=by, now=now))
        except DomainError as error:
            shown = starts_at.astimezone(appointment.location.tzinfo).replace(tzinfo=None)
            failed.append(Again(shown, starts_at, error.for_colleagues))
    if booked and tells and can_be_written_to(appointment):
        announce.booked(booked, by=by, not_before=now + time_to_undo(), now=now)
    return Repeated(booked, failed)


def _same(appointment: Appointment, starts_at: datetime) -> NewAppointment:
    """All that can stay, stays: also its own length and its way."""
    return NewAppointment(
        customer=appointment.customer,
        service=appointment.service,
        location=appointment.location,
        starts_at=starts_at,
        provider_id=appointment.provider_id,
        manner=Manner(appointment.manner),
        duration=appointment.duration,
        note=appointment.note,
    )
