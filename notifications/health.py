"""How the post office does, in a few figures for monitors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message, MessageQuerySet

STUCK_AFTER = timedelta(seconds=60)
"""While something has been due for so long and nothing left by the same channel, nothing leaves."""

MANY = 3
"""One or two addresses may be put off by their own servers; when the third one is, it is not the addresses."""

ITS_OWN_TROUBLE = (Outcome.LATER, Outcome.PERHAPS, Outcome.REFUSED, Outcome.UNREADABLE)
"""An answer about this one message: others may leave meanwhile."""


@dataclass(frozen=True)
class Condition:
    """`stuck` names the channels by which nothing leaves though something should."""

    oldest_due: timedelta
    last_success: datetime | None
    failed: int
    parked: int
    held: int
    stuck: tuple[str, ...]


def condition(*, now: datetime) -> Condition:
    """A message for later or for the morning is not late, and one that its own address keeps back is not a jam."""
    late = Message.objects.late(now, by=STUCK_AFTER)
    channels = sorted(late.order_by().values_list("channel", flat=True).distinct())
    return Condition(
        oldest_due=Message.objects.oldest_due_age(now),
        last_success=_last_success(),
        failed=Message.objects.filter(state=MessageState.FAILED).count(),
        parked=Message.objects.filter(state=MessageState.PARKED).count(),
        held=Message.objects.held().count(),
        stuck=tuple(channel for channel in channels if _nothing_leaves(late.filter(channel=channel), channel, now)),
    )


def _nothing_leaves(late: MessageQuerySet, channel: str, now: datetime) -> bool:
    success = _last_success(channel)
    if success and now - success < STUCK_AFTER:
        return False
    last = DeliveryAttempt.objects.filter(message=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    tried = late.annotate(last_outcome=Subquery(last))
    on_its_own = Q(last_outcome__in=ITS_OWN_TROUBLE)
    if tried.exclude(on_its_own, last_outcome__isnull=False).exists():
        return True
    since = Q(ripe_since__gt=success) if success else Q()
    return tried.filter(on_its_own, since)[:MANY].count() == MANY


def _last_success(channel: str = "") -> datetime | None:
    """When a message last left. Attempts are written in the order of time, so the newest is found from the end."""
    left = DeliveryAttempt.objects.filter(outcome=Outcome.SENT)
    if channel:
        left = left.filter(channel=channel)
    return left.order_by("-pk").values_list("at", flat=True).first()
