"""The last look at a message before it leaves: is it still true, is it time, can it be said, is there a way?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random

from django.conf import settings
from django.utils.translation import gettext as _

from notifications import channels, outbox, policy, signals
from notifications.channels.base import Outgoing
from notifications.delivery.records import Records
from notifications.enums import MessageState, Outcome
from notifications.errors import MissingText, RenderError
from notifications.models import Message
from notifications.text.cleaning import one_line

MAX_RENDER_FAILURES = 3


class LastCheck:
    """Lets a message through as Outgoing, or writes down why not. `tally` counts what became of those."""

    def __init__(self, records: Records, tally: Counter[str], rng: Random) -> None:
        self.records = records
        self.tally = tally
        self.rng = rng

    def pass_through(self, message: Message, now: datetime) -> Outgoing | None:
        if not (self._still_true(message, now) and self._knows_where(message, now)):
            return None
        if not (self._has_a_way(message, now) and self._is_time(message, now)):
            return None
        if not self._has_words(message, now):
            return None
        if channels.get(message.channel).spoken:
            state = self.records.to_call_desk(message, now, script=bytes(message.mime or b"").decode())
            self.tally[{MessageState.SENT: "called", MessageState.DROPPED: "dropped"}.get(state, "later")] += 1
            return None
        return channels.get(message.channel).outgoing(message, now)

    def _still_true(self, message: Message, now: datetime) -> bool:
        if policy.too_late(now, message.not_after):
            return self._drop(
                message, now, _("Too late: it should have left by %(time)s.") % {"time": message.not_after}
            )
        for receiver, answer in signals.before_send.send_robust(sender=Message, message=message, now=now):
            if isinstance(answer, Exception):
                return self._fail(message, now, f"{getattr(receiver, '__name__', 'receiver')}: {answer}")
            if answer:
                return self._drop(message, now, str(answer))
        return True

    def _knows_where(self, message: Message, now: datetime) -> bool:
        """What waits goes to where the person is reached now, not to where that was when it was written."""
        for receiver, answer in signals.where_now.send_robust(sender=Message, message=message):
            if isinstance(answer, Exception):
                return self._fail(message, now, f"{getattr(receiver, '__name__', 'receiver')}: {answer}")
            if answer is None:
                continue
            email, phone = one_line(answer.email, limit=254), one_line(answer.phone, limit=32)
            if (email, phone) != (message.email, message.phone):
                message.email, message.phone, message.mime = email, phone, None
                self.records.keep_address(message)
        return True

    def _has_a_way(self, message: Message, now: datetime) -> bool:
        if message.attempts >= settings.OUTBOX["MAX_ATTEMPTS"]:
            return self._give_up(message, now, message.why or _("Tried too often."), Outcome.REFUSED)
        channel = channels.get(message.channel)
        if not channel.is_set_up():
            why = _("Nothing is set up for the channel “%(channel)s”.") % {"channel": channel.label}
            return self._give_up(message, now, why, Outcome.UNREACHABLE)
        if why := channel.why_not(channel.address(message)):
            return self._give_up(message, now, why, Outcome.UNREACHABLE)
        return True

    def _is_time(self, message: Message, now: datetime) -> bool:
        allowed = policy.next_allowed(now, message.urgency, message.zone, silent=channels.get(message.channel).silent)
        if allowed <= now:
            return True
        if policy.too_late(allowed, message.not_after):
            return self._drop(message, now, _("Too late: the night's rest ends after it should have left."))
        self.records.release([message], due_at=allowed, by_rule=True)
        self.tally["released"] += 1
        return False

    def _has_words(self, message: Message, now: datetime) -> bool:
        if message.mime is not None:
            return True
        try:
            outbox.prepare(message)
        except MissingText as error:
            return self._give_up(message, now, str(error), Outcome.UNREADABLE)
        except RenderError as error:
            return self._cannot_be_written(message, now, str(error))
        self.records.keep_text(message)
        return True

    def _cannot_be_written(self, message: Message, now: datetime, why: str) -> bool:
        failures = message.render_failures + 1
        if failures < MAX_RENDER_FAILURES:
            due_at = now + policy.backoff(failures, self.rng)
            self.records.later(message, now, why=why, due_at=due_at, outcome=Outcome.UNREADABLE)
            self.tally["later"] += 1
            return False
        state = self.records.trouble(message, now, state=MessageState.PARKED, why=why, outcome=Outcome.UNREADABLE)
        self.tally["parked" if state == MessageState.PARKED else "later"] += 1
        return False

    def _fail(self, message: Message, now: datetime, why: str) -> bool:
        due_at = now + policy.backoff(message.attempts + 1, self.rng)
        self.records.later(message, now, why=why, due_at=due_at, outcome=Outcome.LATER)
        self.tally["later"] += 1
        return False

    def _drop(self, message: Message, now: datetime, why: str) -> bool:
        self.records.drop(message, now, why=why)
        self.tally["dropped"] += 1
        return False

    def _give_up(self, message: Message, now: datetime, why: str, outcome: Outcome) -> bool:
        state = self.records.give_up(message, now, why=why, outcome=outcome)
        self.tally["failed" if state == MessageState.FAILED else "redirected"] += 1
        return False
