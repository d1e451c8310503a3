"""A Monday on which Dr. Ratna runs late: who is booked, and what a colleague says of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from appointments.domain import actors
from appointments.domain.disruptions import late
from appointments.domain.disruptions.late import Late
from appointments.models import Appointment, Disruption
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory

TODAY = "2026-11-23"
SENT = NOW + minutes(1)
"""When the time to undo is over."""


def coming(melati: Clinic, *hours: str, **fields: Any) -> list[Appointment]:
    """One customer each, with the provider, today at these hours."""
    values = [{"customer": CustomerFactory(), **fields} for _hour in hours]
    return [melati.booked(f"{TODAY} {hour}", **each) for hour, each in zip(hours, values, strict=True)]


def room_is_taken(melati: Clinic) -> None:
    """By a colleague who is in time, from 10:30 to noon."""
    fields = {"provider": melati.colleague, "ends_at": at(f"{TODAY} 12:00")}
    melati.booked(f"{TODAY} 10:30", customer=CustomerFactory(), **fields)


def so_late(melati: Clinic, minutes: int = 40, **said: Any) -> Late:
    values = {"place": melati.location, "people": (melati.provider.pk,), "reason": melati.reason}
    return Late(**values, minutes=minutes, contact=melati.staff, **said)  # type: ignore[arg-type]


def declared(melati: Clinic, minutes: int = 40, *, now: datetime = NOW, **said: Any) -> Disruption:
    return late.declare(so_late(melati, minutes, **said), by=actors.staff(melati.staff), now=now)[0]


def begins(melati: Clinic, appointments: Sequence[Appointment]) -> list[str]:
    """What the clock of the place shows when each of them begins by now."""
    fresh = Appointment.objects.in_bulk([one.pk for one in appointments])
    return [f"{fresh[one.pk].starts_at.astimezone(melati.location.tzinfo):%H:%M}" for one in appointments]
