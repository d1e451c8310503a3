"""Goal 2: thousands of customers pick the same times at once, beside the bare constraint.

Eight processes go through the same contested times in the same order; each time was offered, first come first served,
to one customer of each process. Exactly one of them may get it. The yardstick changes the same rows in bare SQL: the
old occupancy goes, the new one comes, the appointment gets its new time, in one transaction.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from tests.benchmarks import database, table
from tests.benchmarks.contest import PROCESSES, TIMES, contest
from tests.benchmarks.picker import Pick, Report
from tests.benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[2]
Runner = subprocess.Popen[str]


class Outcome(NamedTuple):
    """Picks a second, milliseconds of all but one in a hundred, and overlapping rows afterwards."""

    rate: float
    p99: float
    overlaps: int


def run(*, seed: int) -> list[Row]:
    with database.fresh() as url:
        bare = _measure("bare", seed=seed, url=url)
        database.empty()
        ours = _measure("ours", seed=seed, url=url)
    name = f"pick, {database.label()}: {PROCESSES * TIMES:,} colliding by {PROCESSES} processes"
    return [
        table.count(f"{name}, overlaps", ours.overlaps, at_most=0),
        table.row(f"{name}, picks/s beside the bare constraint", ours.rate, bare.rate, at_least=0.5),
        table.row(f"{name}, p99 beside the bare constraint (ms)", ours.p99, bare.p99, at_most=5),
    ]


def _measure(side: str, *, seed: int, url: str) -> Outcome:
    picks = contest(seed)
    database.settle()
    reports, passed = _race(side, picks, url)
    _must_be_right(reports)
    seconds = sorted(second for report in reports for second in report["seconds"])
    return Outcome(len(seconds) / passed, seconds[int(len(seconds) * 0.99)] * 1000, _overlaps())


def _must_be_right(reports: Sequence[Report]) -> None:
    """Every time has exactly one winner, and everybody else was told why not."""
    winners = Counter(number for report in reports for number in report["won"])
    if winners != Counter(range(TIMES)):
        raise AssertionError(f"{sum(winners[n] != 1 for n in range(TIMES))} times have not exactly one winner")
    losers: Counter[str] = Counter()
    for report in reports:
        losers.update(report["lost"])
    if losers != Counter({"SlotTaken": (PROCESSES - 1) * TIMES}):
        raise AssertionError(f"the others were told: {losers}")


def _overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM appointments_occupancy one JOIN appointments_occupancy other "
            "ON one.resource_id = other.resource_id AND one.id < other.id "
            "AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at"
        )
        return int(cursor.fetchone()[0])


def _race(side: str, picks: Sequence[Sequence[Pick]], url: str) -> tuple[list[Report], float]:
    """Let all go at one moment. What each reports, and the seconds until the last was done."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.benchmarks.picker", side]
    runners = [
        subprocess.Popen(command, env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in picks
    ]
    for runner, own in zip(runners, picks, strict=True):
        _say(runner, json.dumps(own))
    for runner in runners:
        _hear(runner)
    began = time.perf_counter()
    for runner in runners:
        _say(runner, "go")
    reports: list[Report] = [json.loads(_hear(runner)) for runner in runners]
    passed = time.perf_counter() - began
    for runner in runners:
        runner.communicate()
    return reports, passed


def _say(runner: Runner, words: str) -> None:
    assert runner.stdin is not None
    runner.stdin.write(words + "\n")
    runner.stdin.flush()


def _hear(runner: Runner) -> str:
    assert runner.stdout is not None
    line = runner.stdout.readline()
    if not line:
        raise AssertionError("a process ended before it had reported")
    return line
