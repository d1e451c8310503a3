"""The project behind a real web server, in processes of its own, and many clients at once."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

from tests.engines import machine

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 400
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Reply:
    """What a client got."""

    status: int
    location: str
    body: str

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.body, re.DOTALL)
        return found[1].strip() if found else ""

    @property
    def offered(self) -> list[int]:
        """The ids of the offers on a customer's page."""
        return [int(pk) for pk in re.findall(r'name="offer" value="(\d+)"', self.body)]


class Site:
    """gunicorn with two processes of sixteen threads each; `log` is read by a test that failed."""

    def __init__(self, environment: dict[str, str], *, log: Path, options: Sequence[str] = ()) -> None:
        """`options`: more of gunicorn's own."""
        self.port = machine.free_port()
        self.log = log
        command = [sys.executable, "-m", "gunicorn", "reschedule.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "2", "--threads", "16", "--timeout", "120", *options]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def ask(
        self, method: str, path: str, data: dict[str, object] | None = None, *, headers: dict[str, str] | None = None
    ) -> Reply:
        """One request over a connection of its own. The reply may take as long as the machine needs."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if data is not None else {}
            connection.request(method, path, body=urlencode(data or {}), headers=form | (headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace"))
        finally:
            connection.close()

    def __enter__(self) -> Self:
        machine.wait_until(self._answers, seconds=90, what="the web server's first answer")
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        machine.stop_process(self.process)


def all_at_once(act: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """`act` on each of `things`, each in a thread of its own, all let go at one moment. The results, in their order.

    What one of them raises is raised here.
    """
    start = threading.Barrier(len(things))
    results: dict[int, R] = {}
    errors: list[BaseException] = []

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = act(things[place])
        except BaseException as error:  # noqa: BLE001  handed on to the test below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(things))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[place] for place in range(len(things))]
