"""Writing down what happened."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from appointments.domain import prepared
from appointments.domain.actors import Actor
from appointments.enums import EventKind
from appointments.models import Appointment, AppointmentEvent, RescheduleRequest


def in_source(label: Callable[[], object]) -> str:
    """A label as the source writes it. Stored so, it is translated for each reader and not for the writer."""
    with translation.override(None):
        return str(label())


def record(
    appointment: Appointment,
    kind: EventKind,
    *,
    by: Actor,
    now: datetime,
    round_: RescheduleRequest | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> AppointmentEvent:
    """Adds one fact to the appointment's history, in the caller's transaction."""
    event = fact(appointment, kind, by=by, now=now, round_=round_, before=before, after=after, note=note)
    event.save(force_insert=True)
    return event


def fact(
    appointment: Appointment,
    kind: EventKind,
    *,
    by: Actor,
    now: datetime,
    round_: RescheduleRequest | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> AppointmentEvent:
    """The same, not saved yet: for facts that are written together."""
    return AppointmentEvent(
        appointment=appointment,
        request=round_,
        at=now,
        kind=kind,
        actor_kind=by.kind,
        actor=by.user,
        before=before,
        after=after,
        note=note[:500],
    )


def write(facts: Sequence[AppointmentEvent]) -> None:
    """Adds facts that belong together, in the order in which they are read later."""
    prepared.insert(facts)
