"""Mail through a back-end that wants an object, such as one of Anymail's for a provider's API."""

from __future__ import annotations

import smtplib
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage as Mail
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.base import NoConnection, Outgoing, Permanent, Receipt, Sender, Temporary
from notifications.channels.email import envelope
from notifications.text.cleaning import one_line

OWN_HEADERS = frozenset({"from", "to", "subject", "reply-to", "mime-version", "content-type"})


class BackendSender(Sender):
    """The back-end that EMAIL_BACKEND names."""

    def __init__(self) -> None:
        self._backend: Any = None

    def send(self, outgoing: Outgoing) -> Receipt:
        message = as_django_message(outgoing.ready)
        try:
            if self._backend is None:
                self._backend = get_connection()
                self._backend.open()
            message.connection = self._backend
            message.send()
        except AnymailRecipientsRefused as error:
            raise Permanent(one_line(str(error), limit=500)) from error
        except AnymailAPIError as error:
            status = error.status_code or 0
            kind = Permanent if status in {400, 422} else Temporary
            raise kind(one_line(str(error), limit=500)) from error
        except (AnymailError, smtplib.SMTPException, ValueError) as error:
            raise Temporary(one_line(str(error), limit=500)) from error
        except OSError as error:
            self.close()
            raise NoConnection(one_line(str(error), limit=500)) from error
        ref = getattr(getattr(message, "anymail_status", None), "message_id", None)
        return Receipt(ref="" if ref is None else one_line(str(ref), limit=200))

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.close()


def as_django_message(ready: bytes) -> EmailMultiAlternatives:
    """The same mail as an object that back-ends of providers understand."""
    mail = message_from_bytes(ready, policy=policy.default)
    assert isinstance(mail, Mail)  # noqa: S101  policy.default always makes this class
    message = EmailMultiAlternatives(
        subject=mail["Subject"],
        body=_content(mail, "plain"),
        from_email=_person(mail, "From"),
        to=[_person(mail, "To")],
        reply_to=[_person(mail, "Reply-To")] if mail["Reply-To"] else None,
        headers={name: str(value) for name, value in mail.items() if name.lower() not in OWN_HEADERS},
    )
    html = _content(mail, "html")
    if html:
        message.attach_alternative(html, "text/html")
    for part in mail.walk():
        if part.get_content_type() == "text/calendar" and not part.get_filename():
            message.attach_alternative(part.get_content(), f"text/calendar; method={part.get_param('method')}")
    for part in mail.iter_attachments():
        method = part.get_param("method")
        mimetype = part.get_content_type() + (f"; method={method}" if method else "")
        message.attach(part.get_filename(), part.get_content(), mimetype)
    return message


def _content(mail: Mail, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _person(mail: Mail, header: str) -> str:
    name, address = envelope.read_person(mail, header)
    return str(Address(display_name=name, addr_spec=address))
