"""Mail by whatever EMAIL_BACKEND names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.channels import files
from notifications.channels.base import BaseChannel, Notice, Outgoing, Reachable, Sender
from notifications.channels.email import backend, envelope, smtp
from notifications.enums import Channel, Outcome
from notifications.text.cleaning import one_line
from notifications.text.values import Rendered

if TYPE_CHECKING:
    from notifications.models import Message

NEWS = {
    "delivered": Outcome.DELIVERED,
    "bounced": Outcome.BOUNCED,
    "failed": Outcome.BOUNCED,
    "rejected": Outcome.UNREACHABLE,
}
"""Anymail's names for what providers tell, as far as it concerns us."""


class EmailChannel(BaseChannel):
    name = Channel.EMAIL
    texts = ("email.txt",)
    letter = True
    silent = True

    def address(self, to: Reachable) -> str:
        return to.email

    def why_not(self, address: str) -> str:
        if envelope.is_address(address):
            return ""
        return _("“%(address)s” is not an e-mail address.") % {"address": address}

    def is_set_up(self) -> bool:
        return True

    def workers(self) -> int:
        return 1 if files.in_use() else max(1, int(settings.OUTBOX["SMTP_CONNECTIONS"]))

    def pack(self, message: Message, leaves: Rendered) -> bytes | None:
        return None if self.why_not(message.email) else envelope.build(message, leaves)

    def outgoing(self, message: Message, now: datetime) -> Outgoing:
        packed = super().outgoing(message, now)
        return replace(packed, ready=envelope.with_date(packed.ready, now))

    def sender(self) -> Sender:
        """SMTP and files take the ready bytes, other back-ends a message object."""
        if settings.EMAIL_BACKEND == smtp.BACKEND:
            return smtp.SmtpSender()
        if files.in_use():
            return files.MailFileSender()
        return backend.BackendSender()

    def read_receipt(self, event: Mapping[str, Any]) -> Notice | None:
        """An event as Anymail writes it down: event_type, message_id, description, mta_response."""
        outcome = NEWS.get(str(event.get("event_type", "")))
        ref = one_line(str(event.get("message_id") or ""), limit=200)
        if outcome is None or not ref:
            return None
        words = event.get("mta_response") or event.get("description") or ""
        return Notice(outcome, ref=ref, detail=one_line(str(words), limit=500))
