"""Answering in writing what a customer told us: our words leave as a message, and the promise is kept."""

import hashlib
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import actors, promises
from appointments.domain.messages import announce
from appointments.domain.transactions import one_transaction
from appointments.enums import PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import Promise


def read_so_far(promise: Promise) -> str:
    """Names what the customer has told us until now: an answer is to that, and to nothing that came later."""
    return hashlib.sha256(promise.details.encode()).hexdigest()[:16]


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
    announce.reply(promise, by=by, now=now)
    promises.leave_nobody_alone(promise.appointment, now=now)
