"""Couriers at work side by side: a thread and a connection each, one parcel at a time, no database.

Whoever runs them keeps the books alone, so a parcel's end is written down before its courier gets the next one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from django.db import connections

from notifications import channels
from notifications.channels.base import Courier, NoConnection, Parcel, Receipt, Temporary, Trouble
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

    email: str
    size: int


class Lane:
    """One courier in a thread of its own. Results arrive in the queue that all lanes share."""

    def __init__(self, make_courier: Callable[[], Courier], results: SimpleQueue[Carried]) -> None:
        self._make_courier = make_courier
        self._results = results
        self._inbox: SimpleQueue[Parcel | Expected | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="courier", daemon=True)
        self._thread.start()

    def hand_over(self, parcel: Parcel) -> None:
        self._inbox.put(parcel)

    def expect(self, message: Expected) -> None:
        self._inbox.put(message)

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
                    courier.expect(next_one.email, next_one.size)
                else:
                    self._results.put(self._carry(courier, next_one))
        finally:
            courier.close()
            connections.close_all()

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
    """The lanes of one channel, opened as they are needed, at most as many as the channel bears.

    A lane without a connection is taken out; the channel is down when none is left.
    """

    def __init__(self, channel: str, results: SimpleQueue[Carried]) -> None:
        self.channel = channel
        self.down: NoConnection | None = None
        self._results = results
        self._room = channels.lanes_for(channel)
        self._idle: list[Lane] = []
        self._busy: set[Lane] = set()
        self._gone: list[Lane] = []
        self._expected: dict[Lane, Message] = {}

    @property
    def free(self) -> int:
        """How many parcels could leave at this moment."""
        return 0 if self.down else self._room - len(self._busy)

    @property
    def under_way(self) -> int:
        return len(self._busy)

    @property
    def expected(self) -> list[Message]:
        """What was announced to a courier and has not been taken since."""
        return list(self._expected.values())

    def hand_over(self, parcel: Parcel, lane: Lane | None = None) -> Lane:
        """Let a courier go, `lane` if it is given and not busy. Returns the one that went."""
        if lane in self._idle:
            self._idle.remove(lane)
        else:
            lane = self._idle.pop() if self._idle else Lane(self._new_courier, self._results)
        self._busy.add(lane)
        lane.hand_over(parcel)
        return lane

    def announce(self, message: Message, lane: Lane) -> None:
        """Tell a busy courier what is likely to be next, so that it has done its part when the message may leave."""
        self._expected[lane] = message
        lane.expect(Expected(message.email, len(message.mime or b"") + DATE_LINE))

    def take_expected(self) -> tuple[Message, Lane] | None:
        """An announced message whose courier is back; else one that waits for a busy courier, for whoever is free."""
        lane = next((one for one in self._idle if one in self._expected), next(iter(self._expected), None))
        return (self._expected.pop(lane), lane) if lane else None

    def _new_courier(self) -> Courier:
        return channels.courier_for(self.channel)

    def back(self, carried: Carried) -> bool:
        """Take a courier back. True when the parcel should go out by another lane, because this one has no line."""
        self._busy.discard(carried.lane)
        if not isinstance(carried.trouble, NoConnection):
            self._idle.append(carried.lane)
            return False
        carried.lane.dismiss()
        self._gone.append(carried.lane)
        self._room -= 1
        if self._room <= 0 or not (self._busy or self._idle):
            self.down = carried.trouble
        return self.down is None

    def close(self) -> None:
        """Send everybody home; politely, but not for ever."""
        for lane in self._idle:
            lane.dismiss()
        until = time.monotonic() + CLOSING_SECONDS
        for lane in (*self._idle, *self._gone):
            lane.wait(max(0.0, until - time.monotonic()))
        self._idle.clear()
