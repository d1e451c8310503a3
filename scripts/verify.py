"""Every check and every test, on SQLite and on PostgreSQL: what `make test` runs.

The checks and the tests on either database run beside one another, because each spends half its time waiting; what a
step says is printed as a whole when it ends. Nothing stops at the first failure. At the end a table says what ran, what
failed and what could not run, and a plain line counts the tests. An engine that is missing, or a test that was skipped,
is a failure.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

from tests.engines import EngineMissing, chromium, postgres, redis

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
BIN = Path(sys.executable).parent
LONGEST_STEP = 4200  # seconds; a step that hangs must not hang the whole run
LAST_WORDS = 60  # seconds for a step that took too long to say how far it came
WORKERS = os.environ.get("TEST_WORKERS", "2")

CHECKS: dict[str, list[str]] = {
    "ruff check": [f"{BIN}/ruff", "check", "."],
    "ruff format": [f"{BIN}/ruff", "format", "--check", "."],
    "mypy": [sys.executable, "-m", "mypy"],
    "djlint": [f"{BIN}/djlint", "--lint", "--quiet", "templates"],
    "system check": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "-m", "scripts.messages", "check"],
}


@dataclass
class Row:
    """One line of the closing table."""

    name: str
    ok: bool
    note: str = ""
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0


@dataclass
class Report:
    """What happened so far."""

    rows: list[Row] = field(default_factory=list)
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _is_over: bool = False

    def engine(self, name: str, start: Callable[[], str]) -> str | None:
        """Start or find an engine by `start`, which returns where it is; None, noted, when it is missing."""
        try:
            where = start()
        except (EngineMissing, TimeoutError) as missing:
            self.rows.append(Row(f"engine {name}", ok=False, note=f"MISSING: {missing}"))
            return None
        self.rows.append(Row(f"engine {name}", ok=True, note=where))
        return where

    def checks(self, environment: dict[str, str]) -> None:
        for name, command in CHECKS.items():
            code, seconds = self._run(name, command, environment)
            self.rows.append(Row(name, ok=code == 0, note="" if code == 0 else f"exit code {code}", seconds=seconds))

    def tests(self, name: str, environment: dict[str, str]) -> None:
        """Run the whole test suite and count what it says."""
        result = BUILD / f"tests-{name.lower()}.xml"
        result.unlink(missing_ok=True)
        # In the order they were collected: what empties the tables comes after what counts on what migrations left.
        command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "load", "--durations=8"]
        code, seconds = self._run(f"tests on {name}", [*command, f"--junitxml={result}"], environment)
        if not result.exists():
            note = f"did not run: exit code {code}"
            self.rows.append(Row(f"tests on {name}", ok=False, note=note, seconds=seconds, failed=1))
            return
        total, failed, skipped = _counts(result)
        passed = total - failed - skipped
        note = f"{passed} passed, {failed} failed" + (f", {skipped} SKIPPED" if skipped else "")
        ok = code == 0 and not skipped
        self.rows.append(Row(f"tests on {name}", ok=ok, note=note, seconds=seconds, passed=passed, failed=failed))

    def beside_one_another(self, *steps: Callable[[], None]) -> None:
        """Run `steps` at once. Whatever ends this early (a signal) ends their programs too."""
        with ThreadPoolExecutor(len(steps)) as lanes:
            try:
                for lane in [lanes.submit(step) for step in steps]:
                    lane.result()
            finally:
                self._is_over = True
                for process in list(self._running):
                    process.kill()

    def _run(self, title: str, command: list[str], environment: dict[str, str]) -> tuple[int, float]:
        """Exit code and seconds. What the command says is printed when it has ended."""
        if self._is_over:
            return 130, 0.0
        _say(f"… {title}")
        began = time.monotonic()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
            self._running.add(process)
            try:
                code = process.wait(timeout=LONGEST_STEP)
            except subprocess.TimeoutExpired:
                _interrupt(process)
                code = 124
            self._running.discard(process)
            said.seek(0)
            text = said.read().decode(errors="replace")
        ending = f"\n{title}: ended after {LONGEST_STEP} s" if code == 124 else ""
        _say(f"\n── {title}\n{text}{ending}")
        return code, time.monotonic() - began

    def print(self) -> None:
        width = max(len(row.name) for row in self.rows)
        print("\n" + "─" * 78)
        for row in self.rows:
            print(f"{'ok    ' if row.ok else 'FAILED'}  {row.name:<{width}}  {row.seconds:6.1f} s  {row.note}")
        print("─" * 78)
        bad = [row.name for row in self.rows if not row.ok]
        print(f"Not in order: {', '.join(bad)}." if bad else "All in order.")
        passed, failed = sum(row.passed for row in self.rows), sum(row.failed for row in self.rows)
        print(f"{passed} passed, {failed} failed", flush=True)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does, so that what has failed so far is told; whatever does not listen is killed."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=LAST_WORDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_printing = Lock()


def _say(text: str) -> None:
    """Prints lines that nobody else's lines get between."""
    with _printing:
        print(text.rstrip("\n"), flush=True)


