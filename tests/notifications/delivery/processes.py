"""Real workers in processes of their own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from notifications.enums import MessageState
from notifications.models import Message

ROOT = Path(__file__).resolve().parents[3]


class Worker:
    """One process; its log is a file that a failing test shows."""

    def __init__(self, *command: str, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a crash would: SIGKILL, to the whole group, without a last word."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, *, seconds: float = 120) -> int:
        """As an operator would. Returns the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()


class ForkedWorkers:
    """Starts workers that deliver until they are killed or everything has left."""

    def __init__(self, *, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.delivery.forking"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(self) -> int:
        """A new worker's process number."""
        assert self.process.stdin is not None
        self.process.stdin.write("another\n")
        self.process.stdin.flush()
        return int(self._hear())

    def wait(self) -> None:
        """Until the worker is gone."""
        assert self._hear() == "ended"

    def _hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def wait_for(true: Callable[[], bool], *, seconds: float, what: str, log: Path | None = None) -> None:
    """Poll until `true()`. Raises TimeoutError with `what` and the end of the log."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            words = log.read_text(errors="replace")[-3000:] if log and log.exists() else ""
            raise TimeoutError(f"not within {seconds:g} s: {what}\n{words}")
        time.sleep(0.01)


def all_left() -> bool:
    return not Message.objects.exclude(state=MessageState.SENT).exists()
