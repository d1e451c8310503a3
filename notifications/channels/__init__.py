"""The ways out. A channel is available when something stands behind it; otherwise the next one is taken."""

from __future__ import annotations

from django.conf import settings

from notifications.channels import console, files
from notifications.channels.base import Sender
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


def sender_for(channel: str) -> Sender:
    """A new sender with no connection yet. Calls need none: they go to the call desk by signal."""
    if channel in TEXT_FILES:
        return files.TextFileSender(suffix=f".{channel}.txt")
    if channel == Channel.CONSOLE:
        return console.ConsoleSender()
    return backend.make_sender()


def workers_for(channel: str) -> int:
    """How many workers may be under way at once."""
    if channel == Channel.EMAIL and settings.EMAIL_BACKEND != files.BACKEND:
        return max(1, int(settings.OUTBOX["SMTP_CONNECTIONS"]))
    return 1
