"""Workers that are killed, doubled or stopped: nothing is lost, and what is repeated is recognisable."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Heartbeat, Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import post_many
from tests.notifications.processes import Worker, all_left, wait_for

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
        "OUTBOX_LEASE_SECONDS": "2",
        "OUTBOX_SMTP_TIMEOUT": "1",
    }


def letters(count: int) -> list[Message]:
    return post_many(count, about="letter:1", urgency="now", now=datetime.now(UTC))


def test_a_worker_killed_again_and_again_loses_nothing_and_repeats_at_most_one_message_a_connection(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    chance = random.Random(9)
    messages = letters(1000)
    sink.answer_after(0.002)
    log = tmp_path / "messenger.log"
    kills = 0
    while len(sink.messages) < 900:
        before = len(sink.messages)
        with Worker(*MESSENGER, environment=environment, log=log):
            target = before + chance.randint(1, 150)
            wait_for(lambda target=target: len(sink.messages) >= target, seconds=60, what="some mail", log=log)  # type: ignore[misc]
        kills += 1
    with Worker(*MESSENGER, environment=environment, log=log) as last:
        wait_for(all_left, seconds=90, what="all messages sent", log=log)
        assert last.stop() == 0
    counts = sink.count_by_message_id()
    assert set(counts) == {message.message_id for message in messages}
    assert kills >= 6
    assert counts.total() - len(messages) <= kills * CONNECTIONS
    repeated = {message_id for message_id, times in counts.items() if times > 1}
    told = set(Message.objects.filter(perhaps_sent=True).values_list("message_id", flat=True))
    assert repeated <= told


def test_a_worker_killed_while_the_server_keeps_silent_leaves_perhaps_sent_and_one_recognisable_copy(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    (message,) = letters(1)
    sink.hang_after_data(times=1)
    log = tmp_path / "messenger.log"
    with Worker(*MESSENGER, environment=environment | {"OUTBOX_SMTP_TIMEOUT": "60"}, log=log):
        sink.wait_for(1, seconds=60)
    message.refresh_from_db()
    assert message.state == MessageState.SENDING
    with Worker(*MESSENGER, environment=environment, log=log):
        wait_for(all_left, seconds=60, what="the message sent", log=log)
    message.refresh_from_db()
    assert message.perhaps_sent
    assert list(message.delivery_attempts.values_list("outcome", flat=True)) == [Outcome.PERHAPS, Outcome.SENT]
    assert sink.count_by_message_id() == {message.message_id: 2}


def test_two_messengers_on_one_database_send_each_message_once(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    patient = environment | {"OUTBOX_LEASE_SECONDS": "60"}
    first_log, second_log = tmp_path / "first.log", tmp_path / "second.log"
    sink.answer_after(0.005)
    with (
        Worker(*MESSENGER, environment=patient, log=first_log) as first,
        Worker(*MESSENGER, environment=patient, log=second_log) as second,
    ):
        wait_for(lambda: Heartbeat.objects.exists(), seconds=60, what="a heartbeat", log=first_log)
        messages = letters(600)
        wait_for(all_left, seconds=60, what="all messages sent", log=second_log)
        assert [first.stop(), second.stop()] == [0, 0]
    assert sink.count_by_message_id() == {message.message_id: 1 for message in messages}
    assert DeliveryAttempt.objects.count() == 600
    assert not Message.objects.filter(perhaps_sent=True).exists()


def test_a_messenger_asked_to_stop_finishes_what_is_under_way_and_repeats_nothing(
    environment: dict[str, str], sink: SmtpSink, tmp_path: Path
) -> None:
    messages = letters(300)
    sink.answer_after(0.01)
    log = tmp_path / "messenger.log"
    with Worker(*MESSENGER, environment=environment, log=log) as first:
        sink.wait_for(20, seconds=60)
        assert first.stop() == 0
    assert len(sink.messages) < 300
    assert not Message.objects.filter(state=MessageState.SENDING).exists()
    assert Message.objects.filter(state=MessageState.SENT).count() == len(sink.messages)
    with Worker(*MESSENGER, environment=environment, log=log):
        wait_for(all_left, seconds=60, what="all messages sent", log=log)
    assert sink.count_by_message_id() == {message.message_id: 1 for message in messages}
