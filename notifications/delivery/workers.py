"""Sending threads, each with a connection of its own: one message at a time, no database.

Whoever runs them keeps the records alone, so the end of a message is written down before its worker gets the next one.
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


@dataclass(frozen=True)
class Result:
    """What became of one message: a receipt or trouble, never both."""

    outgoing: Outgoing
    worker: Worker
    seconds: float
    receipt: Receipt | None = None
    trouble: Trouble | None = None


class Worker:
    """One sending thread. Results arrive in the queue that all workers share; `busy` is for `Workers` to change."""

    def __init__(self, make_sender: Callable[[], Sender], results: SimpleQueue[Result]) -> None:
        self.busy = False
        self._make_sender = make_sender
        self._results = results
        self._inbox: SimpleQueue[Outgoing | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="worker", daemon=True)
        self._thread.start()

    def hand_over(self, outgoing: Outgoing) -> None:
        self._inbox.put(outgoing)

    def dismiss(self) -> None:
        """No more messages. The thread ends by itself."""
        self._inbox.put(None)

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _work(self) -> None:
        sender = self._make_sender()
        try:
            while (outgoing := self._inbox.get()) is not None:
                self._results.put(self._send(sender, outgoing))
        finally:
            sender.close()
            connections.close_all()

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
    """What waits for one channel, and its workers: started as they are needed, at most as many as the channel bears.

    A worker without a connection is taken out; the channel is down when none is left.
    """

    def __init__(self, channel: str, results: SimpleQueue[Result]) -> None:
        self.channel = channel
        self.down: NoConnection | None = None
        self.waiting: deque[Message] = deque()
        self._results = results
        self._room = channels.get(channel).workers()
        self._workers: list[Worker] = []
        self._gone: list[Worker] = []

    @property
    def free(self) -> int:
        """How many messages could leave at this moment."""
        return 0 if self.down else self._room - sum(worker.busy for worker in self._workers)

    def take_all(self) -> list[Message]:
        """What has not begun to leave."""
        rest = list(self.waiting)
        self.waiting.clear()
        return rest

    def hand_over(self, outgoing: Outgoing) -> None:
        """Let a free worker send it."""
        worker = self._free_worker()
        worker.busy = True
        worker.hand_over(outgoing)

    def back(self, result: Result) -> bool:
        """Take a worker back. True when the message should go out by another one, because this one has no line."""
        worker = result.worker
        worker.busy = False
        if not isinstance(result.trouble, NoConnection):
            return False
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
        """The one that came back last, whose line is the least likely to have been cut, else a new one."""
        for worker in reversed(self._workers):
            if not worker.busy:
                return worker
        self._workers.append(Worker(channels.get(self.channel).sender, self._results))
        return self._workers[-1]
