"""Rendered text → the bytes of a mail. Written once when the message is queued, sent as they are.

The bytes lack only the Date, which with_date() puts in front at the moment of sending.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

from notifications.models import Message
from notifications.text.cleaning import clean, one_line
from notifications.text.values import Attachment, Rendered

CRLF = b"\r\n"
WITH_CRLF = compat32.clone(linesep="\r\n")


def build(message: Message, letter: Rendered) -> bytes:
    """A complete mail, CRLF line ends. `letter` is the copy with working links.

    Every header value passes one_line(), so nothing a person typed can begin a second header.
    """
    choices = [_text_part("plain", letter.text)]
    if letter.html:
        choices.append(_text_part("html", letter.html))
    choices += [_calendar_part(item) for item in message.files if item.method]
    mail: MIMEBase = choices[0] if len(choices) == 1 else MIMEMultipart("alternative", _subparts=choices)
    if message.files:
        mail = MIMEMultipart("mixed", _subparts=[mail, *(_file_part(item) for item in message.files)])
    for name, value in _headers(message, letter.subject):
        mail[name] = value
    return mail.as_bytes(policy=WITH_CRLF)


def with_date(mime: bytes, now: datetime) -> bytes:
    """The mail as it goes out `now`."""
    return b"Date: " + format_datetime(now).encode() + CRLF + mime


def sender() -> str:
    """The bare address that bounces go to."""
    return parseaddr(settings.MESSAGE_FROM)[1]


def read_person(mail: EmailMessage, header: str) -> tuple[str, str]:
    """Name and address in a header of ours, as they were before encoding.

    The standard parser keeps the blanks between the encoded words of a long name; by RFC 2047 they do not count.
    """
    raw = next((value for name, value in mail.raw_items() if name.lower() == header.lower()), "")
    name, address = parseaddr(" ".join(str(raw).split()))
    return clean(str(make_header(decode_header(name)))), clean(address)


def bare(address: str) -> str:
    """An address as SMTP wants it: no line ends, the domain in ASCII. Raises ValueError if that cannot be done."""
    local, at, domain = one_line(address).rpartition("@")
    if not (at and local and domain) or not local.isascii() or any(c in address for c in " <>,;\t"):
        raise ValueError(f"not an address: {address!r}")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise ValueError(f"not an address: {address!r}") from error


def is_address(text: str, *, named: bool = False) -> bool:
    """Whether mail can go to it; with `named` there may be a person's name before the address."""
    try:
        return bool(bare(parseaddr(one_line(text))[1] if named else text))
    except ValueError:
        return False


def _headers(message: Message, subject: str) -> Iterator[tuple[str, Any]]:
    own_name, own_address = parseaddr(settings.MESSAGE_FROM)
    from_name = message.context.get("from_name") or own_name
    yield "From", _person(str(from_name), own_address)
    yield "To", _person(message.to_name, bare(message.email))
    yield "Subject", _encoded(one_line(subject))
    yield "Message-ID", message.message_id
    yield "References", message.thread_id
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    yield "Content-Language", _token(message.language)
    for reply_to in (message.reply_to, settings.MESSAGE_REPLY_TO):
        if is_address(reply_to, named=True):
            name, address = parseaddr(one_line(reply_to))
            yield "Reply-To", _person(name, bare(address))
            break
    unsubscribe = message.context.get("unsubscribe_url")
    if unsubscribe:
        link = iri_to_uri(one_line(_unmarked(str(unsubscribe), message.secrets), limit=900))
        yield "List-Unsubscribe", f"<{link}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _unmarked(value: str, hidden: dict[str, str]) -> str:
    for name, secret in hidden.items():
        value = value.replace(f"[[{name}]]", secret)
    return value


def _encoded(value: str) -> Header:
    return Header(value, "us-ascii" if _plain(value) else "utf-8", header_name="Subject", maxlinelen=76)


def _plain(value: str) -> bool:
    return value.isascii() and "=?" not in value


def _person(name: str, address: str) -> str | Header:
    name = one_line(name, limit=100)
    if _plain(name):
        return formataddr((name, address))
    person = Header(name, "utf-8", header_name="Reply-To", maxlinelen=76)
    person.append(f"<{address}>", "us-ascii")
    return person


def _text_part(kind: str, text: str) -> MIMENonMultipart:
    """Quoted-printable, encoded by the interpreter: the library's own way through Python takes far longer."""
    part = MIMENonMultipart("text", kind, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(binascii.b2a_qp(f"{text.rstrip()}\n".encode(), istext=True).decode("ascii"))
    return part


def _calendar_part(item: Attachment) -> MIMENonMultipart:
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method=_token(item.method))
    return _with_content(part, item)


def _file_part(item: Attachment) -> MIMENonMultipart:
    filename = one_line(item.filename, limit=80).replace('"', "").replace("\\", "")
    safe = "".join(c if c.isascii() else "_" for c in filename) or "attachment"
    main, _slash, sub = item.mimetype.partition("/")
    method: dict[str, Any] = {"method": _token(item.method)} if item.method else {}
    part = MIMENonMultipart(_token(main), _token(sub), charset="utf-8", name=safe, **method)
    part.add_header("Content-Disposition", "attachment", filename=safe)
    return _with_content(part, item)


def _with_content(part: MIMENonMultipart, item: Attachment) -> MIMENonMultipart:
    part.set_payload(item.content.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    encode_base64(part)
    return part


def _token(value: str) -> str:
    """Only what may stand in a parameter without quotes."""
    return "".join(c for c in value if (c.isascii() and c.isalnum()) or c in "-_.+")
