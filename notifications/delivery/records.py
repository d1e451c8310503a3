"""What the database says about messages on their way. Every change is a compare-and-swap on state and lease: who
comes too late changes nothing. No network in here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from notifications import channels, signals
from notifications.channels.base import Receipt
from notifications.delivery import statements
from notifications.enums import MessageState, Outcome, Urgency
from notifications.models import RIPE_SINCE, DeliveryAttempt, Message, MessageQuerySet
from notifications.text import rendering

log = logging.getLogger(__name__)

FREE: dict[str, Any] = {"leased_until": None, "leased_by": ""}
GONE: dict[str, Any] = FREE | {"secrets": {}, "mime": None}
"""For a message that never leaves again: its links and bytes are wiped with the lease."""

RETRY_AFTER_DEAF_EARS = timedelta(minutes=5)

HOLD = timedelta(seconds=15)
"""How long a message in hand is kept from others while it waits; whoever holds it says so again in time."""


@dataclass(frozen=True)
class Sent:
    message: Message
    receipt: Receipt
    seconds: float


class Records:
    """The books of one run, kept under one token that no other run shares."""

    def __init__(self, *, token: str, lease: timedelta) -> None:
        """lease: how long a message may be on its way before it counts as abandoned."""
        self.token = token
        self.lease = lease
        self.hold = min(HOLD, lease)
        self._unheard: list[int] = []

    # Taking messages in hand.

    def recover(self, now: datetime, *, limit: int) -> int:
        """Put back what somebody carried and never reported: perhaps sent, to go out again under its Message-ID."""
        with transaction.atomic():
            lost = list(
                Message.objects.abandoned(now).select_for_update(skip_locked=True).only("pk", "channel")[:limit]
            )
            if not lost:
                return 0
            Message.objects.abandoned(now).filter(pk__in=[m.pk for m in lost]).update(
                state=MessageState.QUEUED,
                perhaps_sent=True,
                attempts=F("attempts") + 1,
                due_at=now,
                first_due_at=RIPE_SINCE,
                **FREE,
            )
            detail = _("The process that carried it ended before it could say what happened.")
            DeliveryAttempt.objects.bulk_create(
                DeliveryAttempt(message=m, at=now, channel=m.channel, outcome=Outcome.PERHAPS, detail=detail)
                for m in lost
            )
        return len(lost)

    def reserve(self, now: datetime, *, limit: int) -> list[Message]:
        """Up to `limit` due messages that are now in our hands, the most urgent and longest-waiting first.

        To be asked again when the database went away before it answered: what it had given us already counts.
        """
        hurry = Case(When(urgency=Urgency.NOW, then=Value(0)), default=Value(1))
        self._put_back_unheard()
        with transaction.atomic():
            due = Message.objects.due(now).order_by(hurry, "due_at", "pk")
            chosen = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
            if not chosen:
                return []
            self._unheard = chosen
            Message.objects.due(now).filter(pk__in=chosen).update(leased_until=now + self.hold, leased_by=self.token)
        mine = Message.objects.filter(pk__in=chosen, leased_by=self.token, state=MessageState.QUEUED)
        # What is only needed to write the text is left in the database: most texts are written already.
        mine = mine.defer("text", "html", "context", "secrets", "attachments")
        in_hand = list(mine.order_by(hurry, "due_at", "pk"))
        self._unheard = []
        return in_hand

    def _put_back_unheard(self) -> None:
        """What is held for us without our knowing waits for nobody: its hold would lapse while we find nothing due."""
        if self._unheard:
            self._all_mine(self._unheard).filter(state=MessageState.QUEUED).update(**FREE)
            self._unheard = []

    def keep(self, messages: Collection[Message], now: datetime) -> None:
        """Hold on to what still waits in our hands. What somebody took over meanwhile stays theirs."""
        waiting = self._all_mine([m.pk for m in messages]).filter(state=MessageState.QUEUED)
        waiting.update(leased_until=now + self.hold)

    def begin(self, messages: Sequence[Message], now: datetime) -> set[int]:
        """Mark as on their way. Returns which of them are: the others were taken back or taken over meanwhile."""
        if not messages:
            return set()
        wanted = [m.pk for m in messages]
        if statements.mark_sending(wanted, token=self.token, until=now + self.lease) == len(wanted):
            return set(wanted)
        started = Message.objects.filter(pk__in=wanted, state=MessageState.SENDING, leased_by=self.token)
        return set(started.values_list("pk", flat=True))

    def keep_address(self, message: Message) -> None:
        """Store where the person is reached now; the bytes for the old address go."""
        self._mine(message).update(email=message.email, phone=message.phone, mime=None)

    def keep_text(self, message: Message) -> None:
        """Store the words that were written just now."""
        self._mine(message).update(
            channel=message.channel,
            subject=message.subject,
            text=message.text,
            html=message.html,
            mime=message.mime,
            worded=message.worded,
            why="",
        )

    def release(self, messages: Collection[Message], *, due_at: datetime | None = None, by_rule: bool = False) -> int:
        """Put back untouched; with due_at, not before that. by_rule: it may not leave before, so it is not late."""
        mine = self._all_mine([m.pk for m in messages])
        later = {"due_at": due_at, "first_due_at": None if by_rule else RIPE_SINCE} if due_at else {}
        return mine.update(state=MessageState.QUEUED, **later, **FREE)

    # What became of them.

    def sent(self, done: Sequence[Sent], now: datetime) -> None:
        """Record what left, whatever else happened to the rows meanwhile: a mail that left has left."""
        if not done:
            return
        statements.mark_sent([item.message.pk for item in done], token=self.token, now=now)
        statements.note_sent(
            [(item.message.pk, item.message.channel, item.receipt.detail, round(item.seconds * 1000)) for item in done],
            now=now,
        )
        for item in done:
            if item.receipt.ref:
                Message.objects.filter(pk=item.message.pk).update(provider_ref=item.receipt.ref)
            self._tell_sent(item.message, now)

    def later(
        self, message: Message, now: datetime, *, why: str, due_at: datetime, outcome: Outcome, seconds: float = 0
    ) -> None:
        """Count a failure and try again at due_at."""
        failure = {"render_failures": F("render_failures") + 1} if outcome == Outcome.UNREADABLE else {}
        attempt = {} if failure else {"attempts": F("attempts") + 1}
        unclear = {"perhaps_sent": True} if outcome == Outcome.PERHAPS else {}
        if self._mine(message).update(
            state=MessageState.QUEUED,
            why=why,
            due_at=due_at,
            first_due_at=RIPE_SINCE,
            **failure,
            **attempt,
            **unclear,
            **FREE,
        ):
            _attempt(message, now, outcome, why, seconds).save(force_insert=True)

    def drop(self, message: Message, now: datetime, *, why: str) -> None:
        """Never sent, because it is no longer true or too late."""
        if self._mine(message).update(state=MessageState.DROPPED, why=why, **GONE):
            _attempt(message, now, Outcome.DROPPED, why).save(force_insert=True)

    def give_up(self, message: Message, now: datetime, *, why: str, outcome: Outcome, seconds: float = 0) -> str:
        """The present channel will not do: take the next one, or tell people. Returns the state it is in now."""
        following = next_channel(message)
        if not following:
            return self.trouble(message, now, state=MessageState.FAILED, why=why, outcome=outcome, seconds=seconds)
        changed = self._mine(message).update(
            state=MessageState.QUEUED,
            channel=following,
            why=why,
            attempts=0,
            render_failures=0,
            due_at=now,
            first_due_at=RIPE_SINCE,
            mime=None,
            **FREE,
        )
        if changed:
            _attempt(message, now, outcome, why, seconds).save(force_insert=True)
        return MessageState.QUEUED

    def trouble(
        self, message: Message, now: datetime, *, state: MessageState, why: str, outcome: Outcome, seconds: float = 0
    ) -> str:
        """FAILED or PARKED, in one transaction with whatever the receivers of message_failed make of it."""

        def record() -> None:
            if self._mine(message).update(state=state, why=why, **GONE):
                _attempt(message, now, outcome, why, seconds).save(force_insert=True)
                message.state, message.why = state, why
                signals.message_failed.send(sender=Message, message=message, why=why, now=now)

        return state if self._or_later(record, message, now) else MessageState.QUEUED

    def to_call_desk(self, message: Message, now: datetime, *, script: str) -> MessageState:
        """Hand the words to whoever phones. Returns the state: SENT, DROPPED when nobody phones about such a
        message, QUEUED when a receiver broke and is asked again later."""
        taken = False

        def record() -> None:
            nonlocal taken
            if not self._mine(message).update(state=MessageState.SENT, sent_at=now, why=_("At the call desk."), **GONE):
                return
            message.state, message.sent_at = MessageState.SENT, now
            answers = signals.phone_needed.send(sender=Message, message=message, script=script, now=now)
            taken = any(answer for _receiver, answer in answers)
            why = _("At the call desk.") if taken else _("Nobody phones about this.")
            if not taken:
                Message.objects.filter(pk=message.pk).update(state=MessageState.DROPPED, sent_at=None, why=why)
                message.state, message.sent_at = MessageState.DROPPED, None
            _attempt(message, now, Outcome.SENT if taken else Outcome.DROPPED, why).save(force_insert=True)

        if not self._or_later(record, message, now):
            return MessageState.QUEUED
        return MessageState.SENT if taken else MessageState.DROPPED

    # Inside.

    def _or_later(self, record: Callable[[], None], message: Message, now: datetime) -> bool:
        """A receiver that breaks must lose neither the message nor the news: all of it is tried again."""
        before = message.state, message.why, message.sent_at
        try:
            with transaction.atomic():
                record()
        except Exception:
            log.exception("A receiver broke on message %s; it is told again later", message.pk)
            message.state, message.why, message.sent_at = before
            self.release([message], due_at=now + RETRY_AFTER_DEAF_EARS)
            return False
        return True

    def _tell_sent(self, message: Message, now: datetime) -> None:
        """A receiver that breaks cannot un-send the mail; its savepoint goes, the record stays."""
        if not signals.message_sent.has_listeners(Message):
            return
        message.state, message.sent_at = MessageState.SENT, now
        try:
            with transaction.atomic():
                signals.message_sent.send(sender=Message, message=message, now=now)
        except Exception:
            log.exception("A receiver broke on the news that message %s was sent", message.pk)

    def _mine(self, message: Message) -> MessageQuerySet:
        return self._all_mine([message.pk])

    def _all_mine(self, pks: Collection[int]) -> MessageQuerySet:
        in_hand = [MessageState.QUEUED, MessageState.SENDING]
        return Message.objects.filter(pk__in=pks, leased_by=self.token, state__in=in_hand)


def next_channel(message: Message) -> str:
    """The first channel after the present one that can reach this person with this text, or ""."""
    asked = list(message.channels)
    after = asked[asked.index(message.channel) + 1 :] if message.channel in asked else asked
    for name in after:
        way = channels.get(name)
        reaches = way.address(message) and way.is_set_up()
        if reaches and rendering.has_text(kind=message.kind, language=message.language, form=way.form):
            return name
    return ""


def _attempt(message: Message, now: datetime, outcome: Outcome, detail: str, seconds: float = 0) -> DeliveryAttempt:
    return DeliveryAttempt(
        message=message,
        at=now,
        channel=message.channel,
        outcome=outcome,
        detail=detail,
        duration_ms=round(seconds * 1000),
    )
