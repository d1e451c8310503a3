"""Messages that are due, out of the door: take in hand, check that they are still true, send, write down.

One thread keeps the records; workers only send. A message is marked SENDING, and that is committed, before its worker
gets it; its end is committed before the same worker gets the next one. So a process that is killed repeats at most one
message per connection, under the same Message-ID.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from random import Random
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from notifications import policy, restores
from notifications.channels.base import NoConnection, Outgoing, Permanent, Trouble, Uncertain, Unreachable
from notifications.delivery.last_check import LastCheck
from notifications.delivery.records import Records, Sent
from notifications.delivery.workers import Result, Workers
from notifications.enums import MessageState, Outcome
from notifications.models import Message

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

RUN_SECONDS = 10.0
"""No new message is begun after this long, so that a run with its slowest mail ends within a task's time limit."""

PATIENCE_SECONDS = 15.0
"""How long a database that went away may take to come back while results wait to be written down."""

closing = threading.Event()
"""Set when this process is about to end: nothing new is begun."""


@dataclass(frozen=True)
class DeliveryReport:
    """What one run did, in messages."""

    sent: int = 0
    called: int = 0
    later: int = 0
    redirected: int = 0
    failed: int = 0
    parked: int = 0
    dropped: int = 0
    recovered: int = 0
    released: int = 0

    @property
    def quiet(self) -> bool:
        """Nothing was done."""
        return not any(asdict(self).values())


@dataclass(frozen=True)
class Ready:
    """A message with the bytes made of it."""

    message: Message
    outgoing: Outgoing


def deliver_due(
    *, now_fn: Callable[[], datetime], limit: int | None = None, seconds: float = RUN_SECONDS, rng: Random | None = None
) -> DeliveryReport:
    """Deliver what is due, until nothing is left, `limit` messages were taken in hand or `seconds` have passed.

    Any number of these may run at once, in any number of processes. Not to be called inside a transaction.
    """
    return _Run(now_fn=now_fn, limit=limit, seconds=seconds, rng=rng or Random()).go()  # noqa: S311  spreads load only


Ended = tuple[Message, Result]


