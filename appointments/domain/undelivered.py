"""When a message cannot reach a customer, a named colleague phones: nobody stays untold."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.domain import promises
from appointments.domain.actors import SYSTEM
from appointments.domain.history import record
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, PromiseKind, RequestState
from appointments.models import Appointment, RescheduleRequest

HOURS_TO_PHONE = 2
WORTH_A_CALL = frozenset({"offer", "nudge", "expiry", "confirmation", "kept", "cancellation", "acknowledgement"})
"""Reminders and questions afterwards are not worth disturbing anybody for."""


@one_transaction
def phone_instead(facts: dict[str, Any], *, kind: str, why: str, now: datetime) -> None:
    """Writes down that the customer could not be reached, and makes it somebody's task to phone."""
    if kind not in WORTH_A_CALL:
        return
    appointment = _appointment(facts)
    request = _round(facts, appointment)
    if request is None:
        return
    record(appointment, EventKind.UNREACHABLE, by=SYSTEM, now=now, request=request, note=why)
    _owe_a_call(appointment, request, details=_("Could not be delivered: %(why)s") % {"why": why}, now=now)


@one_transaction
def phone_as_preferred(facts: dict[str, Any], *, kind: str, now: datetime) -> bool:
    """The customer wants to be told by phone. True when a colleague has the task now."""
    appointment = _appointment(facts)
    request = _round(facts, appointment)
    if request is None or kind not in WORTH_A_CALL:
        return False
    _owe_a_call(appointment, request, details=_("Prefers to be told by phone."), now=now)
    return True


def _owe_a_call(appointment: Appointment, request: RescheduleRequest, *, details: str, now: datetime) -> None:
    promises.make(
        PromiseKind.CALL,
        appointment=appointment,
        request=request,
        owner=request.contact,
        details=details,
        due_at=promises.due_after(appointment.location, hours=HOURS_TO_PHONE, now=now),
        by=SYSTEM,
        now=now,
    )


def _appointment(facts: dict[str, Any]) -> Appointment:
    appointment: Appointment = Appointment.objects.for_display().get(pk=facts["appointment"])
    return appointment


def _round(facts: dict[str, Any], appointment: Appointment) -> RescheduleRequest | None:
    rounds = appointment.requests.exclude(state=RequestState.WITHDRAWN).order_by("-round")
    wanted = facts.get("request")
    return (rounds.filter(pk=wanted).first() if wanted else None) or rounds.first()
