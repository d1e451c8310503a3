"""The broker is only a bell: whatever happens to it, requests go on and messages arrive."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.db import transaction
from kombu import pools

from appointments.embedded.children import Family
from notifications import bell
from notifications.enums import MessageState
from notifications.models import Message
from tests.engines import machine
from tests.engines.redis import RedisServer
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import post, post_many
from tests.notifications.delivery.processes import ROOT, all_left, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Point this process's bell at a broker: `broker(url)`."""
    before = current_app.conf.broker_url

    def use(url: str) -> None:
        current_app.conf.broker_url = url
        current_app._after_fork()  # forgets its connections
        pools.reset()

    yield use
    use(before)


def rung(server: RedisServer) -> list[str]:
    """The tasks that wait in the broker."""
    with redis.Redis.from_url(server.url) as client:
        return [json.loads(item)["headers"]["task"] for item in client.lrange("celery", 0, -1)]


def test_the_bell_rings_once_a_transaction_and_only_after_the_commit(redis_server: RedisServer, broker: Any) -> None:
    broker(redis_server.url)
    with transaction.atomic():
        post_many(5)
        assert rung(redis_server) == []
    assert rung(redis_server) == [bell.TASK]


def test_a_transaction_that_fails_leaves_neither_message_nor_bell(redis_server: RedisServer, broker: Any) -> None:
    broker(redis_server.url)
    with pytest.raises(LookupError), transaction.atomic():
        post()
        raise LookupError
    assert rung(redis_server) == []
    assert not Message.objects.exists()


def test_a_dead_broker_neither_stops_nor_slows_who_writes(broker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broker(f"redis://127.0.0.1:{machine.free_port()}/0")
    asked: list[str] = []
    send_task = current_app.send_task

    def counted(name: str, **options: Any) -> Any:
        asked.append(name)
        return send_task(name, **options)

    monkeypatch.setattr(current_app._get_current_object(), "send_task", counted)
    for number in range(20):
        post(key=f"event:{number}")
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 20
    assert asked == [bell.TASK]  # after the first silence nobody is asked again for a while


def test_without_a_broker_the_bell_stays_still() -> None:
    assert str(current_app.conf.broker_url).startswith("memory")
    assert bell.ring() is False


@pytest.mark.crash
@pytest.mark.slow
def test_two_workers_and_two_timetables_on_a_broker_that_dies_and_forgets_send_each_message_once(
    redis_server: RedisServer, broker: Any, child_environment: dict[str, str], tmp_path: Path
) -> None:
    """Under a supervisor, as they run for real: the library may die with its broker and take its worker along."""
    broker(redis_server.url)
    with SmtpSink() as sink:
        environment = {
            **child_environment,
            "EMAIL_URL": sink.url,
            "REDIS_URL": redis_server.url,
            "RESCHEDULE_DATA": str(tmp_path / "data"),
            "WORKER_SILENCE_SECONDS": "20",
        }
        sink.answer_after(0.002)
        celery = [sys.executable, "-m", "celery", "--app", "reschedule"]
        worker = [*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
        beat = [*celery, "beat", "--schedule"]
        family = Family(environment=environment, folder=ROOT, say=lambda name, status: print(name, "left with", status))

        def everything_left() -> bool:
            family.look_after()
            return all_left()

        try:
            for name in ("one", "two"):
                family.start(f"worker {name}", [*worker, "--hostname", f"{name}@%h"])
                family.start(f"timetable {name}", [*beat, str(tmp_path / f"timetable-{name}")])
            first = post_many(100, about="letter:1", urgency="now", now=datetime.now(UTC))
            wait_for(everything_left, seconds=240, what="the first hundred")
            written = [post(key="while:0", about="letter:2", urgency="now", now=datetime.now(UTC))]
            redis_server.kill()
            written += [
                post(key=f"while:down:{number}", about="letter:2", urgency="now", now=datetime.now(UTC))
                for number in range(20)
            ]
            for turn in range(5):
                redis_server.start()
                time.sleep(0.3)
                redis_server.flush()
                written.append(post(key=f"while:{turn + 1}", about="letter:2", urgency="now", now=datetime.now(UTC)))
                redis_server.kill()
            redis_server.start()
            wait_for(everything_left, seconds=240, what="what was written while the broker was away")
        finally:
            family.stop()
        assert sink.count_by_message_id() == {message.message_id: 1 for message in (*first, *written)}
