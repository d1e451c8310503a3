"""Rendered text → the bytes of a mail. Written once when the message is queued, sent as they are.

The bytes lack only the Date, which with_date() puts in front at the moment of sending.
"""

from __future__ import annotations

import binascii
import secrets
from datetime import datetime
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.utils.encoding import iri_to_uri

from notifications.models import Message
from notifications.text.packing import clean, one_line
from notifications.text.values import Attachment, Rendered

CRLF = b"\r\n"


def build(message: Message, letter: Rendered) -> bytes:
    """A complete mail, CRLF line ends. `letter` is the copy with working links.

    Every header value passes one_line(), so nothing a person typed can begin a second header.
    """
    headers = _headers(message, letter.subject)
    plain = _text_part("text/plain", letter.text)
    choices = [plain]
    if letter.html:
        choices.append(_text_part("text/html", letter.html))
    choices += [_calendar_part(item) for item in message.files if item.method]
    body = plain if len(choices) == 1 else _multipart("alternative", choices)
    if message.attachments:
        body = _multipart("mixed", [body, *(_file_part(item) for item in message.files)])
    return CRLF.join(headers) + CRLF + body


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


def _headers(message: Message, subject: str) -> list[bytes]:
    own_name, own_address = parseaddr(settings.MESSAGE_FROM)
    from_name = message.context.get("from_name") or own_name
    lines = [
        _header("From", _person(str(from_name), own_address)),
        _header("To", _person(message.to_name, bare(message.email))),
        _header("Subject", _encoded(one_line(subject), "Subject")),
        _header("Message-ID", message.message_id),
        _header("References", message.thread_id),
        _header("Auto-Submitted", "auto-generated"),
        _header("X-Auto-Response-Suppress", "All"),
        _header("Content-Language", _token(message.language)),
        _header("MIME-Version", "1.0"),
    ]
    for reply_to in (message.reply_to, settings.MESSAGE_REPLY_TO):
        if is_address(reply_to, named=True):
            name, address = parseaddr(one_line(reply_to))
            lines.append(_header("Reply-To", _person(name, bare(address))))
            break
    unsubscribe = message.context.get("unsubscribe_url")
    if unsubscribe:
        link = iri_to_uri(one_line(_unmarked(str(unsubscribe), message.secrets), limit=900))
        lines.append(_header("List-Unsubscribe", f"<{link}>"))
        lines.append(_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return lines


def _unmarked(value: str, hidden: dict[str, str]) -> str:
    for name, secret in hidden.items():
        value = value.replace(f"[[{name}]]", secret)
    return value


def _header(name: str, value: str) -> bytes:
    return f"{name}: {value}".encode("ascii")


def _encoded(value: str, name: str) -> str:
    plain = value.isascii() and "=?" not in value
    return Header(value, "us-ascii" if plain else "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _person(name: str, address: str) -> str:
    name = one_line(name, limit=100)
    if not name:
        return address
    if name.isascii() and "=?" not in name:
        return formataddr((name, address))
    return f"{Header(name, 'utf-8', header_name='To', maxlinelen=76).encode(linesep=chr(13) + chr(10))} <{address}>"


def _text_part(content_type: str, text: str, *, parameters: str = "") -> bytes:
    body = text.rstrip("\n").replace("\n", "\r\n").encode() + CRLF
    head = f'Content-Type: {content_type}; charset="utf-8"{parameters}\r\nContent-Transfer-Encoding: quoted-printable'
    return head.encode("ascii") + CRLF + CRLF + binascii.b2a_qp(body, istext=True)


def _calendar_part(item: Attachment) -> bytes:
    return _base64_part(item, f'text/calendar; charset="utf-8"; method={_token(item.method)}', "")


def _file_part(item: Attachment) -> bytes:
    filename = one_line(item.filename, limit=80).replace('"', "").replace("\\", "")
    safe = "".join(c if c.isascii() else "_" for c in filename) or "attachment"
    kind = f'{_token(item.mimetype, also="/")}; charset="utf-8"; name="{safe}"'
    if item.method:
        kind += f"; method={_token(item.method)}"
    return _base64_part(item, kind, f'Content-Disposition: attachment; filename="{safe}"\r\n')


def _base64_part(item: Attachment, content_type: str, more: str) -> bytes:
    data = item.content.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    rows = [binascii.b2a_base64(data[at : at + 57], newline=False) for at in range(0, len(data), 57)]
    head = f"Content-Type: {content_type}\r\n{more}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + CRLF.join(rows) + CRLF


def _token(value: str, *, also: str = "") -> str:
    """Only what may stand in a parameter without quotes."""
    return "".join(c for c in value if (c.isascii() and c.isalnum()) or c in f"-_.+{also}")


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    boundary = f"=_{secrets.token_hex(12)}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary.decode()}"'.encode()
    inner = b"".join(CRLF + b"--" + boundary + CRLF + part for part in parts)
    return head + CRLF + inner + CRLF + b"--" + boundary + b"--" + CRLF
