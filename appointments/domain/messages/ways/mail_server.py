"""The mail server as managers say it: what is stored, and trying it out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.errors import DomainError
from appointments.models.staff.audit import MAIL_SERVER
from notifications.channels.email import stored
from notifications.channels.email.stored import NONE, STARTTLS, TLS, MailServer
from notifications.text.cleaning import one_line

__all__ = ["NONE", "STARTTLS", "TLS", "MailServer", "is_ours_to_say", "is_said", "read", "server", "store", "try_out"]

is_ours_to_say, read = stored.is_ours_to_say, stored.read


def is_said() -> bool:
    """Whether there is any: otherwise messages are kept as files, and nobody gets them."""
    return bool(settings.EMAIL_URL or settings.EMAIL_PROVIDER or (is_ours_to_say() and read()))


def server(said: dict[str, Any]) -> MailServer:
    """What was typed; a password that was left empty is the one that is stored, for the same server and name."""
    before = read()
    password = said["password"]
    if not password and before and (before.host, before.username) == (said["host"], said["username"]):
        password = before.password
    return MailServer(said["host"], said["port"], said["security"], said["username"], password, said["sender"])


@one_transaction
def store(found: MailServer, *, by: Actor, now: datetime) -> None:
    """It is used once the processes have begun anew, a few seconds later."""
    before = read()
    said = asdict(found)
    was = asdict(before) if before else {}
    audit.record(AuditAction.CHANGED, by=by, now=now, noun=MAIL_SERVER, name=found.host, before=was, after=said)
    stored.write(found)


def try_out(found: MailServer, *, to: str, business: str) -> None:
    """Raises DomainError with what the server says."""
    subject = _("A test from %(business)s") % {"business": business}
    text = _("This came through the mail server that you have set up. Messages to customers take the same way.")
    try:
        stored.try_out(found, to=to, subject=subject, text=text)
    except (OSError, ValueError) as error:
        why = one_line(str(error), limit=300)
        raise DomainError(_("The test did not leave: %(why)s") % {"why": why}) from error