def _counts(result: Path) -> tuple[int, int, int]:
    """Tests, failures with errors, and skips in a JUnit file."""
    suites = ET.parse(result).getroot().iter("testsuite")  # noqa: S314  pytest wrote it a moment ago
    numbers = [[int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")] for suite in suites]
    tests, failures, errors, skipped = (sum(column) for column in zip(*numbers, strict=True))
    return tests, failures + errors, skipped


def _environment(data: Path, **more: str) -> dict[str, str]:
    """Nothing of a developer's own settings; a data folder of this run. What Python has compiled is kept: each of the
    workers would compile four hundred files of tests, and each of the hundreds of programs they start all of ours.
    """
    foreign = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG", "DEMO", "EMBEDDED", "SECRET_KEY", "PUBLIC_URL"}
    foreign |= {"PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    data.mkdir(parents=True, exist_ok=True)
    return {**kept, "RESCHEDULE_DATA": str(data), "EMBEDDED": "true", "PYTHONUNBUFFERED": "1", **more}


def verify(*, checks_only: bool) -> Report:
    """Run everything, or the checks alone, and return what happened."""
    report = Report()
    BUILD.mkdir(exist_ok=True)
    with ExitStack() as engines:
        more: dict[str, str] = {}
        server = None
        if not checks_only:
            if browser := report.engine("Chromium", lambda: str(chromium.find_chromium())):
                more["CHROMIUM"] = browser
            if bell := report.engine("Redis", lambda: _redis(engines)):
                more["TEST_REDIS_URL"] = bell
            if server := report.engine("PostgreSQL", lambda: _postgres(engines)):
                more["TEST_DATABASE_URL"] = server
        environment = _environment(BUILD / "test-data", **more)
        steps = [partial(report.checks, environment)]
        if not checks_only:
            on_sqlite = environment | {"RESCHEDULE_DATA": str(BUILD / "test-data" / "sqlite")}
            steps.append(partial(report.tests, "SQLite", on_sqlite))
        if server:
            on_postgres = {"RESCHEDULE_DATA": str(BUILD / "test-data" / "postgresql"), "DATABASE_URL": server}
            steps.append(partial(report.tests, "PostgreSQL", environment | on_postgres))
        report.beside_one_another(*steps)
    return report


def _postgres(engines: ExitStack) -> str:
    return postgres.given_url() or engines.enter_context(postgres.PostgresServer()).url


def _redis(engines: ExitStack) -> str:
    return redis.given_url() or engines.enter_context(redis.RedisServer()).url


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every check and every test.")
    parser.add_argument("--checks-only", action="store_true", help="leave out the engines and the tests")
    arguments = parser.parse_args()
    # Ended by a signal, the engines must still be stopped: turn it into an ordinary way out.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    report = verify(checks_only=arguments.checks_only)
    report.print()
    return 0 if all(row.ok for row in report.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
