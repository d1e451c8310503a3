"""Messages kept as files in MAIL_DIR: the embedded installation's mail server, readable in the demo mailbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications.channels.base import Outgoing, Receipt, Sender, Temporary

BACKEND = "notifications.channels.files.EmailBackend"


def keep(content: bytes, *, suffix: str) -> Path:
    """Write a new file whose name sorts by time. It appears complete or not at all. Raises OSError."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}{suffix}"
    unfinished = folder / f".{name}.part"
    unfinished.write_bytes(content)
    return unfinished.replace(folder / name)


def in_use() -> bool:
    """Whether this installation keeps its messages as files."""
    return bool(settings.EMAIL_BACKEND == BACKEND)


class MailFileSender(Sender):
    """One .eml per mail."""

    def send(self, outgoing: Outgoing) -> Receipt:
        return Receipt(detail=_keep(outgoing.ready, ".eml"))

    def close(self) -> None:
        """Nothing is open."""


class TextFileSender(Sender):
    """One text file per short message: a To line, an empty line, the text."""

    def __init__(self, *, suffix: str) -> None:
        self.suffix = suffix

    def send(self, outgoing: Outgoing) -> Receipt:
        head = f"To: {outgoing.name} <{outgoing.address}>\nMessage-ID: {outgoing.message_id}\n\n"
        return Receipt(detail=_keep(head.encode() + outgoing.ready, self.suffix))

    def close(self) -> None:
        """Nothing is open."""


def _keep(content: bytes, suffix: str) -> str:
    try:
        return keep(content, suffix=suffix).name
    except OSError as error:
        raise Temporary(f"The mail folder cannot be written: {error.strerror}") from error


class EmailBackend(BaseEmailBackend):
    """For mail that Django itself sends, such as a new password: it lies in the same folder."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes(), suffix=".eml")
        return len(email_messages)
