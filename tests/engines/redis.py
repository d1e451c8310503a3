"""A Redis of our own that a test may stop, kill, empty and start again on the same port."""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from tests.engines import EngineMissing, machine


def find_redis() -> Path:
    """`redis-server`, installed with the system's package manager when absent. Raises EngineMissing."""
    found = machine.find_program("redis-server", "valkey-server")
    if found is None:
        trouble = machine.install_with_apt("redis-server")
        found = machine.find_program("redis-server")
        if found is None:
            raise EngineMissing(f"Redis: no redis-server in PATH; {trouble}")
    return found


class RedisServer:
    """A server on an ephemeral port of 127.0.0.1 that keeps nothing on disk."""

    def __init__(self) -> None:
        self.program = find_redis()
        self.folder = machine.private_folder("redis-", owner=None)
        self.port = machine.free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> Self:
        """Start, on the same port as before, and wait until it answers."""
        options = {"bind": "127.0.0.1", "port": str(self.port), "save": "", "appendonly": "no", "dir": str(self.folder)}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        machine.wait_until(self._answers, seconds=20, what="an answer of Redis")
        return self

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would; `start` brings an empty one back."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()

    def flush(self) -> None:
        """Lose everything it holds."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def stop(self) -> None:
        """End it and remove its files. Safe to call twice."""
        if self.process is not None:
            machine.stop_process(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise EngineMissing(f"Redis ended while starting (exit code {self.process.returncode})")
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.exceptions.ConnectionError:
            return False

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            # `with` leaves only what it has entered.
            self.stop()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def given_url() -> str:
    """The server that the environment names, or ""."""
    return os.environ.get("TEST_REDIS_URL", "")
