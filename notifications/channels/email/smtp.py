"""Ready bytes over one SMTP connection, mail after mail.

Every step waits at most SMTP_TIMEOUT, and a whole mail half as long again but never longer than the lease, so that
nobody else takes a mail over while it is still under way. What a broken connection means depends on the step: before
the content nothing was taken, after it the mail is perhaps sent.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.utils.translation import gettext as _

from notifications.channels.base import (
    NoConnection,
    Outgoing,
    Permanent,
    Receipt,
    Sender,
    Temporary,
    Uncertain,
    Unreachable,
)
from notifications.channels.email import envelope
from notifications.text.cleaning import one_line

STUFFING = re.compile(rb"(?m)^\.")
"""A line that begins with a dot gets a second one, so that it does not end the mail."""

BACKEND = "django.core.mail.backends.smtp.EmailBackend"

BROKEN = OSError
"""Time-outs, resets, and every exception of smtplib."""


class SmtpSender(Sender):
    def __init__(self) -> None:
        self._line: _Line | None = None

    def send(self, outgoing: Outgoing) -> Receipt:
        try:
            to = envelope.bare(outgoing.address)
        except ValueError as error:
            raise Unreachable(str(error)) from error
        outbox = settings.OUTBOX
        deadline = time.monotonic() + min(outbox["SMTP_TIMEOUT"] * 1.5, outbox["LEASE_SECONDS"] * 0.75)
        return self._send(outgoing.ready, to, deadline=deadline)

    def _send(self, ready: bytes, to: str, *, deadline: float) -> Receipt:
        used_before = self._line is not None
        line = self._open(deadline)
        try:
            self._ask_for_leave(line, to, size=len(ready))
        except BROKEN as error:
            self._drop()
            if not used_before:
                raise NoConnection(_words(error)) from error
            # The server hung up on an idle connection, as it may. A fresh one says whether it is really away.
            return self._send(ready, to, deadline=deadline)
        return self._content(line, ready)

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            try:
                line.limit(time.monotonic() + 2)
                line.quit()
            except (OSError, smtplib.SMTPException):
                line.close()

    def _open(self, deadline: float) -> _Line:
        if self._line is None:
            self._line = _connect(deadline)
        self._line.limit(deadline)
        return self._line

    def _ask_for_leave(self, line: _Line, to: str, *, size: int) -> None:
        """MAIL, RCPT and DATA, the first two in one go where the server bears it (RFC 2920)."""
        mail = f"MAIL FROM:<{envelope.sender()}>" + (f" SIZE={size}" if line.has_extn("size") else "")
        rcpt = f"RCPT TO:<{to}>"
        if line.has_extn("pipelining"):
            line.send(f"{mail}\r\n{rcpt}\r\n")
            taken, known = line.getreply(), line.getreply()
        else:
            taken = line.docmd(mail)
            known = line.docmd(rcpt) if taken[0] == 250 else taken
        # Our own address refused is nothing the recipient can help, so it is never final.
        if taken[0] != 250:
            raise self._refused(line, *taken, final=False)
        if known[0] not in (250, 251):
            raise self._refused(line, *known, final=known[0] >= 500)
        code, answer = line.docmd("data")
        if code != 354:
            raise self._refused(line, code, answer, final=code >= 500)

    def _content(self, line: _Line, ready: bytes) -> Receipt:
        try:
            line.send(STUFFING.sub(b"..", ready) + b".\r\n")
            code, answer = line.getreply()
        except BROKEN as error:
            self._drop()
            raise Uncertain(_words(error)) from error
        if code == 250:
            return Receipt(detail=_said(code, answer))
        if code == 421:
            self._drop()
            raise Temporary(_said(code, answer))
        raise self._refused(line, code, answer, final=code >= 500)

    def _refused(self, line: _Line, code: int, answer: bytes, *, final: bool) -> Temporary | Permanent:
        """Put the connection in order for the next mail and say what this one met.

        Raises SMTPServerDisconnected for 421: the server closes this connection and has said nothing about the mail.
        """
        if code == 421:
            raise smtplib.SMTPServerDisconnected(_said(code, answer))
        try:
            if line.rset()[0] != 250:
                self._drop()
        except BROKEN:
            self._drop()
        return Permanent(_said(code, answer)) if final else Temporary(_said(code, answer))

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class _Line(smtplib.SMTP):
    """A connection on which the time that is left bounds every answer."""

    deadline = float("inf")

    def limit(self, deadline: float) -> None:
        self.deadline = deadline

    def getreply(self) -> tuple[int, bytes]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server took too long altogether")
        if self.sock is not None:
            self.sock.settimeout(min(float(settings.OUTBOX["SMTP_TIMEOUT"]), left))
        return super().getreply()


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _connect(deadline: float) -> _Line:
    """Connected, encrypted and logged in as the settings say. Raises NoConnection."""
    options: dict[str, Any] = {"timeout": settings.OUTBOX["SMTP_TIMEOUT"], "local_hostname": DNS_NAME.get_fqdn()}
    line: _Line = _TlsLine(context=_tls(), **options) if settings.EMAIL_USE_SSL else _Line(**options)
    line.limit(deadline)
    try:
        code, answer = line.connect(settings.EMAIL_HOST, settings.EMAIL_PORT)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)
        if settings.EMAIL_USE_TLS:
            line.starttls(context=_tls())
        line.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER and settings.EMAIL_HOST_PASSWORD:
            line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BROKEN as error:
        line.close()
        raise NoConnection(_words(error)) from error
    return line


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.EMAIL_SSL_CERTFILE:
        context.load_cert_chain(settings.EMAIL_SSL_CERTFILE, settings.EMAIL_SSL_KEYFILE)
    return context


def _said(code: int, answer: bytes) -> str:
    return one_line(f"{code} {answer.decode(errors='replace')}", limit=500)


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        return _said(error.smtp_code, answer if isinstance(answer, bytes) else str(answer).encode())
    # smtplib says "unexpectedly closed" also when it only lost patience; the cause beneath tells them apart.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _("The mail server did not answer in time.")
    return one_line(_("The mail server cannot be reached: %(why)s") % {"why": error}, limit=500)
