"""Short ways to a booking in the factories' clinic."""

from datetime import datetime
from typing import Any

from appointments.domain import actors, booking
from appointments.domain.schedule.slots import Slot
from appointments.models import Appointment
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory


def slot(melati: Clinic, start: str, *, room: Any = None, provider: Any = None) -> Slot:
    provider, room = provider or melati.provider, room or melati.room
    return Slot(at(start), at(start) + minutes(30), provider.pk, (provider.pk, room.pk))


def book(melati: Clinic, start: str, *, now: datetime = NOW, **options: Any) -> Appointment:
    booked: Appointment = booking.book(
        customer=CustomerFactory(), service=melati.service, location=melati.location, slot=slot(melati, start),
        by=actors.staff(melati.staff), now=now, **options,
    )  # fmt: skip
    return booked


def occupied(appointment: Appointment) -> list[tuple[int, datetime, datetime]]:
    rows = appointment.occupancies.order_by("resource_id")
    return list(rows.values_list("resource_id", "starts_at", "ends_at"))
