"""Couriers at work side by side: a thread and a connection each, one parcel at a time, no database.

Whoever runs them keeps the books alone, so a parcel's end is written down before its courier gets the next one.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from django.db import connections

from notifications import channels
from notifications.channels.base import Courier, NoConnection, Parcel, Receipt, Temporary, Trouble

if TYPE_CHECKING:
    from notifications.models import Message

log = logging.getLogger(__name__)

CLOSING_SECONDS = 5.0
DATE_LINE = 40
"""Bytes that a mail grows by when it leaves."""


@dataclass(frozen=True)
class Carried:
    """What became of one parcel: a receipt or trouble, never both."""

    parcel: Parcel
    lane: Lane
    seconds: float
    receipt: Receipt | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Expected:
    """What is likely to be the next parcel of a lane."""

    pk: int
    email: str
    size: int


class Lane:
    """One courier in a thread of its own. Results arrive in the queue that all lanes share.

    `busy` and `expected`, the message that was announced to it and not taken since, are the fleet's to change.
    """

    def __init__(self, make_courier: Callable[[], Courier], results: SimpleQueue[Carried]) -> None:
        self.busy = False
        self.expected: Message | None = None
        self._make_courier = make_courier
        self._results = results
        self._inbox: SimpleQueue[Parcel | Expected | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="courier", daemon=True)
        self._thread.start()

    def hand_over(self, parcel: Parcel) -> None:
        self._inbox.put(parcel)

    def expect(self, next_one: Expected) -> None:
        self._inbox.put(next_one)

    def dismiss(self) -> None:
        """No more parcels. The thread ends by itself."""
        self._inbox.put(None)

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _work(self) -> None:
        courier = self._make_courier()
        try:
            while (next_one := self._inbox.get()) is not None:
                if isinstance(next_one, Expected):
                    self._get_ready(courier, next_one)
                else:
                    self._results.put(self._carry(courier, next_one))
        finally:
            courier.close()
            connections.close_all()

    def _get_ready(self, courier: Courier, next_one: Expected) -> None:
        try:
            courier.expect(next_one.pk, next_one.email, next_one.size)
        except Exception:
            # As in _carry; when it is sent, the same fault is written down with the message.
            log.exception("A courier stumbled over what it was to expect, message %s", next_one.pk)
            courier.close()

    def _carry(self, courier: Courier, parcel: Parcel) -> Carried:
        started = time.perf_counter()
        try:
            receipt = courier.send(parcel)
        except Trouble as trouble:
            return Carried(parcel, self, time.perf_counter() - started, trouble=trouble)
        except Exception as error:
            # A fault of ours must not take the courier, and with it the other messages, down.
            log.exception("A courier stumbled over message %s", parcel.pk)
            stumbled = Temporary(f"{type(error).__name__} in the channel")
            return Carried(parcel, self, time.perf_counter() - started, trouble=stumbled)
        return Carried(parcel, self, time.perf_counter() - started, receipt=receipt)


class Fleet:
    """What waits for one channel, and its lanes: opened as they are needed, at most as many as the channel bears.

    A lane without a connection is taken out; the channel is down when none is left.
    """

    def __init__(self, channel: str, results: SimpleQueue[Carried]) -> None:
        self.channel = channel
        self.down: NoConnection | None = None
        self.waiting: deque[Message] = deque()
        self._results = results
        self._room = channels.lanes_for(channel)
        self._lanes: list[Lane] = []
        self._gone: list[Lane] = []

    @property
    def free(self) -> int:
        """How many parcels could leave at this moment."""
        return 0 if self.down else self._room - sum(lane.busy for lane in self._lanes)

    @property
    def stock(self) -> int:
        """How many messages wait, those that are announced to a courier included."""
        return len(self.waiting) + sum(lane.expected is not None for lane in self._lanes)

    def take(self) -> tuple[Message, Lane | None]:
        """The next message, and the courier that expects it if it is back. Raises IndexError when nothing waits.

        What is announced to a busy courier is older than what is not, so whoever is free takes that first.
        """
        expecting = sorted((lane for lane in self._lanes if lane.expected), key=lambda lane: lane.busy)
        for lane in expecting:
            if message := self._forget(lane):
                return message, None if lane.busy else lane
        return self.waiting.popleft(), None

    def take_all(self) -> list[Message]:
        """What has not begun to leave."""
        return [self.take()[0] for _ in range(self.stock)]

    def hand_over(self, parcel: Parcel, lane: Lane | None, *, ahead: bool) -> None:
        """Let a courier go, `lane` unless it is busy or gone. With `ahead` it is told what is likely to be next."""
        if lane not in self._lanes or lane.busy:
            lane = self._free_lane()
        if displaced := self._forget(lane):
            self.waiting.appendleft(displaced)
        lane.busy = True
        lane.hand_over(parcel)
        if ahead and self.waiting and self.waiting[0].mime:
            lane.expected = self.waiting.popleft()
            lane.expect(Expected(lane.expected.pk, lane.expected.email, len(lane.expected.mime or b"") + DATE_LINE))

    def back(self, carried: Carried) -> bool:
        """Take a courier back. True when the parcel should go out by another lane, because this one has no line."""
        lane = carried.lane
        lane.busy = False
        if not isinstance(carried.trouble, NoConnection):
            return False
        if displaced := self._forget(lane):
            self.waiting.appendleft(displaced)
        lane.dismiss()
        self._lanes.remove(lane)
        self._gone.append(lane)
        self._room -= 1
        if self._room <= 0 or not self._lanes:
            self.down = carried.trouble
        return self.down is None

    def close(self) -> None:
        """Send everybody home; politely, but not for ever."""
        idle = [lane for lane in self._lanes if not lane.busy]
        for lane in idle:
            lane.dismiss()
        until = time.monotonic() + CLOSING_SECONDS
        for lane in (*idle, *self._gone):
            lane.wait(max(0.0, until - time.monotonic()))
        self._lanes = [lane for lane in self._lanes if lane.busy]

    def _free_lane(self) -> Lane:
        """One that expects nothing, a new one, or in the end one that gives up what it expects."""
        idle = [lane for lane in self._lanes if not lane.busy]
        if unbound := [lane for lane in idle if lane.expected is None]:
            return unbound[-1]
        if len(self._lanes) < self._room:
            self._lanes.append(Lane(self._new_courier, self._results))
            return self._lanes[-1]
        return idle[0]

    def _new_courier(self) -> Courier:
        return channels.courier_for(self.channel)

    @staticmethod
    def _forget(lane: Lane) -> Message | None:
        message, lane.expected = lane.expected, None
        return message
