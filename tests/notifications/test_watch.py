"""A worker that nothing reaches any more does not stay and look alive."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appointments.embedded.children import Family
from notifications.watch import EXIT_CODE
from tests.engines.redis import RedisServer
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import post
from tests.notifications.delivery.processes import ROOT, Worker, all_left, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash, pytest.mark.slow, pytest.mark.sqlite_only]


def test_a_worker_that_hears_nothing_leaves_with_all_its_children(
    redis_server: RedisServer, child_environment: dict[str, str], tmp_path: Path
) -> None:
    """Its broker answers, and no timetable rings."""
    environment = child_environment | {
        "REDIS_URL": redis_server.url,
        "RESCHEDULE_DATA": str(tmp_path / "data"),
        "WORKER_SILENCE_SECONDS": "3",
    }
    log = tmp_path / "worker.log"
    command = ("-m", "celery", "--app", "reschedule", "worker", "--concurrency", "2")
    with Worker(*command, environment=environment, log=log) as worker:
        assert worker.process.wait(240) == EXIT_CODE
        wait_for(lambda: living(worker.process.pid) == [], seconds=60, what="its children gone", log=log)
    assert "Nothing came from the broker for 3 s" in log.read_text()


def living(group: int) -> list[int]:
    """The processes of a group that still run."""
    listed = subprocess.run(["ps", "-e", "-o", "pgid=,pid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return [int(pid) for pgid, pid, state in rows if int(pgid) == group and not state.startswith("Z")]


def test_a_messenger_that_hears_nothing_is_started_again_and_delivers(
    child_environment: dict[str, str], tmp_path: Path
) -> None:
    post(about="letter:1", urgency="now", now=datetime.now(UTC))
    deaths: list[tuple[str, int]] = []
    been_here = tmp_path / "been-here"
    with SmtpSink() as sink:
        environment = child_environment | {
            "EMAIL_URL": sink.url,
            "RESCHEDULE_DATA": str(tmp_path / "data"),
            "WORKER_SILENCE_SECONDS": "20",
        }
        family = Family(environment=environment, folder=ROOT, say=lambda name, status: deaths.append((name, status)))
        program = "tests.notifications.delivery.deaf_messenger"
        family.start("messenger", [sys.executable, "-m", program, str(been_here)])
        try:
            family.watch(until=lambda: all_left() or len(deaths) > 1)
        finally:
            family.stop()
        assert len(sink.messages) == 1
    assert deaths == [("messenger", EXIT_CODE)]
