"""A new appointment, as a colleague has agreed it with a customer: booked and confirmed, and taken back while nobody
was told.
"""

import secrets
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments.domain import actors, booking
from appointments.domain.history import in_source
from appointments.domain.messages import announce
from appointments.domain.messages.previews import Preview
from appointments.domain.messages.recipients import can_be_written_to
from appointments.domain.schedule.requirements import places_for
from appointments.domain.schedule.slots import Slot, slot_at
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind, Manner
from appointments.errors import DomainError, MoveRefused, SlotTaken
from appointments.models import Appointment, Business, Customer, Location, Service


@dataclass(frozen=True, kw_only=True)
class NewAppointment:
    """What was agreed. `customer`: saved with it, if new. `provider_id` None: whoever is free. `duration` None: as
    long as the service takes as a rule. `tells`: a confirmation goes out, where the customer can be written to, with
    the colleague's own line. `insists`: also outside the open hours.
    """

    customer: Customer
    service: Service
    location: Location
    starts_at: datetime
    provider_id: int | None = None
    manner: Manner = Manner.USUAL
    duration: timedelta | None = None
    note: str = ""
    tells: bool = True
    personal_note: str = ""
    insists: bool = False


class OutsideHours(DomainError):
    """Free, but outside the open hours: a colleague may insist."""


def book(wanted: NewAppointment, *, form: str, by: User, now: datetime) -> Appointment:
    """The new appointment. The same `form` again is the same appointment, told once.

    Raises `OutsideHours` where nobody insists, `SlotTaken` with what is in the way, and `DomainError` for a place or a
    way that the service does not know, a time that is past or that lies in what cannot take place.
    """
    try:
        return _book(wanted, form=form, by=by, now=now)
    except (IntegrityError, SlotTaken):
        # The same form, sent twice in one moment: the other one was faster.
        if (given := booked_by(form)) is not None:
            return given
        raise


@one_transaction
def as_told(wanted: NewAppointment, *, by: User, now: datetime) -> list[Preview]:
    """The confirmation that `book` would send; nothing is booked. Raises what `book` raises, and `CannotBeWritten`."""
    looked_at = replace(wanted, customer=deepcopy(wanted.customer), tells=False)
    booked = _book(looked_at, form=f"look:{secrets.token_urlsafe(16)}", by=by, now=now)
    letters = announce.booked_as_sent(booked, by=by, personal_note=wanted.personal_note)
    transaction.set_rollback(True)
    return letters


def booked_by(form: str) -> Appointment | None:
    """The first of what a form has booked."""
    first: Appointment | None = Appointment.objects.of_form(form).for_display().order_by("starts_at", "pk").first()
    return first


@one_transaction
def _book(wanted: NewAppointment, *, form: str, by: User, now: datetime) -> Appointment:
    if (given := booked_by(form)) is not None:
        return given
    slot = slot_for(wanted, now=now)
    if wanted.customer._state.adding:
        wanted.customer.save()
    appointment = write(wanted, slot, form=f"{form}.1", by=by, now=now)
    if wanted.tells and can_be_written_to(appointment):
        leaves = now + time_to_undo()
        announce.booked([appointment], by=by, not_before=leaves, personal_note=wanted.personal_note, now=now)
    return appointment


def write(wanted: NewAppointment, slot: Slot, *, form: str, by: User, now: datetime) -> Appointment:
    return booking.book(
        customer=wanted.customer,
        service=wanted.service,
        location=wanted.location,
        slot=slot,
        manner=wanted.manner,
        note=wanted.note,
        form=form,
        by=actors.staff(by),
        now=now,
    )


def slot_for(wanted: NewAppointment, *, now: datetime) -> Slot:
    """Who and what would do it then. Raises what `book` raises."""
    service, place = wanted.service, wanted.location
    if wanted.manner not in service.manners:
        raise DomainError(_("This service is not done that way."))
    is_at_home = wanted.manner == Manner.HOME or service.is_at_customer
    if is_at_home and not wanted.customer.address:
        raise DomainError(_("We do not know where the customer lives: write the address down first."))
    if place not in places_for(service):
        raise DomainError(_("This service is not done at that place."))
    ends_at = wanted.starts_at + (wanted.duration or service.duration)
    asked = Appointment(service=service, location=place, starts_at=wanted.starts_at, ends_at=ends_at)
    slot = slot_at(asked, starts_at=wanted.starts_at, provider_id=wanted.provider_id, now=now)
    if slot.outside_hours and not wanted.insists:
        raise OutsideHours(_("This lies outside the hours of who or what it needs."))
    return slot


def time_to_undo() -> timedelta:
    return timedelta(seconds=Business.current().undo_seconds)


def can_be_taken_back(appointment: Appointment, *, now: datetime) -> bool:
    """Whether it was booked at the desk just now: so long nothing has left. One query for what was."""
    if not appointment.is_booked_here or appointment.state != AppointmentState.BOOKED or appointment.sequence:
        return False
    return appointment.events.filter(kind=EventKind.BOOKED, at__gt=now - time_to_undo()).exists()


@one_transaction
def take_back(appointment: Appointment, *, by: User, now: datetime) -> list[Appointment]:
    """As if its form had not been sent: all that it booked is free again, and the customer hears nothing. The history
    keeps both. Returns what was taken back.

    Raises `MoveRefused` when the confirmation has left, or the time to undo is over.
    """
    appointment = booking.lock(appointment)
    if not can_be_taken_back(appointment, now=now) or not announce.take_back_booked(appointment, now=now):
        raise MoveRefused(_("It can no longer be undone. Cancel it, so that the customer hears of it."))
    standing = Appointment.objects.of_form(appointment.form).filter(state=AppointmentState.BOOKED, sequence=0)
    note = in_source(lambda: _("Taken back before anybody was told."))
    return [booking.cancel(one, by=actors.staff(by), now=now, note=note) for one in standing.order_by("pk")]
