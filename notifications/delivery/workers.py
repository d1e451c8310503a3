"""Workers at work side by side: a thread and a connection each, one message at a time, no database.

Whoever runs them keeps the books alone, so the end of a message is written down before its worker gets the next one.
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
from notifications.channels.base import NoConnection, Outgoing, Receipt, Sender, Temporary, Trouble

if TYPE_CHECKING:
    from notifications.models import Message

log = logging.getLogger(__name__)

CLOSING_SECONDS = 5.0
DATE_LINE = 40
"""Bytes that a mail grows by when it leaves."""


@dataclass(frozen=True)
class Result:
    """What became of one message: a receipt or trouble, never both."""

    outgoing: Outgoing
    worker: Worker
    seconds: float
    receipt: Receipt | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Expected:
    """What is likely to be the next message of a worker."""

    pk: int
    email: str
    size: int


class Worker:
    """One sending thread and its connection. Results arrive in the queue that all workers share.

    `busy` and `expected`, the message that was announced to it and not taken since, are for Workers to change.
    """

    def __init__(self, make_sender: Callable[[], Sender], results: SimpleQueue[Result]) -> None:
        self.busy = False
        self.expected: Message | None = None
        self._make_sender = make_sender
        self._results = results
        self._inbox: SimpleQueue[Outgoing | Expected | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="worker", daemon=True)
        self._thread.start()

    def hand_over(self, outgoing: Outgoing) -> None:
        self._inbox.put(outgoing)

    def expect(self, next_one: Expected) -> None:
        self._inbox.put(next_one)

    def dismiss(self) -> None:
        """No more messages. The thread ends by itself."""
        self._inbox.put(None)

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _work(self) -> None:
        sender = self._make_sender()
        try:
            while (next_one := self._inbox.get()) is not None:
                if isinstance(next_one, Expected):
                    self._get_ready(sender, next_one)
                else:
                    self._results.put(self._send(sender, next_one))
        finally:
            sender.close()
            connections.close_all()

    def _get_ready(self, sender: Sender, next_one: Expected) -> None:
        try:
            sender.expect(next_one.pk, next_one.email, next_one.size)
        except Exception:
            # As in _send; when it is sent, the same fault is written down with the message.
            log.exception("A worker stumbled over what it was to expect, message %s", next_one.pk)
            sender.close()

    def _send(self, sender: Sender, outgoing: Outgoing) -> Result:
        started = time.perf_counter()
        try:
            receipt = sender.send(outgoing)
        except Trouble as trouble:
            return Result(outgoing, self, time.perf_counter() - started, trouble=trouble)
        except Exception as error:
            # A fault of ours must not take the worker, and with it the other messages, down.
            log.exception("A worker stumbled over message %s", outgoing.pk)
            stumbled = Temporary(f"{type(error).__name__} in the channel")
            return Result(outgoing, self, time.perf_counter() - started, trouble=stumbled)
        return Result(outgoing, self, time.perf_counter() - started, receipt=receipt)


class Workers:
    """What waits for one channel, and its workers: opened as they are needed, at most as many as the channel bears.

    A worker without a connection is taken out; the channel is down when none is left.
    """

    def __init__(self, channel: str, results: SimpleQueue[Result]) -> None:
        self.channel = channel
        self.down: NoConnection | None = None
        self.waiting: deque[Message] = deque()
        self._results = results
        self._room = channels.workers_for(channel)
        self._workers: list[Worker] = []
        self._gone: list[Worker] = []

    @property
    def free(self) -> int:
        """How many messages could leave at this moment."""
        return 0 if self.down else self._room - sum(worker.busy for worker in self._workers)

    @property
    def stock(self) -> int:
        """How many messages wait, those that are announced to a worker included."""
        return len(self.waiting) + sum(worker.expected is not None for worker in self._workers)

    def take(self) -> tuple[Message, Worker | None]:
        """The next message, and the worker that expects it if it is back. Raises IndexError when nothing waits.

        What is announced to a busy worker is older than what is not, so whoever is free takes that first.
        """
        expecting = sorted((worker for worker in self._workers if worker.expected), key=lambda worker: worker.busy)
        for worker in expecting:
            if message := self._forget(worker):
                return message, None if worker.busy else worker
        return self.waiting.popleft(), None

    def take_all(self) -> list[Message]:
        """What has not begun to leave."""
        return [self.take()[0] for _ in range(self.stock)]

    def hand_over(self, outgoing: Outgoing, worker: Worker | None, *, ahead: bool) -> None:
        """Let a worker go, `worker` unless it is busy or gone. With `ahead` it is told what is likely to be next."""
        if worker not in self._workers or worker.busy:
            worker = self._free_worker()
        if displaced := self._forget(worker):
            self.waiting.appendleft(displaced)
        worker.busy = True
        worker.hand_over(outgoing)
        if ahead and self.waiting and self.waiting[0].mime:
            worker.expected = self.waiting.popleft()
            worker.expect(
                Expected(worker.expected.pk, worker.expected.email, len(worker.expected.mime or b"") + DATE_LINE)
            )

    def back(self, result: Result) -> bool:
        """Take a worker back. True when the message should go out by another worker, because this one has no line."""
        worker = result.worker
        worker.busy = False
        if not isinstance(result.trouble, NoConnection):
            return False
        if displaced := self._forget(worker):
            self.waiting.appendleft(displaced)
        worker.dismiss()
        self._workers.remove(worker)
        self._gone.append(worker)
        self._room -= 1
        if self._room <= 0 or not self._workers:
            self.down = result.trouble
        return self.down is None

    def close(self) -> None:
        """Send everybody home; politely, but not for ever."""
        idle = [worker for worker in self._workers if not worker.busy]
        for worker in idle:
            worker.dismiss()
        until = time.monotonic() + CLOSING_SECONDS
        for worker in (*idle, *self._gone):
            worker.wait(max(0.0, until - time.monotonic()))
        self._workers = [worker for worker in self._workers if worker.busy]

    def _free_worker(self) -> Worker:
        """One that expects nothing, a new one, or in the end one that gives up what it expects."""
        idle = [worker for worker in self._workers if not worker.busy]
        if unbound := [worker for worker in idle if worker.expected is None]:
            return unbound[-1]
        if len(self._workers) < self._room:
            self._workers.append(Worker(self._new_sender, self._results))
            return self._workers[-1]
        return idle[0]

    def _new_sender(self) -> Sender:
        return channels.sender_for(self.channel)

    @staticmethod
    def _forget(worker: Worker) -> Message | None:
        message, worker.expected = worker.expected, None
        return message
