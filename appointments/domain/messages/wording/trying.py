"""A test to oneself: how a message reads in one's own mailbox."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.messages import announce
from appointments.domain.messages.wording import editing, samples, situations
from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import Business
from notifications.models import Message


@one_transaction
def send(
    kind: str, language: str, words: Mapping[str, str], *, to: User, now: datetime, situation: str = ""
) -> Message:
    """With an invented customer: nobody's hours lie in a colleague's mailbox. Raises `DomainError` for want of one."""
    if not to.email:
        raise DomainError(_("Your own account has no e-mail address to send the test to."))
    sent, tone = editing.shown_by(kind), Business.current().tone
    if situation := situations.known(sent, situation):
        one = situations.sample(sent, situation, language, tone=tone, now=now)
    else:
        one = samples.made_up(sent, language, tone=tone, now=now)
    return announce.try_words(sent, one.context, words, of=kind, to=to, language=language, now=now)
