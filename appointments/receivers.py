"""Doorbells from the post office: news of messages, each handed on in one call."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from appointments.domain.messages import staleness
from appointments.domain.moving import undelivered
from notifications import signals
from notifications.models import Message


@receiver(signals.before_send)
def is_it_still_true(*, message: Message, now: datetime, **kwargs: Any) -> str | None:
    return staleness.why_stale(message.kind, message.facts, now=now)


@receiver(signals.message_failed)
def somebody_must_phone(*, message: Message, why: str, now: datetime, **kwargs: Any) -> None:
    undelivered.phone_instead(message.facts, kind=message.kind, why=why, now=now)


@receiver(signals.phone_needed)
def somebody_was_asked_to_phone(*, message: Message, script: str, now: datetime, **kwargs: Any) -> bool:
    return undelivered.phone_as_preferred(message.facts, kind=message.kind, script=script, now=now)
