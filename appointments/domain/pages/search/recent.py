"""What a colleague has opened lately: customers and appointments, the last one first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from appointments.models import Appointment, Customer
from appointments.models.appointment import AppointmentQuerySet

MOST = 8

Kind = Literal["appointment", "customer"]


@dataclass(frozen=True)
class Recent:
    """One of both."""

    customer: Customer | None = None
    appointment: Appointment | None = None


def opened(before: Sequence[Sequence[object]], kind: Kind, pk: int) -> list[list[object]]:
    """What is kept after this one was opened: each thing once, at most `MOST`."""
    latest: list[object] = [kind, pk]
    return [latest, *(list(one) for one in before if list(one) != latest)][:MOST]


def recent(
    kept: Sequence[Sequence[object]], *, appointments: AppointmentQuerySet, customers: QuerySet[Customer]
) -> list[Recent]:
    """Those of `kept` that the reader still may see, in the same order. Two queries."""
    booked = appointments.in_bulk([pk for kind, pk in kept if kind == "appointment"])
    known = customers.in_bulk([pk for kind, pk in kept if kind == "customer"])
    rows = [
        Recent(appointment=booked.get(pk)) if kind == "appointment" else Recent(customer=known.get(pk))
        for kind, pk in kept
    ]
    return [one for one in rows if one.appointment or one.customer]
