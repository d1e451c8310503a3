"""A customer who does not answer: reminded twice, then phoned. Silence is never an end, unless their time stands."""

from datetime import datetime

from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, promises
from appointments.domain.actors import SYSTEM
from appointments.domain.history import record
from appointments.domain.messages import announce
from appointments.domain.moving.rounds import HOURS_TO_CALL, end, lock_round
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, PromiseKind, RequestState
from appointments.models import RescheduleRequest

FIRST_NUDGE, SECOND_NUDGE = 0.5, 0.8
"""The parts of the time to answer after which a customer is reminded."""


@one_transaction
def nudge(round_: RescheduleRequest, *, turn: int, now: datetime) -> bool:
    """Reminds the customer to answer, once per `turn`. False when somebody was faster."""
    waiting = RescheduleRequest.objects.filter(pk=round_.pk, state=RequestState.OPEN, nudges=turn - 1)
    if waiting.update(nudges=turn) != 1:
        return False
    announce.nudge(round_, turn=turn, now=now)
    record(round_.appointment, EventKind.NUDGED, by=SYSTEM, now=now, round_=round_)
    return True


@one_transaction
def expire(round_: RescheduleRequest, *, now: datetime) -> bool:
    """The time to answer has passed: now we owe a call, the customer is told so. False when somebody was faster."""
    round_ = lock_round(round_)
    if round_.state != RequestState.OPEN or now < round_.respond_by:
        return False
    booking.release_holds(round_)
    round_.state, round_.expired_at = RequestState.WITH_US, now
    call_by = max(round_.call_by, promises.due_after(round_.appointment.location, hours=HOURS_TO_CALL, now=now))
    round_.save(update_fields=["state", "expired_at"])
    record(round_.appointment, EventKind.EXPIRED, by=SYSTEM, now=now, round_=round_)
    promise = round_.promises.open().filter(kind=PromiseKind.ANSWER_OR_CALL).select_related("owner").first()
    if promise is None or promise.due_at <= now:
        if promise is not None:
            promises.keep(promise, how=noop("its hour passed while nothing ran"), by=SYSTEM, now=now)
        promise = promises.owe(PromiseKind.CALL, round_, owner=round_.contact, until=call_by, now=now)
    announce.expired(round_, promise=promise, now=now)
    return True


@one_transaction
def let_stand(round_: RescheduleRequest, *, now: datetime) -> bool:
    """A time that stands without an answer has come: nothing is left to say. False when somebody was faster."""
    round_ = lock_round(round_)
    if not round_.stands or now < round_.respond_by:
        return False
    end(round_, RequestState.KEPT, how=noop("the time stands"), now=now)
    return True


def chase_answers(*, now: datetime) -> int:
    """Nudges at half the time and again near its end, expires what is over, ends what stands by itself. Safe to run
    twice or never.

    Of several that one message told of, the reminder of the first speaks of all while that one waits.
    """
    touched = 0
    opened = RescheduleRequest.objects.filter(state=RequestState.OPEN, undo_until__lte=now).for_display()
    to_remind = opened.filter(stands_by_itself=False, respond_by__gt=now, nudges__lt=2)
    for round_ in to_remind.exclude(told_with__state=RequestState.OPEN):
        passed = (now - round_.opened_at) / (round_.respond_by - round_.opened_at)
        turn = round_.nudges + 1
        if passed >= (FIRST_NUDGE if turn == 1 else SECOND_NUDGE):
            touched += nudge(round_, turn=turn, now=now)
    for round_ in opened.filter(respond_by__lte=now):
        touched += let_stand(round_, now=now) if round_.stands else expire(round_, now=now)
    return touched
