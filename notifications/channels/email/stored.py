"""The mail server that was typed on a page, where the environment names none: one file, which only its owner may read.

`reschedule.settings` reads it when a process begins; whoever looks after the processes starts them again once it has
changed. The password goes in and never comes out to a page.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

FILE = "mail.json"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
NONE, STARTTLS, TLS = "none", "starttls", "tls"
TIMEOUT = 15
"""Seconds that somebody waits in front of a page for what the server says."""


@dataclass(frozen=True)
class MailServer:
    """`sender` is the address from which messages come."""

    host: str
    port: int
    security: str
    username: str
    password: str
    sender: str


def file() -> Path:
    return Path(settings.DATA_DIR) / FILE


def is_ours_to_say() -> bool:
    """Whether what is stored counts: on one machine, and while the environment names no server."""
    return bool(settings.EMBEDDED and not settings.DEMO and not settings.MAIL_FROM_ENVIRONMENT)


def read() -> MailServer | None:
    found = file()
    return MailServer(**json.loads(found.read_text())) if found.is_file() else None


def write(server: MailServer) -> None:
    """The file appears complete or not at all, and nobody else may read it at any moment. Raises OSError."""
    unfinished = file().with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        json.dump(asdict(server), written)
    unfinished.replace(file())


def try_out(server: MailServer, *, to: str, subject: str, text: str) -> None:
    """One mail over exactly this server, without the outbox: whoever waits reads at once what it answers.

    Raises OSError, of which smtplib's exceptions are, with the server's own words.
    """
    connection = get_connection(
        SMTP,
        host=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.security == STARTTLS,
        use_ssl=server.security == TLS,
        timeout=TIMEOUT,
    )
    EmailMessage(subject, text, server.sender, [to], connection=connection).send()
