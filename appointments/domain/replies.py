"""Answering in writing what a customer told us: our words leave as a message, and the promise is kept."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import actors, announce, booking, promises
from appointments.domain.transactions import one_transaction
from appointments.enums import PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import Promise


@one_transaction
def reply(promise: Promise, words: str, *, by: User, now: datetime) -> None:
    """Sends `words` and settles the promise. The same words again are the same reply, sent once.

    Raises `DomainError` when the promise is of another kind or has been settled otherwise.
    """
    booking.lock(promise.appointment)
    promise = Promise.objects.select_for_update(no_key=True, of=("self",)).for_display().get(pk=promise.pk)
    if promise.kind != PromiseKind.REPLY:
        raise DomainError(_("Only what a customer told us is answered in writing."))
    if promise.state != PromiseState.OPEN:
        if promise.reply == words:
            return
        raise DomainError(_("This promise has been settled already."))
    promise.reply = words
    promise.save(update_fields=["reply"])
    promises.keep(promise, how=noop("answered in writing"), by=actors.staff(by), now=now)
    announce.reply(promise, by=by, now=now)