class _Run:
    """One call of deliver_due: its stock, its workers, its books."""

    def __init__(self, *, now_fn: Callable[[], datetime], limit: int | None, seconds: float, rng: Random) -> None:
        self.now_fn = now_fn
        self.left = limit
        self.counted = 0
        self.until = time.monotonic() + seconds
        self.rng = rng
        self.tally: Counter[str] = Counter()
        token = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self.records = Records(token=token, lease=timedelta(seconds=settings.OUTBOX["LEASE_SECONDS"]))
        self.last_check = LastCheck(self.records, self.tally, rng)
        self.results: SimpleQueue[Result] = SimpleQueue()
        self.workers: dict[str, Workers] = {}
        self.stranded: deque[Ready] = deque()
        self.under_way: dict[int, Ready] = {}
        self.heard_at = self.kept_at = time.monotonic()

    def go(self) -> DeliveryReport:
        patiently(lambda: restores.watch(now=self.now_fn()))
        self.tally["recovered"] = patiently(lambda: self.records.recover(self.now_fn(), limit=settings.OUTBOX["BATCH"]))
        try:
            while self._supply() or self.under_way:
                self._keep()
                ended = self._take_back(self._collect())
                self._book(ended, self._choose())
        finally:
            self._close()
        return DeliveryReport(**self.tally)

    @property
    def open(self) -> bool:
        return time.monotonic() < self.until and not closing.is_set()

    def _workers_for(self, channel: str) -> Workers:
        if channel not in self.workers:
            self.workers[channel] = Workers(channel, self.results)
        return self.workers[channel]

    # Supply.

    def _supply(self) -> bool:
        """Whether there is something to begin; takes more in hand before the workers stand idle."""
        stock = sum(len(workers.waiting) for workers in self.workers.values()) + len(self.stranded)
        if not self.open:
            return False
        if stock > settings.OUTBOX["SMTP_CONNECTIONS"]:
            return True
        batch = settings.OUTBOX["BATCH"] if self.left is None else min(self.left, settings.OUTBOX["BATCH"])
        fresh = patiently(lambda: self.records.reserve(self.now_fn(), limit=batch)) if batch else []
        if fresh and not self.counted:
            self.counted = patiently(restores.next_turn)
        if self.left is not None:
            self.left -= len(fresh)
        for message in fresh:
            self._workers_for(message.channel).waiting.append(message)
        return bool(fresh or stock)

    def _keep(self) -> None:
        """Say in time that what waits is still in our hands. A process that was killed says nothing, so others soon
        take it over; what is on its way they leave alone for a whole lease."""
        if time.monotonic() - self.kept_at < self._often:
            return
        waiting = [message for workers in self.workers.values() for message in workers.waiting]
        if waiting:
            patiently(lambda: self.records.keep(waiting, self.now_fn()))
        self.kept_at = time.monotonic()

    @property
    def _often(self) -> float:
        """Seconds between two looks at what is in hand; some may be missed before a hold lapses."""
        return self.records.hold.total_seconds() / 4

    def _can_begin(self) -> bool:
        return self.open and any(workers.free and workers.waiting for workers in self.workers.values())

    def _choose(self) -> list[Ready]:
        """As many messages as there are free workers, each checked and found ready to leave at this moment."""
        ready: list[Ready] = []
        for channel, workers in list(self.workers.items()):
            free = workers.free - sum(item.message.channel == channel for item in self.stranded)
            while free > 0 and self.open and workers.waiting:
                message = workers.waiting.popleft()
                outgoing = patiently(partial(self.last_check.pass_through, message, self.now_fn()))
                if outgoing is not None:
                    ready.append(Ready(message, outgoing))
                    free -= 1
        return ready

    # Under way.

    def _collect(self) -> list[Result]:
        """What workers brought back; waits a little for one of them when nothing can be begun before."""
        results: list[Result] = []
        try:
            if self.under_way and not self._can_begin():
                results.append(self.results.get(timeout=self._often))
            while True:
                results.append(self.results.get_nowait())
        except Empty:
            pass
        if results:
            self.heard_at = time.monotonic()
        elif self.under_way and time.monotonic() - self.heard_at > settings.OUTBOX["LEASE_SECONDS"]:
            log.error("%s workers never came back; their messages are perhaps sent", len(self.under_way))
            self.under_way.clear()
        return results

    def _take_back(self, results: list[Result]) -> list[Ended]:
        """Workers are free again; what only met a dead line goes on with another worker, the rest has ended."""
        ended: list[Ended] = []
        for result in results:
            item = self.under_way.pop(result.outgoing.pk, None)
            if item is None:
                continue
            if self._workers_for(item.message.channel).back(result):
                self.stranded.append(item)
            else:
                ended.append((item.message, result))
        return ended

    def _book(self, ended: list[Ended], ready: list[Ready]) -> None:
        """Write down what ended and what begins in one transaction; only then let the workers go."""
        now = self.now_fn()
        begun, tally = patiently(lambda: self._write(ended, ready, now))
        self.tally.update(tally)
        for item in (*self._rescued(), *(item for item in ready if item.message.pk in begun)):
            self.under_way[item.message.pk] = item
            self.heard_at = time.monotonic()
            self._workers_for(item.message.channel).hand_over(item.outgoing)
        self._clear_what_is_down(now)

    def _rescued(self) -> list[Ready]:
        """Stranded messages for which a worker is free now. They are marked SENDING already."""
        rescued: list[Ready] = []
        for item in list(self.stranded):
            workers = self._workers_for(item.message.channel)
            if workers.free > sum(item.message.channel == workers.channel for item in rescued):
                self.stranded.remove(item)
                rescued.append(item)
        return rescued

    def _clear_what_is_down(self, now: datetime) -> None:
        """A channel without a line: its stranded messages failed an attempt, the waiting ones are just put back."""
        for channel, workers in self.workers.items():
            if workers.down is None:
                continue
            lost = [item for item in self.stranded if item.message.channel == channel]
            for item in lost:
                self.stranded.remove(item)
                self.tally[self._verdict(item.message, workers.down, now, seconds=0)] += 1
            soon = now + timedelta(seconds=self.rng.uniform(20, 40))
            if rest := workers.take_all():
                self.tally["released"] += self.records.release(rest, due_at=soon)

    # Books.

    def _write(self, ended: list[Ended], ready: list[Ready], now: datetime) -> tuple[set[int], Counter[str]]:
        tally: Counter[str] = Counter()
        with transaction.atomic():
            done = [Sent(message, item.receipt, item.seconds) for message, item in ended if item.receipt]
            self.records.sent(done, now)
            tally["sent"] += len(done)
            for message, item in ended:
                if item.trouble:
                    tally[self._verdict(message, item.trouble, now, seconds=item.seconds)] += 1
            begun = self.records.begin([item.message for item in ready], now)
        return begun, tally

    def _verdict(self, message: Message, trouble: Trouble, now: datetime, *, seconds: float) -> str:
        """What trouble means for the message, in the words of the report."""
        why = str(trouble)
        last = message.attempts + 1 >= settings.OUTBOX["MAX_ATTEMPTS"]
        if isinstance(trouble, Permanent) or last:
            outcome = Outcome.UNREACHABLE if isinstance(trouble, Unreachable | NoConnection) else Outcome.REFUSED
            state = self.records.give_up(message, now, why=why, outcome=outcome, seconds=seconds)
            return "failed" if state == MessageState.FAILED else "redirected"
        away = Outcome.AWAY if isinstance(trouble, NoConnection) else Outcome.LATER
        outcome = Outcome.PERHAPS if isinstance(trouble, Uncertain) else away
        due_at = now + policy.backoff(message.attempts + 1, self.rng)
        self.records.later(message, now, why=why, due_at=due_at, outcome=outcome, seconds=seconds)
        return "later"

    def _close(self) -> None:
        """Put back what was never begun, and send the workers home."""
        rest = [message for workers in self.workers.values() for message in workers.take_all()]
        rest += [item.message for item in self.stranded]
        if rest:
            self.tally["released"] += patiently(lambda: self.records.release(rest))
        for workers in self.workers.values():
            workers.close()


def patiently(work: Callable[[], Answer]) -> Answer:
    """Do a piece of bookkeeping, again while the database is away: what has been sent wants to be written down.

    Every piece is safe to do twice. Inside a transaction, which is lost with its connection, it raises at once.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            connection = transaction.get_connection()
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            log.warning("The database went away; results are kept until it is back")
            connection.close()
            time.sleep(0.5)
