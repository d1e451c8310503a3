"""Answering in writing what a customer told us: our words leave as a message, and the promise is kept."""

import hashlib
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import actors, promises
from appointments.domain.history import record
from appointments.domain.messages import announce
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import Business, Promise


def read_so_far(promise: Promise) -> str:
    """Names what the customer has told us until now: an answer is to that, and to nothing that came later."""
    return hashlib.sha256(promise.details.encode()).hexdigest()[:16]


def leaves_at(settled_at: datetime) -> datetime:
    """Whoever has written in anger, or to the wrong point, can take it back until then. One query."""
    return settled_at + timedelta(seconds=Business.current().undo_seconds)


def left_if_settled_by(now: datetime) -> datetime:
    """Whatever was settled until then has left `now`, as far as the clock says. One query."""
    return now - timedelta(seconds=Business.current().undo_seconds)


def can_be_taken_back(promise: Promise, *, now: datetime) -> bool:
    """As far as the clock says: whether our answer has not left yet."""
    is_answered = promise.kind == PromiseKind.REPLY and bool(promise.reply)
    return is_answered and promise.settled_at is not None and now < leaves_at(promise.settled_at)


@one_transaction
def take_back(promise: Promise, *, by: User, now: datetime) -> str | None:
    """Our answer has not left and does not: it is owed again, by the same hour. Returns its words, which the history
    keeps; None when it is too late for that, or the customer has been promised another answer since.
    """
    promise = promises.lock(promise)
    others = Promise.objects.open().filter(kind=PromiseKind.REPLY, appointment=promise.appointment_id)
    if not can_be_taken_back(promise, now=now) or others.exists():
        return None
    if not announce.take_back_reply(promise, now=now):
        return None
    words = promise.reply
    promises.reopen(promise)
    record(promise.appointment, EventKind.UNSENT, by=actors.staff(by), now=now, round_=promise.request, note=words)
    return words


@one_transaction
def reply(promise: Promise, words: str, *, to: str, by: User, now: datetime) -> None:
    """Sends `words` and settles the promise. The same words again are the same reply, sent once.

    `to`: what had been `read_so_far`. Raises `DomainError` when the customer has told us more since, and when the
    promise is of another kind or has been settled otherwise.
    """
    promise = promises.lock(promise)
    if promise.kind != PromiseKind.REPLY:
        raise DomainError(_("Only what a customer told us is answered in writing."))
    if promise.state != PromiseState.OPEN:
        if promise.reply == words:
            return
        raise DomainError(_("This promise has been settled already."))
    if to != read_so_far(promise):
        raise DomainError(_("The customer has told us more meanwhile. Please read it before you answer."))
    promise.reply = words
    promise.save(update_fields=["reply"])
    promises.keep(promise, how=noop("answered in writing"), by=actors.staff(by), now=now)
    announce.reply(promise, by=by, not_before=leaves_at(now), now=now)
    promises.leave_nobody_alone(promise.appointment, now=now)
