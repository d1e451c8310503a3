"""The ways out. A channel is available when something stands behind it; otherwise the next one is taken."""

from __future__ import annotations

from django.conf import settings

from notifications.channels import console, files
from notifications.channels.base import Courier
from notifications.channels.email import backend
from notifications.enums import Channel
from notifications.signals import phone_needed

TEXT_FILES = frozenset({Channel.SMS, Channel.WHATSAPP})
"""Kept as files by the embedded installation; there is no provider behind them otherwise."""


def available(channel: str) -> bool:
    """Whether a message can leave by this channel at all in this installation."""
    if channel in TEXT_FILES:
        return settings.EMAIL_BACKEND == files.BACKEND
    if channel == Channel.CALL:
        return phone_needed.has_listeners()
    return True


def courier_for(channel: str) -> Courier:
    """A new courier with no connection yet. Calls are no courier's work: they go to the call desk by signal."""
    if channel in TEXT_FILES:
        return files.TextFileCourier(suffix=f".{channel}.txt")
    if channel == Channel.CONSOLE:
        return console.ConsoleCourier()
    return backend.make_courier()


def lanes_for(channel: str) -> int:
    """How many couriers may be under way at once."""
    if channel == Channel.EMAIL and settings.EMAIL_BACKEND != files.BACKEND:
        return max(1, int(settings.OUTBOX["SMTP_CONNECTIONS"]))
    return 1
