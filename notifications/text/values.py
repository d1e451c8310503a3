"""What a caller hands over the counter: to whom, and what goes with it. Plain values, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    worded: tuple[int, ...] = ()
    """The versions of the business's own wording that it was written with."""


EVERY = "every"
"""The kind of what all letters share: how they end."""


@dataclass(frozen=True)
class InForce:
    """What is worded otherwise than ours in one language: `parts` of the message alone, `shared` by all letters.
    `versions`: the rows that say so.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[int, ...] = ()

    @property
    def by_scope(self) -> dict[str, Mapping[str, str]]:
        """As the tag `worded` looks them up."""
        return {"": self.parts, EVERY: self.shared}
