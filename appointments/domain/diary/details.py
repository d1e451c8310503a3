"""What colleagues note of an appointment, and how long it takes, corrected without telling its customer anything."""

import hashlib
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, booking
from appointments.domain.history import in_source, record
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind
from appointments.errors import DomainError
from appointments.models import Appointment


def state_of(appointment: Appointment) -> str:
    """Changes whenever somebody corrects something."""
    said = f"{appointment.note}\0{appointment.starts_at.timestamp()}\0{appointment.ends_at.timestamp()}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@one_transaction
def correct(appointment: Appointment, *, note: str, length: timedelta, seen: str, by: User, now: datetime) -> bool:
    """Keeps what is new. Whether anything was.

    `seen`: `state_of` when the colleague began. Raises `DomainError` when somebody else was faster, and what
    `booking.change_length` raises.
    """
    appointment = booking.lock(appointment)
    if seen != state_of(appointment):
        raise DomainError(_("Somebody has changed this appointment since you opened the page. Please look again."))
    is_longer, is_noted = length != appointment.duration, note != appointment.note
    if is_longer:
        booking.change_length(appointment, ends_at=appointment.starts_at + length, by=actors.staff(by), now=now)
    if is_noted:
        appointment.note = note
        appointment.save(update_fields=["note"])
        said = in_source(lambda: Appointment._meta.get_field("note").verbose_name)
        record(appointment, EventKind.CORRECTED, by=actors.staff(by), now=now, note=said)
    return is_longer or is_noted
