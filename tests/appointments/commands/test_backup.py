"""`manage.py backup` and `manage.py restore`: whole, checked, and never over somebody's data by accident."""

import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from appointments.backups import archive, engines
from appointments.models import Appointment, AppointmentEvent, Customer
from tests.clock import NOW
from tests.engines import postgres
from tests.factories import clinic

pytestmark = pytest.mark.django_db(transaction=True)
MODELS = (Appointment, AppointmentEvent, Customer)


@pytest.fixture(autouse=True)
def _programs(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path
    if connection.vendor == "postgresql":
        programs = postgres.find_binaries() or postgres.wheel_binaries()
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def business() -> dict[str, list[Any]]:
    """A clinic with a customer and a history; what is in its tables."""
    AppointmentEvent.objects.create(appointment=clinic().booked(), at=NOW, kind="booked", actor_kind="staff")
    return content()


@pytest.fixture
def backup(business: dict[str, list[Any]], tmp_path: Path) -> Path:
    file = tmp_path / "monday.backup"
    call_command("backup", str(file))
    return file


def content() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def changed(backup: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The same backup with another manifest."""
    with zipfile.ZipFile(backup) as source:
        manifest, dump = json.loads(source.read("manifest.json")), source.read("database")
    change(manifest)
    other = backup.with_name("other.backup")
    with zipfile.ZipFile(other, "w") as target:
        target.writestr("manifest.json", json.dumps(manifest))
        target.writestr("database", dump)
    return other


def refusal(*words: str) -> str:
    before = content()
    with pytest.raises(CommandError) as refused:
        call_command(*words)
    assert content() == before
    return str(refused.value)


@pytest.mark.slow
def test_what_was_there_is_there_again_and_guarded_as_before(
    business: dict[str, list[Any]], backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Customer.objects.create(name="After the backup")
    Appointment.objects.update(sequence=7)

    call_command("restore", str(backup), "--replace")

    assert content() == business
    told = capsys.readouterr().out
    assert "Messages held: 0" in told
    assert "mail server" in told
    with pytest.raises(DatabaseError, match="history_is_append_only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM appointments_appointmentevent")


def test_it_says_what_it_is_and_only_the_owner_may_read_it(backup: Path) -> None:
    manifest = archive.read(backup)

    assert (manifest.product, manifest.format, manifest.engine) == ("reschedule", 1, connection.vendor)
    assert "appointments.0001_initial" in manifest.migrations
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir() if path.name.startswith(".")] == []


def test_a_database_in_use_is_replaced_only_when_that_is_said(backup: Path) -> None:
    assert "--replace" in refusal("restore", str(backup))


def test_a_file_that_is_there_is_never_overwritten(backup: Path) -> None:
    before = backup.read_bytes()

    assert "exists already" in refusal("backup", str(backup))
    assert backup.read_bytes() == before


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "no folder" in refusal("backup", str(tmp_path / "disk" / "monday.backup"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda manifest: manifest.update(product="another"), "not a backup of this product"),
        (lambda manifest: manifest.update(format=2), "later version"),
        (lambda manifest: manifest.pop("sha256"), "damaged"),
        (lambda manifest: manifest.update(sha256="0" * 64), "damaged"),
        (lambda manifest: manifest.update(engine="oracle"), "of oracle"),
        (lambda manifest: manifest["migrations"].append("appointments.9999_future"), "appointments.9999_future"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_touched(
    backup: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    assert words in refusal("restore", str(changed(backup, change)), "--replace")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"PK\x05\x06" + b"\0" * 18])
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "something"
    file.write_bytes(content)

    assert "not a backup of this product" in refusal("restore", str(file))
    assert "not a backup of this product" in refusal("restore", str(tmp_path / "nothing"))


def test_a_backup_that_was_cut_short_is_refused(backup: Path) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2])

    assert "not a backup" in refusal("restore", str(backup), "--replace")


def test_a_backup_that_fails_leaves_no_file(business: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(OSError, match="No space"):
        call_command("backup", str(tmp_path / "monday.backup"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_backup_is_made_in_a_process_of_its_own_and_restored_into_an_empty_database(
    business: dict[str, list[Any]], child_environment: dict[str, str], tmp_path: Path
) -> None:
    """As cron would; the other database is of the same server, or another file."""
    file = tmp_path / "nightly.backup"
    _manage("backup", str(file), environment=child_environment)
    url, other = _another_database(child_environment["DATABASE_URL"], tmp_path)
    environment = child_environment | {"DATABASE_URL": url, "RESCHEDULE_DATA": str(tmp_path / "other")}
    try:
        told = _manage("restore", str(file), environment=environment)
        assert "Restored" in told
        listed = _manage("held", environment=environment)
        assert "Held: 0" in listed
    finally:
        if other:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {other} WITH (FORCE)")


def _another_database(url: str, folder: Path) -> tuple[str, str]:
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'another.sqlite3'}", ""
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE another_for_restore")
    return f"{url.rsplit('/', 1)[0]}/another_for_restore", "another_for_restore"


def _manage(*words: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


# The programs of PostgreSQL.


@pytest.mark.postgres_only
@pytest.mark.parametrize(
    ("program", "words"),
    [(None, "pg_dump is not in PATH"), ("echo 'pg_dump (PostgreSQL) 9.6'", "older than the server")],
)
def test_programs_that_are_missing_or_too_old_are_named_before_anything_is_written(
    business: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, words: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    if program:
        (programs / "pg_dump").write_text(f"#!/bin/sh\n{program}\n")
        (programs / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))

    told = refusal("backup", str(tmp_path / "monday.backup"))

    assert words in told
    assert "postgresql-client" in told
    assert not (tmp_path / "monday.backup").exists()


@pytest.mark.postgres_only
def test_a_restore_that_fails_half_way_changes_nothing(
    business: dict[str, list[Any]], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drops = list(engines._drops())
    monkeypatch.setattr(engines, "_drops", lambda: iter([*drops, "SELECT 1 / 0;"]))

    assert "division by zero" in refusal("restore", str(backup), "--replace")


@pytest.mark.postgres_only
def test_no_command_shows_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret")

    assert "s3cret" not in engines._login()
