"""What every way out has in common: a message goes in, a receipt or one of four kinds of trouble comes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True)
class Outgoing:
    """One message, ready to go. `ready` is the complete mail or, for other channels, the text in UTF-8."""

    pk: int
    message_id: str
    name: str
    email: str
    phone: str
    ready: bytes


@dataclass(frozen=True)
class Receipt:
    """The other side took it. ref is its own name for the message, detail what it answered."""

    ref: str = ""
    detail: str = ""


class Trouble(Exception):
    """The message did not certainly leave; the text says what happened."""


class Temporary(Trouble):
    """May work later."""


class Uncertain(Temporary):
    """The other side had the whole message when it fell silent: perhaps sent."""


class NoConnection(Temporary):
    """The other side could not be reached at all: nothing to do with this message."""


class Permanent(Trouble):
    """Will never work for this address or this content."""


class Unreachable(Permanent):
    """This channel has no way to this person."""


class Sender(ABC):
    """Sends messages one after the other, keeping its connection in between. Used by one thread at a time."""

    @abstractmethod
    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand the message over. Raises Trouble."""

    @abstractmethod
    def close(self) -> None:
        """Hang up. Never raises; safe to call twice, and to use again."""
