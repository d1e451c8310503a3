"""What an answer leaves to a colleague: who owes the customer something because of it, and by when."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_noop as noop

from appointments.domain import promises, reaching
from appointments.domain.messages import announce
from appointments.enums import PromiseKind, RequestState
from appointments.models import Answer, RescheduleRequest


def due_of_call(round_: RescheduleRequest, reached: Collection[str], *, now: datetime) -> datetime:
    """By when we phone; never later than an hour that whoever stayed silent was told already."""
    appointment = round_.appointment
    usual, start = promises.usually_due(appointment.location, now=now), appointment.starts_at
    hour = reaching.due(appointment.location, reached, usual=usual, before=start if start > now else None, now=now)
    told = round_.promises.open().filter(kind=PromiseKind.ANSWER_OR_CALL, due_at__gt=now).first()
    return min(hour, told.due_at) if told and round_.expired_at else hour


def hand_to_us(
    round_: RescheduleRequest, kind: PromiseKind, answer: Answer, *, now: datetime, until: datetime | None = None
) -> None:
    """The round is with us from now on, and nobody waits for the customer any more; its offers stay takeable."""
    if round_.is_live:
        round_.state = RequestState.WITH_US
        round_.answered_at = round_.answered_at or now
        round_.save(update_fields=["state", "answered_at"])
        promises.release(round_, how=noop("the customer answered"), now=now, kinds=(PromiseKind.ANSWER_OR_CALL,))
        announce.take_back(round_, now=now, kinds=("nudge", "expiry"))
    owe_for(round_, kind, answer, now=now, until=until)


def owe_for(
    round_: RescheduleRequest, kind: PromiseKind, answer: Answer, *, now: datetime, until: datetime | None = None
) -> None:
    """`owner` of it is whom the customer knows; unless a colleague wrote the answer down, the customer reads of it."""
    promise = promises.owe(kind, round_, owner=round_.contact, details=answer.words, until=until, now=now)
    if answer.recorded_by_id is None:
        announce.acknowledge(answer, promise, now=now)
