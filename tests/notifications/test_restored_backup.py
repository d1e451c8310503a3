"""A backup is made while people work, everything leaves, the backup comes back: no old message goes out again."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from notifications import restores
from notifications.delivery import DeliveryReport
from notifications.models import Message
from tests.engines import postgres
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import Clock, person, post, post_many

PutBack = Callable[[], object]
Deliver = Callable[..., DeliveryReport]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_file")]


@pytest.fixture(autouse=True)
def _own_folder_and_programs(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    monkeypatch.setattr(restores, "_file_was_looked_at", False)
    if connection.vendor == "postgresql":
        programs = postgres.find_binaries() or postgres.wheel_binaries()
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def by_our_commands(file: Path) -> PutBack:
    call_command("backup", str(file))
    return lambda: call_command("restore", str(file), "--replace")


def by_hand(file: Path) -> PutBack:
    """With the tools of the engine alone, as an operator does who has not read docs/operations.md."""
    return _copied(file) if connection.vendor == "sqlite" else _dumped(file)


def _copied(file: Path) -> PutBack:
    live = Path(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(live)) as database:
        database.execute("VACUUM INTO ?", [str(file)])

    def put_back() -> None:
        connection.close()
        for rest in ("-wal", "-shm"):
            live.with_name(live.name + rest).unlink(missing_ok=True)
        shutil.copyfile(file, live)

    return put_back


def _dumped(file: Path) -> PutBack:
    wanted = connection.settings_dict
    login = make_conninfo(dbname=wanted["NAME"], user=wanted["USER"], host=wanted["HOST"], port=wanted["PORT"])
    environment = {**os.environ, "PGPASSWORD": wanted["PASSWORD"]}
    subprocess.run(["pg_dump", "-Fc", "-f", str(file), login], env=environment, check=True)
    connection.close()
    words = ["pg_restore", "--clean", "--if-exists", "--single-transaction", "-d", login, str(file)]
    return lambda: subprocess.run(words, env=environment, check=True)


@pytest.mark.parametrize("way", [by_our_commands, by_hand])
def test_what_left_after_the_backup_does_not_leave_again(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, tmp_path: Path, way: Callable[[Path], PutBack]
) -> None:
    post(key="long before")
    deliver()
    messages = post_many(20)
    put_back = way(tmp_path / "backup")
    assert deliver() == DeliveryReport(sent=20)
    smtp_sink.clear()

    put_back()
    clock.move(hours=1)

    assert deliver() == DeliveryReport()
    assert smtp_sink.messages == []
    assert set(Message.objects.held()) == set(messages)

    post(key="of today", to=person(21), now=clock())
    assert deliver() == DeliveryReport(sent=1)
    assert restores.release(Message.objects.filter(pk=messages[0].pk), by="maya", now=clock()) == 1
    assert deliver() == DeliveryReport(sent=1)
    assert [one.recipients[0] for one in smtp_sink.messages] == ["person21@mail.example", "person1@mail.example"]
    clock.move(days=1)
    assert deliver() == DeliveryReport()


def test_a_backup_from_before_the_first_message_holds_the_timetable_all_the_same(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, tmp_path: Path
) -> None:
    put_back = by_our_commands(tmp_path / "backup")
    with restores.by_timetable():
        post(key="reminder:1")
    deliver()
    put_back()

    with restores.by_timetable():
        again = post(key="reminder:1", now=clock())

    assert again.held_since == clock()
    assert deliver() == DeliveryReport()
    clock.now += restores.WATCH_TIMETABLE + timedelta(days=400)
    with restores.by_timetable():
        assert post(key="reminder:2", now=clock()).held_since is None


def test_a_backup_in_which_messages_were_held_already_says_how_many_are(
    clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post_many(3)
    restores.hold_all(now=clock())
    put_back = by_our_commands(tmp_path / "backup")
    Message.objects.all().delete()

    put_back()

    assert Message.objects.held().count() == 3
    assert "Messages held: 3." in capsys.readouterr().out
