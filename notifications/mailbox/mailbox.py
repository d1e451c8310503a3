"""The demo mailbox, seen from below: files in MAIL_DIR → mails that a page can show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from notifications.channels.email.envelope import read_person
from notifications.text.cleaning import clean

NAME = re.compile(r"(\d{8}T\d{6}\.\d{6})-[0-9a-f]{8}\.(eml|sms\.txt|whatsapp\.txt)")
SHOWN_HEADERS = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References"),
    *("Auto-Submitted", "List-Unsubscribe", "Content-Language"),
)


@dataclass(frozen=True)
class Summary:
    """One line of the list."""

    name: str
    at: datetime
    kind: str
    to_name: str
    to_address: str
    subject: str


@dataclass(frozen=True)
class File:
    """Something that came with a mail."""

    filename: str
    mimetype: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail or text message, taken apart."""

    summary: Summary
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    files: tuple[File, ...]


def newest(*, to: str = "", limit: int = 100) -> list[Summary]:
    """The newest first; with `to` only those to a person whose name or address contains it."""
    wanted = to.strip().casefold()
    found: list[Summary] = []
    for name in _names():
        summary = _summary(str(_folder()), name)
        if wanted in f"{summary.to_name} {summary.to_address}".casefold():
            found.append(summary)
        if len(found) == limit:
            break
    return found


def open_mail(name: str) -> Mail | None:
    """The mail of this file name, or None when there is none."""
    match = NAME.fullmatch(name)
    if match is None:
        return None
    try:
        content = (_folder() / name).read_bytes()
    except FileNotFoundError:
        return None
    summary = _summary(str(_folder()), name)
    parsed = _parse(content)
    if match[2] != "eml":
        head = tuple((header, str(value)) for header, value in parsed.items())
        return Mail(summary, head, clean(content.partition(b"\n\n")[2].decode(errors="replace")), "", ())
    return Mail(
        summary=summary,
        headers=tuple((header, clean(str(parsed[header]))) for header in SHOWN_HEADERS if parsed[header]),
        text=_content(parsed, "plain"),
        html=_content(parsed, "html"),
        files=tuple(_files(parsed)),
    )


def _folder() -> Path:
    return Path(settings.MAIL_DIR)


def _names() -> list[str]:
    """File names of finished mails, newest first; their names sort by time."""
    folder = _folder()
    if not folder.is_dir():
        return []
    return sorted((entry.name for entry in folder.iterdir() if NAME.fullmatch(entry.name)), reverse=True)


@lru_cache(maxsize=5000)
def _summary(folder: str, name: str) -> Summary:
    """Files never change, so each is looked into once."""
    match = NAME.fullmatch(name)
    assert match is not None  # noqa: S101  only called with names that fit
    with (Path(folder) / name).open("rb") as file:
        parsed = _parse(file.read(64 * 1024))
    text_message = match[2] != "eml"
    to_name, address = read_person(parsed, "To")
    body = str(parsed.get_payload() or "") if text_message else ""
    return Summary(
        name=name,
        at=datetime.strptime(match[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC),
        kind={"eml": "email", "sms.txt": "sms"}.get(match[2], "whatsapp"),
        to_name=to_name,
        to_address=address,
        subject=clean(str(parsed["Subject"] or "")) if not text_message else clean(" ".join(body.split()))[:120],
    )


def _parse(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)  # noqa: S101  policy.default always makes this class
    return parsed


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return clean(str(part.get_content())) if part is not None else ""


def _files(mail: EmailMessage) -> Iterator[File]:
    for number, part in enumerate(mail.iter_attachments(), start=1):
        content = part.get_content()
        data = content.encode() if isinstance(content, str) else bytes(content)
        yield File(part.get_filename() or f"file-{number}", part.get_content_type(), data)
