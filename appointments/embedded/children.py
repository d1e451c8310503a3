"""One parent, several children: starts them, starts again what dies, stops all of them when told to."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PATIENCE = 8.0
"""Seconds between the polite word and the kill."""
DEATHS, WITHIN = 5, 60.0
"""A child that dies so often in so many seconds will not live."""
STEP = 0.2


class Hopeless(Exception):
    """A child cannot be kept alive; `name` is its name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS))


class Family:
    """The children of this process, each in a group of its own: Ctrl-C reaches the parent, who passes it on."""

    def __init__(self, *, environment: Mapping[str, str], folder: Path, say: Callable[[str, int], None]) -> None:
        """`say(name, status)` is told of each child that died by itself."""
        self.environment, self.folder, self.say = dict(environment), folder, say
        self.children: list[Child] = []
        self.stopping = False

    def listen(self) -> None:
        """From now on SIGINT and SIGTERM end `watch`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told_to_stop)

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, name: str, command: Sequence[str]) -> Child:
        child = Child(name, command)
        self.children.append(child)
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603  our own programs, no shell
            child.command, env=self.environment, cwd=self.folder, start_new_session=True, stdin=subprocess.DEVNULL
        )

    def look_after(self) -> None:
        """Starts again whatever has died. Raises `Hopeless` for one that dies again and again."""
        for child in self.children:
            status = child.process.poll() if child.process else None
            if status is None or self.stopping:
                continue
            self.say(child.name, status)
            child.deaths.append(time.monotonic())
            if len(child.deaths) == DEATHS and child.deaths[-1] - child.deaths[0] < WITHIN:
                raise Hopeless(child.name)
            time.sleep(1)
            self._spawn(child)

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Looks after the children until told to stop, or until `until()` is true."""
        while not self.stopping and not until():
            self.look_after()
            time.sleep(STEP)

    def restart(self) -> None:
        """Ends all of them politely and starts them again, for what they read only when they begin."""
        for child in self.children:
            if child.process and child.process.poll() is None:
                child.process.terminate()
        for child in self.children:
            if child.process:
                _wait_or_kill(child.process, PATIENCE)
            self._spawn(child)

    def stop(self) -> None:
        """Asks all to stop, waits, kills who does not."""
        self.stopping = True
        living = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in living:
            process.terminate()
        end = time.monotonic() + PATIENCE
        for process in living:
            _wait_or_kill(process, max(0.1, end - time.monotonic()))


def _wait_or_kill(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
