"""Every check and every test, on SQLite and on PostgreSQL: what `make test` runs.

Nothing stops at the first failure. At the end a table says what ran, what failed and what could not run, and a plain
line counts the tests. An engine that is missing, or a test that was skipped, is a failure.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.engines import EngineMissing, chromium, postgres, redis

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
BIN = Path(sys.executable).parent
LONGEST_STEP = 1800  # seconds; a step that hangs must not hang the whole run
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


@dataclass
class Report:
    """What happened so far."""

    rows: list[Row] = field(default_factory=list)
    passed: int = 0
    failed: int = 0

    def engine(self, name: str, start: Callable[[], str]) -> str | None:
        """Start or find an engine by `start`, which returns where it is; None, noted, when it is missing."""
        try:
            where = start()
        except (EngineMissing, TimeoutError) as missing:
            self.rows.append(Row(f"engine {name}", ok=False, note=f"MISSING: {missing}"))
            return None
        self.rows.append(Row(f"engine {name}", ok=True, note=where))
        return where

    def check(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        code, seconds = _run(name, command, environment)
        self.rows.append(Row(name, ok=code == 0, note="" if code == 0 else f"exit code {code}", seconds=seconds))

    def tests(self, name: str, environment: dict[str, str]) -> None:
        """Run the whole test suite and count what it says."""
        result = BUILD / f"tests-{name.lower()}.xml"
        result.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, f"--junitxml={result}", "--durations=8"]
        code, seconds = _run(f"tests on {name}", command, environment)
        if not result.exists():
            self.failed += 1
            self.rows.append(Row(f"tests on {name}", ok=False, note=f"did not run: exit code {code}", seconds=seconds))
            return
        total, failed, skipped = _counts(result)
        passed = total - failed - skipped
        self.passed += passed
        self.failed += failed
        note = f"{passed} passed, {failed} failed" + (f", {skipped} SKIPPED" if skipped else "")
        self.rows.append(Row(f"tests on {name}", ok=code == 0 and not skipped, note=note, seconds=seconds))

    def print(self) -> None:
        width = max(len(row.name) for row in self.rows)
        print("\n" + "─" * 78)
        for row in self.rows:
            print(f"{'ok    ' if row.ok else 'FAILED'}  {row.name:<{width}}  {row.seconds:6.1f} s  {row.note}")
        print("─" * 78)
        bad = [row.name for row in self.rows if not row.ok]
        print(f"Not in order: {', '.join(bad)}." if bad else "All in order.")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)


def _run(title: str, command: list[str], environment: dict[str, str]) -> tuple[int, float]:
    print(f"\n── {title}", flush=True)
    began = time.monotonic()
    try:
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False, timeout=LONGEST_STEP
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"{title}: ended after {LONGEST_STEP} s", flush=True)
        code = 124
    return code, time.monotonic() - began


def _counts(result: Path) -> tuple[int, int, int]:
    """Tests, failures with errors, and skips in a JUnit file."""
    suites = ET.parse(result).getroot().iter("testsuite")  # noqa: S314  pytest wrote it a moment ago
    numbers = [[int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")] for suite in suites]
    tests, failures, errors, skipped = (sum(column) for column in zip(*numbers, strict=True))
    return tests, failures + errors, skipped


def _environment(data: Path, **more: str) -> dict[str, str]:
    """Nothing of a developer's own settings; a data folder of this run."""
    foreign = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG", "DEMO", "EMBEDDED", "SECRET_KEY", "PUBLIC_URL")
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
        for name, command in CHECKS.items():
            report.check(name, command, environment)
        if not checks_only:
            report.tests("SQLite", environment)
            if server:
                report.tests("PostgreSQL", {**environment, "DATABASE_URL": server})
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
