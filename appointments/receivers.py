"""Doorbells: news of messages from the post office, handed on to whoever answers it; and that somebody came in."""

from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from appointments.client_address import client_address
from appointments.domain.messages import again, kinds
from appointments.domain.moving import undelivered
from appointments.domain.people import sessions
from notifications import signals
from notifications.models import Message
from notifications.text.values import Recipient


@receiver(signals.before_send)
def is_it_still_true(*, message: Message, now: datetime, **kwargs: Any) -> str | None:
    return kinds.why_stale(message.kind, message.true_if, now=now)


@receiver(signals.where_now)
def where_are_they_now(*, message: Message, **kwargs: Any) -> Recipient | None:
    return again.present_recipient(message)


@receiver(signals.write_again)
def write_it_again(*, message: Message, now: datetime, **kwargs: Any) -> Message | None:
    return again.tell_again(message, now=now)


@receiver(signals.message_bounced)
@receiver(signals.message_undeliverable)
def tell_by_another_way(*, message: Message, why: str, now: datetime, **kwargs: Any) -> None:
    if again.tell_by_another_way(message, now=now) is None:
        undelivered.phone_instead(message.true_if, kind=message.kind, why=why, now=now)


@receiver(signals.message_failed)
def somebody_must_phone(*, message: Message, why: str, now: datetime, **kwargs: Any) -> None:
    undelivered.phone_instead(message.true_if, kind=message.kind, why=why, now=now)


@receiver(signals.phone_needed)
def somebody_was_asked_to_phone(*, message: Message, script: str, now: datetime, **kwargs: Any) -> bool:
    """What a message says of itself is why it does not go as it was meant to: another way failed, or it was held."""
    facts, why = message.true_if, message.why
    return undelivered.phone_as_preferred(facts, kind=message.kind, script=script, now=now, why=why)


@receiver(user_logged_in)
def remember_where_they_came_in(*, request: HttpRequest, **kwargs: Any) -> None:
    """By whichever of the doors: the desk's, the admin's, an invitation."""
    device = request.META.get("HTTP_USER_AGENT", "")
    request.session[sessions.CAME] = sessions.arrival(
        address=client_address(request), device=device, now=timezone.now()
    )
