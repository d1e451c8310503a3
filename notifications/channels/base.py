"""What every channel has in common: it answers for itself, and sends with a receipt or one of four kinds of trouble."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from notifications.enums import Channel, Outcome
from notifications.text.values import Form, Rendered

if TYPE_CHECKING:
    from notifications.models import Message


class Reachable(Protocol):
    """A recipient or a message: somebody with addresses."""

    @property
    def email(self) -> str: ...

    @property
    def phone(self) -> str: ...


@dataclass(frozen=True)
class Outgoing:
    """One message, ready to go. `ready` is the complete mail or, for other channels, the text in UTF-8."""

    pk: int
    message_id: str
    name: str
    address: str
    ready: bytes


@dataclass(frozen=True)
class Receipt:
    """The other side took it. ref is its own name for the message, detail what it answered."""

    ref: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Notice:
    """What the other side says later about a message that it took under `ref`, its own name or the Message-ID."""

    outcome: Outcome
    ref: str
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


class BaseChannel(ABC):
    """One way to people. Whatever differs from channel to channel is asked here, and nobody compares names."""

    name: ClassVar[Channel]
    texts: ClassVar[tuple[str, ...]]
    """The files that may hold its text; the first that exists is used."""
    letter: ClassVar[bool] = False
    """Whether it has a subject and, where somebody wrote one, a rich form."""
    silent: ClassVar[bool] = False
    """Whether it wakes nobody up, so that it may be used at night."""
    offered: ClassVar[bool] = True
    """Whether it is taken for people who have not said how they want to be told."""
    spoken: ClassVar[bool] = False
    """Whether a colleague says it: it goes to the call desk by the signal phone_needed, and no worker sends it."""

    @property
    def label(self) -> str:
        return str(self.name.label)

    @property
    def form(self) -> Form:
        return Form(channel=self.label, texts=self.texts, letter=self.letter)

    @abstractmethod
    def address(self, to: Reachable) -> str:
        """Where it reaches this person; "" when it cannot."""

    @abstractmethod
    def why_not(self, address: str) -> str:
        """Why nothing can go to this address, in words for staff; "" when something can."""

    @abstractmethod
    def is_set_up(self) -> bool:
        """Whether something stands behind it in this installation. Otherwise the next channel is taken."""

    def workers(self) -> int:
        """How many messages may be under way at once."""
        return 1

    def pack(self, message: Message, leaves: Rendered) -> bytes | None:
        """The bytes that will leave, made of the copy with working links. None while there is nowhere to go."""
        return leaves.text.encode()

    def outgoing(self, message: Message, now: datetime) -> Outgoing:
        """The packed message as it leaves `now`."""
        return Outgoing(
            pk=message.pk,
            message_id=message.message_id,
            name=message.to_name,
            address=self.address(message),
            ready=bytes(message.mime or b""),
        )

    def sender(self) -> Sender:
        """A new sender with no connection yet. Raises LookupError for a channel that is spoken."""
        raise LookupError(f"nothing is sent by {self.name}")

    def read_receipt(self, event: Mapping[str, Any]) -> Notice | None:
        """What a provider's event means, or None when it is no news: an open or a click is no proof of a reader."""
        return None
