"""Phoning a customer: what was agreed becomes an answer, as if it had been tapped; what was not stays owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, promises
from appointments.domain.history import in_source, record
from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.domain.transactions import one_transaction
from appointments.enums import CallOutcome, EventKind, PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import Appointment, CallAttempt, Offer, Promise, RescheduleRequest

NEEDS_ROUND = frozenset({CallOutcome.CHOSE, CallOutcome.OTHER_TIMES, CallOutcome.KEEP, CallOutcome.CANCEL})
TRY_AGAIN_HOURS = 3
TO_PHONE = frozenset({PromiseKind.ANSWER_OR_CALL, PromiseKind.CALL})
"""Promises after which another call is owed when this one reached nobody; others simply stay open."""


@dataclass(frozen=True)
class Call:
    """One call as a colleague writes it down. `offer` for CHOSE, `wishes` for OTHER_TIMES, `later` for CALL_LATER."""

    outcome: CallOutcome
    note: str = ""
    offer: Offer | None = None
    wishes: Wishes | None = None
    later: datetime | None = None


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
    if call.outcome in (CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER):
        _try_again(promise, call, by=by, now=now)
    elif call.outcome == CallOutcome.CALL_LATER:
        _call_later(promise, call, by=by, now=now)
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
            raise DomainError(_("Choose which time the customer took."))
        answers.accept(call.offer, **common)
    elif call.outcome == CallOutcome.OTHER_TIMES:
        answers.ask_other_times(round_, wishes=call.wishes or Wishes(), words=call.note, **common)
    elif call.outcome == CallOutcome.KEEP:
        answers.keep(round_, **common)
    else:
        answers.cancel(round_, words=call.note, **common)


def _try_again(promise: Promise, call: Call, *, by: User, now: datetime) -> None:
    """We phoned as we said; nobody was there. So that promise is done and the next attempt is a new one."""
    if promise.kind not in TO_PHONE:
        return
    promises.keep(promise, how=in_source(lambda: CallOutcome(call.outcome).label), by=actors.staff(by), now=now)
    due_at = promises.due_after(promise.appointment.location, hours=TRY_AGAIN_HOURS, now=now)
    _owe_call(promise, call, due_at=due_at, by=by, now=now)


def _call_later(promise: Promise, call: Call, *, by: User, now: datetime) -> None:
    later = call.later
    if later is None or not now < later <= now + timedelta(days=14):
        raise DomainError(_("Say when to call again, within the next two weeks."))
    promises.keep(promise, how=in_source(lambda: CallOutcome.CALL_LATER.label), by=actors.staff(by), now=now)
    _owe_call(promise, call, due_at=later, by=by, now=now)


def _owe_call(promise: Promise, call: Call, *, due_at: datetime, by: User, now: datetime) -> None:
    about: RescheduleRequest | Appointment = promise.request or promise.appointment
    details = "\n".join(part for part in (promise.details, str(CallOutcome(call.outcome).label), call.note) if part)
    by_them = actors.staff(by)
    promises.owe(PromiseKind.CALL, about, owner=promise.owner, until=due_at, details=details, by=by_them, now=now)
