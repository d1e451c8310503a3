"""When a message cannot reach a customer, a named colleague phones: nobody stays untold."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from appointments.domain import booking, own_words, promises
from appointments.domain.actors import SYSTEM
from appointments.domain.colleagues import desk_colleagues
from appointments.domain.history import record
from appointments.domain.messages import kinds
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, PromiseKind, RequestState
from appointments.models import Appointment, Promise, RescheduleRequest

HOURS_TO_PHONE = 2


@one_transaction
def phone_instead(true_if: dict[str, Any], *, kind: str, why: str, now: datetime) -> None:
    """Writes down that the customer could not be reached, and makes it somebody's task to phone."""
    if not kinds.of(kind).worth_a_call or "appointment" not in true_if:
        return
    appointment = booking.lock(Appointment(pk=true_if["appointment"]))
    round_ = _round(true_if, appointment, kind)
    record(appointment, EventKind.UNREACHABLE, by=SYSTEM, now=now, round_=round_, note=why)
    details = own_words.NOT_DELIVERED % {"why": why}
    if kind == "reply":
        words = Promise.objects.values_list("reply", flat=True).get(pk=true_if["promise"])
        details, round_ = f"{details}\n\n{words}", None
    _owe_a_call(appointment, round_, details=details, now=now)


@one_transaction
def phone_as_preferred(true_if: dict[str, Any], *, kind: str, script: str, now: datetime, why: str = "") -> bool:
    """The customer wants to be told by phone, or is because of `why`. True when a colleague has the task now."""
    if not kinds.of(kind).worth_a_call or "appointment" not in true_if:
        return False
    appointment = booking.lock(Appointment(pk=true_if["appointment"]))
    round_ = _round(true_if, appointment, kind)
    if kind == "reply":
        round_ = None
    instead = own_words.BY_PHONE_INSTEAD % {"why": why} if why else ""
    details = instead or own_words.PREFERS_THE_PHONE if round_ else f"{instead}\n\n{script}".strip()
    _owe_a_call(appointment, round_, details=details, now=now)
    return True


def _owe_a_call(appointment: Appointment, round_: RescheduleRequest | None, *, details: str, now: datetime) -> None:
    """Without a round, as for our answer to what a customer told us, no choice of the customer makes it needless."""
    owner = round_.contact if round_ else _who_knows(appointment)
    if owner is None:
        return
    promises.owe(PromiseKind.CALL, round_ or appointment, owner=owner, hours=HOURS_TO_PHONE, details=details, now=now)


def _who_knows(appointment: Appointment) -> User | None:
    """The colleague who last had to do with it, else one from the desk."""
    last = appointment.events.filter(actor__is_active=True).select_related("actor").order_by("-at", "-pk").first()
    return (last.actor if last else None) or desk_colleagues().first()


def _round(true_if: dict[str, Any], appointment: Appointment, kind: str) -> RescheduleRequest | None:
    """The round that the message was about; one that was taken back only for the news that it was."""
    rounds = appointment.requests.select_related("contact").order_by("-round")
    if kind not in ("kept", "cancellation"):
        rounds = rounds.exclude(state=RequestState.WITHDRAWN)
    wanted = true_if.get("request")
    return (rounds.filter(pk=wanted).first() if wanted else None) or rounds.first()
