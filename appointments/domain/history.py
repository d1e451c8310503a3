"""Writing down what happened."""

from datetime import datetime
from typing import Any

from appointments.domain.actors import Actor
from appointments.enums import EventKind
from appointments.models import Appointment, AppointmentEvent, RescheduleRequest


def record(
    appointment: Appointment,
    kind: EventKind,
    *,
    by: Actor,
    now: datetime,
    request: RescheduleRequest | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> AppointmentEvent:
    """Adds one fact to the appointment's history, in the caller's transaction."""
    return AppointmentEvent.objects.create(
        appointment=appointment,
        request=request,
        at=now,
        kind=kind,
        actor_kind=by.kind,
        actor=by.user,
        before=before,
        after=after,
        note=note[:500],
    )
