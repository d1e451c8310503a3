"""Goal 2: thousands of customers pick the same times at once, beside the bare constraint.

Eight processes go through the same contested times in the same order; each time was offered, first come first served,
to one customer of each process. Exactly one of them may get it. The yardstick writes the same rows as SQL made by hand,
in one transaction. How fast the bare constraint could be is the limit: there the old occupancy goes, the new one comes,
the appointment gets its new time, and nothing else.
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
from django.test.utils import CaptureQueriesContext

from appointments.models import Answer, Appointment, AppointmentEvent, Link, Offer, Promise
from notifications.models import Message
from tests.benchmarks import database, picker, table
from tests.benchmarks.contest import PROCESSES, TIMES, contest
from tests.benchmarks.picker import Pick, Report
from tests.benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[2]
Runner = subprocess.Popen[str]


class Outcome(NamedTuple):
    """Picks a second, milliseconds of all but one in a hundred, overlapping rows afterwards, and what one pick asked.

    `again` is how often a transaction was begun anew after a deadlock.
    """

    rate: float
    p99: float
    overlaps: int
    statements: int
    again: int


def run(*, seed: int) -> list[Row]:
    bare, by_hand, ours = (_measure(side, seed=seed) for side in ("bare", "by_hand", "ours"))
    name = f"pick, {database.label()}: {PROCESSES * TIMES:,} colliding by {PROCESSES} processes"
    return [
        table.count(f"{name}, overlaps", ours.overlaps, at_most=0),
        table.count(f"pick, {database.label()}: statements", ours.statements, at_most=20),
        table.row(f"{name}, picks/s beside the same rows by hand", ours.rate, by_hand.rate, at_least=0.35),
        table.row(f"{name}, p99 beside the same rows by hand (ms)", ours.p99, by_hand.p99, at_most=4),
        table.beside(f"{name}, picks/s beside the bare constraint, the limit", ours.rate, bare.rate),
        table.beside(f"{name}, deadlocks of the same rows beside the bare constraint's", by_hand.again, bare.again),
    ]


def _measure(side: str, *, seed: int) -> Outcome:
    with database.fresh() as url:
        return _measure_on(url, side, seed=seed)


def _measure_on(url: str, side: str, *, seed: int) -> Outcome:
    picks, of_nobody_else = contest(seed)
    with CaptureQueriesContext(connection) as asked:
        if told := picker.accept(of_nobody_else):
            raise AssertionError(f"a pick without a rival was refused: {told}")
    database.settle()
    reports, passed = _race(side, picks, url)
    _must_be_right(reports, wrote_all=side != "bare")
    seconds = sorted(second for report in reports for second in report["seconds"])
    return Outcome(
        rate=len(seconds) / passed,
        p99=seconds[int(len(seconds) * 0.99)] * 1000,
        overlaps=overlaps(),
        statements=len(asked),
        again=sum(report["again"] for report in reports),
    )


def _must_be_right(reports: Sequence[Report], *, wrote_all: bool) -> None:
    """Every time has exactly one winner with all their rows, and everybody else was told why not."""
    winners = Counter(number for report in reports for number in report["won"])
    if winners != Counter(range(TIMES)):
        raise AssertionError(f"{sum(winners[n] != 1 for n in range(TIMES))} times have not exactly one winner")
    losers: Counter[str] = Counter()
    for report in reports:
        losers.update(report["lost"])
    if losers != Counter({"SlotTaken": (PROCESSES - 1) * TIMES}):
        raise AssertionError(f"the others were told: {losers}")
    if wrote_all and (found := _winners_rows()) != dict.fromkeys(found, TIMES + 1) | {"event": 2 * (TIMES + 1)}:
        raise AssertionError(f"the winners left {found}")


def _winners_rows() -> dict[str, int]:
    """How many rows tell of a pick, in each table that should."""
    return {
        "answer": Answer.objects.filter(kind="pick", offer__state="taken").count(),
        "event": AppointmentEvent.objects.count(),
        "link": Link.objects.count(),
        "message": Message.objects.exclude(mime=None).exclude(attachments=[]).count(),
        "lapsed": Offer.objects.filter(state="lapsed", request__state="accepted").count(),
        "promise": Promise.objects.filter(state="released").count(),
        "moved": Appointment.objects.filter(sequence=1).count(),
    }


def overlaps() -> int:
    """How many pairs of rows of one resource share some time."""
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
