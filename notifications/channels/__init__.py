"""The ways out, by name. A channel is one class; `contract.py` beside its tests says what it has to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from notifications.channels.base import BaseChannel, Reachable
from notifications.channels.call import CallChannel
from notifications.channels.console import ConsoleChannel
from notifications.channels.email.channel import EmailChannel
from notifications.channels.sms import SmsChannel
from notifications.channels.whatsapp import WhatsAppChannel

_registered: dict[str, BaseChannel] = {}


def register(channel: BaseChannel) -> None:
    """From now on messages can leave by it; another channel of the same name is replaced."""
    _registered[channel.name] = channel


def get(name: str) -> BaseChannel:
    """Raises LookupError for a name that nobody has registered."""
    return _registered[name]


def everyone() -> Iterable[BaseChannel]:
    """All of them, the quietest first."""
    return _registered.values()


def spoken() -> tuple[str, ...]:
    """The names of those in which a colleague speaks; of the others a message goes by itself."""
    return tuple(str(channel.name) for channel in everyone() if channel.spoken)


def order(wanted: Sequence[str], *, to: Reachable) -> tuple[str, ...]:
    """The person's channels, preferred first, without repeats and without those that have no address.

    Without a preference: every way that is offered and has an address, the quietest first.
    """
    names = wanted or [channel.name for channel in everyone() if channel.offered]
    return tuple(str(name) for name in dict.fromkeys(names) if get(name).address(to))


for _channel in (EmailChannel(), WhatsAppChannel(), SmsChannel(), CallChannel(), ConsoleChannel()):
    register(_channel)
