"""Workers that are killed, doubled or stopped: nothing is lost, and what is repeated is recognisable."""

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from notifications import delivery
from notifications.delivery.records import HOLD
from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Heartbeat, Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import post_many
from tests.notifications.delivery.processes import ForkedWorkers, Worker, all_left, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash, pytest.mark.slow]

CONNECTIONS = 4
MESSENGER = ("manage.py", "messenger")


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def environment(child_environment: dict[str, str], sink: SmtpSink, tmp_path: Path) -> dict[str, str]:
    return {
        **child_environment,
        "EMAIL_URL": sink.url,
        "RESCHEDULE_DATA": str(tmp_path / "data"),
        "OUTBOX_SMTP_CONNECTIONS": str(CONNECTIONS),
    }


@pytest.fixture
def hasty(environment: dict[str, str]) -> dict[str, str]:
    """What a dead worker held is taken over after two seconds, so that a test need not wait for minutes."""
    return environment | {"OUTBOX_LEASE_SECONDS": "2", "OUTBOX_SMTP_TIMEOUT": "1"}


def letters(count: int) -> list[Message]:
    return post_many(count, about="letter:1", urgency="now", now=datetime.now(UTC))


def test_a_worker_killed_again_and_again_loses_nothing_and_repeats_at_most_one_message_a_connection(
    hasty: dict[str, str], sink: SmtpSink
) -> None:
    chance = random.Random(9)
    messages = letters(1000)
    sink.answer_after(0.002)
    kills = 0
    with ForkedWorkers(environment=hasty) as workers:
        while len(sink.messages) < 950:
            worker = workers.start()
            sink.wait_for(len(sink.messages) + chance.randint(1, 80), seconds=240)
            time.sleep(chance.uniform(0, 0.01))
            os.kill(worker, signal.SIGKILL)
            workers.wait()
            kills += 1
        workers.start()
        workers.wait()
    assert all_left()
    counts = sink.count_by_message_id()
    assert set(counts) == {message.message_id for message in messages}
    assert kills >= 12
    assert counts.total() - len(messages) <= kills * CONNECTIONS
    repeated = {message_id for message_id, times in counts.items() if times > 1}
    told = set(Message.objects.filter(perhaps_sent=True).values_list("message_id", flat=True))
    assert repeated <= told


def test_a_killed_worker_keeps_nothing_but_what_was_on_its_way(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    """What waited in its hands is free within a quarter of a minute; what may have left waits for a whole lease."""
    messages = letters(200)
    sink.answer_after(0.5)
    log = tmp_path / "messenger.log"
    with Worker(*MESSENGER, environment=environment, log=log):
        sink.wait_for(CONNECTIONS, seconds=240)
    killed = timezone.now()
    held = Message.objects.exclude(leased_until=None)
    waiting = held.filter(state=MessageState.QUEUED)
    assert waiting.count() > 50
    assert not waiting.filter(leased_until__gt=killed + HOLD).exists()
    on_their_way = held.filter(state=MessageState.SENDING)
    assert on_their_way.count() <= CONNECTIONS
    assert not on_their_way.filter(leased_until__lte=killed + HOLD).exists()
    sink.behave()
    left = list(waiting.values_list("message_id", flat=True))
    with Worker(*MESSENGER, environment=environment, log=log):
        wait_for(lambda: sent(left), seconds=240, what="what waited sent", log=log)
    assert on_their_way.count() <= CONNECTIONS  # still nobody's business: they may have arrived
    counts = sink.count_by_message_id()
    assert counts.total() <= len(messages) + CONNECTIONS
    assert all(counts[message_id] == 1 for message_id in left)


def sent(message_ids: list[str]) -> bool:
    return Message.objects.filter(message_id__in=message_ids, state=MessageState.SENT).count() == len(message_ids)


def test_a_worker_killed_while_the_server_keeps_silent_leaves_perhaps_sent_and_one_recognisable_copy(
    hasty: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    (message,) = letters(1)
    sink.hang_after_data(times=1)
    log = tmp_path / "messenger.log"
    with Worker(*MESSENGER, environment=hasty | {"OUTBOX_SMTP_TIMEOUT": "60"}, log=log):
        sink.wait_for(1, seconds=240)
    message.refresh_from_db()
    assert message.state == MessageState.SENDING
    with Worker(*MESSENGER, environment=hasty, log=log):
        wait_for(all_left, seconds=240, what="the message sent", log=log)
    message.refresh_from_db()
    assert message.perhaps_sent
    assert list(message.delivery_attempts.values_list("outcome", flat=True)) == [Outcome.PERHAPS, Outcome.SENT]
    assert sink.count_by_message_id() == {message.message_id: 2}


def test_two_messengers_on_one_database_send_each_message_once(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    first_log, second_log = tmp_path / "first.log", tmp_path / "second.log"
    sink.answer_after(0.005)
    with (
        Worker(*MESSENGER, environment=environment, log=first_log) as first,
        Worker(*MESSENGER, environment=environment, log=second_log) as second,
    ):
        wait_for(lambda: Heartbeat.objects.exists(), seconds=240, what="a heartbeat", log=first_log)
        messages = letters(300)
        wait_for(all_left, seconds=240, what="all messages sent", log=second_log)
        assert [first.stop(), second.stop()] == [0, 0]
    assert sink.count_by_message_id() == {message.message_id: 1 for message in messages}
    assert DeliveryAttempt.objects.count() == 300
    assert not Message.objects.filter(perhaps_sent=True).exists()


def test_a_messenger_asked_to_stop_finishes_what_is_under_way_and_repeats_nothing(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    messages = letters(200)
    sink.answer_after(0.02)
    log = tmp_path / "messenger.log"
    with Worker(*MESSENGER, environment=environment, log=log) as first:
        sink.wait_for(20, seconds=240)
        assert first.stop() == 0
    assert len(sink.messages) < 200
    assert not Message.objects.filter(state=MessageState.SENDING).exists()
    assert Message.objects.filter(state=MessageState.SENT).count() == len(sink.messages)
    with Worker(*MESSENGER, environment=environment, log=log):
        wait_for(all_left, seconds=240, what="all messages sent", log=log)
    assert sink.count_by_message_id() == {message.message_id: 1 for message in messages}


@pytest.mark.postgres_only
def test_a_database_that_keeps_cutting_its_connections_loses_nothing_and_repeats_nothing(sink: SmtpSink) -> None:
    """As when it is restarted under load: what workers bring back is written down when it is there again."""
    messages = letters(200)
    wanted = connection.settings_dict
    address = {"host": wanted["HOST"], "port": wanted["PORT"], "user": wanted["USER"], "dbname": wanted["NAME"]}
    cuts: list[int] = []

    def cut() -> None:
        with psycopg.connect(**address, password=wanted["PASSWORD"], autocommit=True) as other:
            for count in (30, 80, 130, 180):
                sink.wait_for(count, seconds=240)
                cut_off = other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ).fetchall()
                cuts.append(len(cut_off))

    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=sink.host,
        EMAIL_PORT=sink.port,
        EMAIL_HOST_USER="",
        EMAIL_USE_TLS=False,
        EMAIL_USE_SSL=False,
    ):
        sink.answer_after(0.01)
        cutter = Thread(target=cut)
        cutter.start()
        delivery.deliver_due(now_fn=lambda: datetime.now(UTC), seconds=120)
        cutter.join()
    connection.close()
    assert len(cuts) == 4
    assert sum(cuts) >= 4
    assert sink.count_by_message_id() == {message.message_id: 1 for message in messages}
    assert all_left()
