"""What is still needed, however old it is: whoever clears away leaves it alone."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments.enums import AppointmentState, CompensationState
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Compensation,
    Promise,
    RecoveryCase,
    RescheduleRequest,
)

HERE = OuterRef("pk")


def appointments(*, now: datetime) -> "QuerySet[Appointment]":
    """Those that are to come, or about which a round, a promise, a complaint or a code is open."""
    valid = Q(state=CompensationState.WAITING) | Q(state=CompensationState.ISSUED, valid_until__gte=now)
    return Appointment.objects.filter(
        Q(state=AppointmentState.BOOKED)
        | Exists(RescheduleRequest.objects.live().filter(appointment=HERE))
        | Exists(Promise.objects.open().filter(appointment=HERE))
        | Exists(RecoveryCase.objects.open().filter(appointment=HERE))
        | Exists(Compensation.objects.filter(valid, appointment=HERE))
    )


def at_rest_since(cutoff: datetime, *, now: datetime) -> "QuerySet[Appointment]":
    """Appointments that are over, about which nothing is open, and about which nothing has happened since `cutoff`."""
    lately = AppointmentEvent.objects.filter(appointment=HERE, at__gte=cutoff)
    over = Appointment.objects.filter(ends_at__lt=cutoff)
    return over.filter(~Exists(lately)).exclude(pk__in=appointments(now=now).values("pk"))
