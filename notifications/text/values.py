"""What a caller hands over the counter: to whom, and what goes with it. Plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """language: a code of LANGUAGES; zone: IANA name; phone: E.164; channels: preferred first, empty = any that has an
    address; ref: who it is for the caller, e.g. "customer:7"."""

    name: str
    language: str
    zone: str
    email: str = ""
    phone: str = ""
    channels: tuple[str, ...] = ()
    ref: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that travels with the message. `method` is the iTIP method ("REQUEST", "CANCEL") of a calendar file."""

    filename: str
    content: str
    mimetype: str = "text/calendar"
    method: str = ""


@dataclass(frozen=True)
class Form:
    """What a channel needs of a text. `texts` are the files that may hold it, the first that exists is used; a `letter`
    has a subject and, where somebody wrote one, a rich form. `channel` is its name for people."""

    channel: str
    texts: tuple[str, ...]
    letter: bool = False


@dataclass(frozen=True)
class Rendered:
    """A message as a person reads it. Channels without a subject or a rich form leave those empty."""

    subject: str
    text: str
    html: str = ""
