"""Phoning a customer: what was agreed becomes an answer, as if it had been tapped; what was not stays owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, promises
from appointments.domain.actors import Actor
from appointments.domain.history import in_source, record
from appointments.domain.messages import announce, recipients
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.domain.schedule.waking import must_be_an_hour_to_tell
from appointments.domain.transactions import one_transaction
from appointments.enums import CallOutcome, EventKind, PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import CallAttempt, Offer, Promise

NEEDS_ROUND = frozenset({CallOutcome.CHOSE, CallOutcome.OTHER_TIMES, CallOutcome.KEEP, CallOutcome.CANCEL})
ATTEMPTS = frozenset({CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER, CallOutcome.CALL_LATER})
"""Ways a call ends that keep no promise: what was said is still to be done."""
TRY_AGAIN_HOURS = 3
"""Open hours after which whom nobody reached is phoned again."""
TO_PHONE = frozenset({PromiseKind.ANSWER_OR_CALL, PromiseKind.CALL})
"""Promises that are about a call; others simply stay open when nobody was reached."""


@dataclass(frozen=True)
class Call:
    """One call as a colleague writes it down.

    `offer` for CHOSE, `wishes` for OTHER_TIMES, `later` for CALL_LATER; for WRONG_NUMBER `phone` (E.164) and `email`
    are another way to the customer, if somebody knows one.
    """

    outcome: CallOutcome
    note: str = ""
    offer: Offer | None = None
    wishes: Wishes | None = None
    later: datetime | None = None
    phone: str = ""
    email: str = ""


@one_transaction
def record_call(promise: Promise, call: Call, *, nonce: str, by: User, now: datetime) -> CallAttempt:
    """Writes the call down and does what was agreed. The same form again is the same call.

    Raises `DomainError` when the outcome does not fit, `SlotTaken` when the chosen time has just gone.
    """
    promise = promises.lock(promise)
    done = CallAttempt.objects.filter(nonce=nonce).first()
    if done is not None and done.promise_id == promise.pk:
        return done
    if done is not None:
        raise DomainError(_("This form belongs to another promise. Please open the page again."))
    if promise.state != PromiseState.OPEN:
        raise DomainError(_("This promise has been settled already."))
    attempt = CallAttempt.objects.create(
        promise=promise, at=now, by=by, outcome=call.outcome, note=call.note, nonce=nonce
    )
    actor = actors.staff(by)
    record(
        promise.appointment,
        EventKind.CALLED,
        by=actor,
        now=now,
        round_=promise.request,
        note=call.note,
    )
    if call.outcome == CallOutcome.NO_ANSWER:
        _nobody_answered(promise, attempt, by=actor, now=now)
    elif call.outcome == CallOutcome.WRONG_NUMBER:
        _wrong_number(promise, attempt, call, by=actor, now=now)
    elif call.outcome == CallOutcome.CALL_LATER:
        _call_later(promise, attempt, call, by=actor, now=now)
    else:
        promises.keep(promise, how=in_source(lambda: CallOutcome(call.outcome).label), by=actor, now=now)
        _do_what_was_agreed(promise, call, nonce=nonce, by=by, now=now)
    promises.leave_nobody_alone(promise.appointment, now=now)
    return attempt


def _do_what_was_agreed(promise: Promise, call: Call, *, nonce: str, by: User, now: datetime) -> None:
    if call.outcome not in NEEDS_ROUND:
        return
    round_ = promise.request
    if round_ is None:
        raise DomainError(_("There is no offer to answer. Propose new times instead."))
    common: dict[str, Any] = {"nonce": f"call.{nonce}", "now": now, "by": actors.staff(by), "recorded_by": by}
    if call.outcome == CallOutcome.CHOSE:
        if call.offer is None:
            raise DomainError(_("Choose the time that the customer wants."))
        answers.accept(call.offer, **common)
    elif call.outcome == CallOutcome.OTHER_TIMES:
        answers.ask_other_times(round_, wishes=call.wishes or Wishes(), words=call.note, **common)
    elif call.outcome == CallOutcome.KEEP:
        answers.keep(round_, **common)
    else:
        answers.cancel(round_, words=call.note, **common)


def _nobody_answered(promise: Promise, attempt: CallAttempt, *, by: Actor, now: datetime) -> None:
    """An attempt and no more: what we said is still to be done by the hour that we said.

    Where no second attempt fits before that hour, there is a new one, and the customer reads it and why at once. Whom
    we cannot write to knows only the old hour, so that one stands.
    """
    if promise.kind not in TO_PHONE or not recipients.can_be_written_to(promise.appointment):
        return
    again = promises.due_after(promise.appointment.location, hours=TRY_AGAIN_HOURS, now=now)
    if again > promise.due_at:
        why = in_source(lambda: CallOutcome.NO_ANSWER.label)
        promise = promises.put_off(promise, until=again, why=why, by=by, now=now)
    announce.not_reached(promise, attempt, now=now)


def _wrong_number(promise: Promise, attempt: CallAttempt, call: Call, *, by: Actor, now: datetime) -> None:
    """The number goes, so that nobody dials it again and no page promises a call to it; another one takes its place."""
    customer = promise.appointment.customer
    customer.phone = call.phone
    customer.email = call.email or customer.email
    customer.save(update_fields=["phone", "email"])
    if not call.phone:
        _nobody_answered(promise, attempt, by=by, now=now)


def _call_later(promise: Promise, attempt: CallAttempt, call: Call, *, by: Actor, now: datetime) -> None:
    """Agreed on the phone, and written to whom we can write to."""
    later = call.later
    if later is None or not now < later <= now + timedelta(days=14):
        raise DomainError(_("Say when to call again, within the next two weeks."))
    must_be_an_hour_to_tell(later, promise.appointment.location.tzinfo)
    why = in_source(lambda: CallOutcome.CALL_LATER.label)
    promise = promises.put_off(promise, until=later, why=why, by=by, now=now)
    if recipients.can_be_written_to(promise.appointment):
        announce.call_agreed(promise, attempt, now=now)
