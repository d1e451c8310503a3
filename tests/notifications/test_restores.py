"""A database that was restored or copied sends nothing old by itself; a person releases or drops what waited."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from notifications import outbox, restores, signals
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState
from notifications.health import condition
from notifications.models import DeliveryAttempt, Epoch, Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import NOON, Clock, person, post, post_many

Deliver = Callable[..., DeliveryReport]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder outside the database; this process has not looked at it yet."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(restores, "_file_was_looked_at", False)
    return tmp_path


@pytest.fixture
def restored(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> list[Message]:
    """Three messages waited at the backup and left after it; the backup was put back, and the worker looked."""
    messages = post_many(3)
    backup = list(Message.objects.values())
    deliver()
    smtp_sink.clear()
    DeliveryAttempt.objects.all().delete()
    for row in backup:
        Message.objects.filter(pk=row["id"]).update(**row)
    Epoch.objects.update(turn=0)
    clock.move(minutes=10)
    assert deliver() == DeliveryReport()
    return messages


def test_what_waited_at_the_backup_is_held_and_what_people_write_now_leaves(
    restored: list[Message], smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    post(key="of today", to=person(9), now=clock())

    assert deliver() == DeliveryReport(sent=1)

    assert [one.recipients for one in smtp_sink.messages] == [("person9@mail.example",)]
    assert set(Message.objects.held()) == set(restored)
    found = condition(now=clock() + timedelta(hours=3))
    assert (found.held, found.stuck, found.oldest_due) == (3, (), timedelta(0))


def test_it_is_held_once_and_not_at_every_look(restored: list[Message], deliver: Deliver, clock: Clock) -> None:
    restores.release(Message.objects.all(), by="maya", now=clock())

    assert deliver() == DeliveryReport(sent=3)


def test_what_was_on_its_way_at_the_backup_is_held_too(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    post_many(2)
    deliver()
    Epoch.objects.update(turn=0)
    Message.objects.update(state=MessageState.SENDING, sent_at=None, leased_until=clock() - timedelta(hours=1))

    assert deliver() == DeliveryReport()

    assert Message.objects.held().filter(perhaps_sent=True).count() == 2


def test_a_copy_under_another_address_holds_what_the_original_sends(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    post()
    Epoch.objects.create(pk=Epoch.ONLY, home="where the original lives")

    assert deliver() == DeliveryReport()

    assert Message.objects.held().count() == 1


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("seconds", "held"), [(5, 0), (15, 1)])
def test_a_folder_that_was_put_back_as_a_whole_is_known_by_its_file(
    smtp_sink: SmtpSink, deliver: Deliver, folder: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, held: int
) -> None:
    """The file agrees with the database, and is younger on this disk than it says itself."""
    post(key="before")
    deliver()
    post(key="waiting", to=person(2))
    file = folder / "outbox-epoch.json"
    mark = json.loads(file.read_text())
    file.write_text(json.dumps(mark | {"written": file.stat().st_ctime - seconds}))
    os.utime(file, (0, 0))  # as tar and rsync do; what the system notes by itself cannot be set
    monkeypatch.setattr(restores, "_file_was_looked_at", False)

    assert deliver() == DeliveryReport(sent=1 - held)

    assert Message.objects.held().count() == held


@pytest.mark.parametrize("broken", ["", "{", '{"name": 1}', "[]"])
def test_a_file_that_cannot_be_read_holds_nothing_and_is_written_anew(
    smtp_sink: SmtpSink, deliver: Deliver, folder: Path, broken: str
) -> None:
    post()
    (folder / "outbox-epoch.json").write_text(broken)

    assert deliver() == DeliveryReport(sent=1)

    assert json.loads((folder / "outbox-epoch.json").read_text())["turn"] == 1


def test_a_folder_that_cannot_be_written_stops_no_message(smtp_sink: SmtpSink, deliver: Deliver, settings: Any) -> None:
    settings.DATA_DIR = "/dev/null/nowhere"
    post()

    assert deliver() == DeliveryReport(sent=1)


def test_every_run_that_sends_counts_a_turn_and_a_run_without_work_does_not(
    smtp_sink: SmtpSink, deliver: Deliver, folder: Path
) -> None:
    deliver()
    assert Epoch.objects.get().turn == 0
    post_many(5)
    deliver()
    deliver()

    assert Epoch.objects.get().turn == 1
    assert json.loads((folder / "outbox-epoch.json").read_text())["turn"] == 1


# What the timetable does again.


@pytest.mark.parametrize(
    ("after", "held"),
    [(timedelta(0), True), (timedelta(minutes=29, seconds=59), True), (timedelta(minutes=30), False)],
)
def test_what_the_timetable_writes_again_after_a_restore_is_held_for_a_while(
    restored: list[Message], clock: Clock, after: timedelta, held: bool
) -> None:
    clock.now += after

    with restores.by_timetable():
        message = post(key="reminder:7", to=person(7), now=clock())

    assert message.held_since == (clock() if held else None)


def test_on_an_ordinary_day_the_timetable_is_not_held() -> None:
    restores.watch(now=NOON)

    with restores.by_timetable():
        assert post().held_since is None


# What a person decides.


def test_released_messages_leave_once_when_they_are_still_true(
    restored: list[Message], smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    stale = restored[0]

    def no_longer_true(message: Message, **kwargs: Any) -> str:
        return "It has moved again." if message.pk == stale.pk else ""

    signals.before_send.connect(no_longer_true, weak=False)

    assert restores.release(Message.objects.all(), by="maya", now=clock()) == 3
    assert condition(now=clock()).oldest_due == timedelta(0)
    assert deliver() == DeliveryReport(sent=2, dropped=1)
    assert deliver() == DeliveryReport()
    assert [one.detail for one in stale.delivery_attempts.filter(outcome="again")] == ["maya"]


def test_dropped_messages_never_leave(restored: list[Message], deliver: Deliver, clock: Clock) -> None:
    chosen = Message.objects.filter(pk=restored[0].pk)

    assert restores.drop(chosen, by="maya", now=clock(), reason="They were phoned.") == 1

    gone = chosen.get()
    assert (gone.state, gone.secrets, gone.mime) == (MessageState.CANCELLED, {}, None)
    assert gone.why == "Not sent after the restore, decided by maya. They were phoned."
    assert [(one.outcome, one.detail) for one in gone.delivery_attempts.all()] == [("dropped", "maya")]
    assert Message.objects.held().count() == 2
    assert deliver() == DeliveryReport()


def test_only_what_is_held_is_released_or_dropped(smtp_sink: SmtpSink, clock: Clock) -> None:
    post()

    assert restores.release(Message.objects.all(), by="maya", now=clock()) == 0
    assert restores.drop(Message.objects.all(), by="maya", now=clock()) == 0
    assert Message.objects.get().state == MessageState.QUEUED


def test_what_is_held_can_be_taken_back_or_sent_again_like_anything_that_waits(
    restored: list[Message], deliver: Deliver, clock: Clock
) -> None:
    assert outbox.cancel(keys=[restored[0].key], now=clock()) == 1
    outbox.send_again(Message.objects.get(pk=restored[1].pk), by="maya", now=clock())

    assert deliver() == DeliveryReport(sent=1)
    assert [message.pk for message in Message.objects.held()] == [restored[2].pk]


@pytest.mark.parametrize("second", [restores.release, restores.drop])
def test_of_two_who_decide_at_once_one_decides(
    restored: list[Message], clock: Clock, second: Callable[..., int]
) -> None:
    start, counts = Barrier(2), []

    def decide(what: Callable[..., int]) -> None:
        try:
            start.wait()
            counts.append(what(Message.objects.all(), by="maya", now=clock()))
        finally:
            connection.close()

    people = [Thread(target=decide, args=(what,)) for what in (restores.release, second)]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert sorted(counts) == [0, 3]
    assert DeliveryAttempt.objects.count() == 3


def test_the_operator_who_knows_better_holds_all_that_waits(
    smtp_sink: SmtpSink, deliver: Deliver, capsys: pytest.CaptureFixture[str]
) -> None:
    """A snapshot of the whole machine looks like yesterday in every respect."""
    post_many(2)

    call_command("held", "--hold")

    assert capsys.readouterr().out == "Held: 2\n"
    assert deliver() == DeliveryReport()
