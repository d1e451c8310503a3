"""What is heard of a message after it left: the one door for receipts, whoever brings them.

A receipt never changes the words of a message and never moves its state back: SENT becomes DELIVERED, and either of
them BOUNCED, which is the last word. The same news again, or older news late, changes nothing and is told to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from notifications import channels, signals
from notifications.enums import ARRIVED, LEFT, MessageState, Outcome
from notifications.errors import StillOnItsWay
from notifications.models import DeliveryAttempt, Message
from notifications.text.cleaning import clean, one_line


def hear(channel: str, event: Mapping[str, Any], *, now: datetime) -> bool:
    """Let the channel read a provider's event and take it down. False for what is no news, or of no message of ours.

    Who sent the event has been checked by the door that it came in by. Raises StillOnItsWay.
    """
    notice = channels.get(channel).read_receipt(event)
    if notice is None:
        return False
    ours = Q(provider_ref=notice.ref) | Q(message_id=notice.ref) | Q(message_id=f"<{notice.ref}>")
    message = Message.objects.filter(ours, channel=channel).first()
    if message is None:
        return False
    if notice.outcome == Outcome.DELIVERED:
        return delivered(message, now=now)
    if notice.outcome == Outcome.REPLIED:
        return replied(message, words=notice.detail, now=now)
    heard = undeliverable if notice.outcome == Outcome.UNREACHABLE else bounced
    return heard(message, why=notice.detail, now=now)


def delivered(message: Message, *, now: datetime) -> bool:
    """It arrived. Whether that was news; raises StillOnItsWay, like the others."""
    with transaction.atomic():
        if not _moved(message, (MessageState.SENT,), MessageState.DELIVERED):
            return False
        _write_down(message, Outcome.DELIVERED, now=now)
        signals.message_delivered.send(sender=Message, message=message, now=now)
    return True


def bounced(message: Message, *, why: str, now: datetime) -> bool:
    """It came back: the person does not have it."""
    return _came_back(message, Outcome.BOUNCED, signals.message_bounced, why=why, now=now)


def undeliverable(message: Message, *, why: str, now: datetime) -> bool:
    """It came back, and nothing else will reach this address either."""
    return _came_back(message, Outcome.UNREACHABLE, signals.message_undeliverable, why=why, now=now)


def replied(message: Message, *, words: str, now: datetime) -> bool:
    """The person answered it. The same words to the same message count once."""
    said = clean(words).strip()
    with transaction.atomic():
        locked = Message.objects.select_for_update().filter(pk=message.pk, state__in=LEFT).first()
        if locked is None:
            return _none(message)
        known = locked.delivery_attempts.filter(outcome=Outcome.REPLIED, detail=said)
        if known.exists():
            return False
        _write_down(locked, Outcome.REPLIED, detail=said, now=now)
        signals.message_replied.send(sender=Message, message=locked, words=said, now=now)
    return True


def _came_back(message: Message, outcome: Outcome, signal: Signal, *, why: str, now: datetime) -> bool:
    reason = one_line(why, limit=500)
    with transaction.atomic():
        if not _moved(message, ARRIVED, MessageState.BOUNCED, why=reason):
            return False
        _write_down(message, outcome, detail=reason, now=now)
        signal.send(sender=Message, message=message, why=reason, now=now)
    return True


def _moved(message: Message, before: tuple[MessageState, ...], after: MessageState, **more: str) -> bool:
    """Claim, then act: of several who bring the same news one moves the state."""
    if Message.objects.filter(pk=message.pk, state__in=before).update(state=after, **more) != 1:
        return _none(message)
    message.refresh_from_db(fields=["state", "why", "sent_at"])
    return True


def _none(message: Message) -> bool:
    """No news; unless it is too early for any, because whoever sends has not written down yet that it left."""
    if Message.objects.filter(pk=message.pk, state=MessageState.SENDING).exists():
        raise StillOnItsWay
    return False


def _write_down(message: Message, outcome: Outcome, *, now: datetime, detail: str = "") -> None:
    DeliveryAttempt.objects.create(message=message, at=now, channel=message.channel, outcome=outcome, detail=detail)
