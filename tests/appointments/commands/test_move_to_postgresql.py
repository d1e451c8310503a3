"""`manage.py move_to_postgresql`: everything arrives, or nothing does; and each message is sent by one of the two."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from appointments.backups import in_use
from appointments.backups.moving import comparing, target
from appointments.models import Customer, Occupancy, Offer
from notifications import restores
from notifications.models import Message
from tests import migrated
from tests.clock import NOW
from tests.factories import Clinic, clinic
from tests.factories.recovery import at_resolve, work_through
from tests.house.source import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only, pytest.mark.slow]
NUMBERS = count(1)
ON_THE_OTHER_SIDE = """
import django
django.setup()
from datetime import UTC, datetime
from django.db import DatabaseError, connection
from appointments.domain.moving import answers
from appointments.models import Customer, Offer
from notifications import restores
from notifications.models import Message
now = datetime.fromisoformat("{now}")
print("held", restores.watch(now=now), Message.objects.held().count())
before = set(Message.objects.values_list("pk", flat=True))
answers.accept(Offer.objects.get(pk={offer}), nonce="there", now=now)
written = Message.objects.exclude(pk__in=before).get()
print("picked", written.kind, written.pk > max(before))
print("next customer", Customer.objects.create(name="New").pk)
try:
    connection.cursor().execute("DELETE FROM appointments_appointmentevent")
except DatabaseError as error:
    print("guarded", "history_is_append_only" in str(error))
"""


@pytest.fixture(scope="session")
def template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with our tables, for others to be copied from."""
    with django_db_blocker.unblock(), target.connected(postgres_url) as server:
        return migrated.template_on(server, tmp_path_factory.mktemp("originals"))


@contextmanager
def on_the_server(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as server:
        yield server


@pytest.fixture
def empty(postgres_url: str, template: str) -> Iterator[str]:
    """The address of a database with our tables and nothing in them."""
    name = f"moved_{os.getpid()}_{next(NUMBERS)}"
    with on_the_server(postgres_url) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{postgres_url.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def _own_folder(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a database besides that of the tests, which Django's tests keep shut."""
    settings.DATA_DIR = tmp_path
    only_the_usual = BaseDatabaseWrapper.ensure_connection

    def ensure_connection(self: BaseDatabaseWrapper) -> None:
        if self.alias != target.ALIAS:
            only_the_usual(self)
        elif self.connection is None:
            with self.wrap_database_errors:
                self.connect()

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", ensure_connection)


@pytest.fixture
def melati() -> Clinic:
    """A round with times to choose from, whose message waits, and a complaint that is closed."""
    world = clinic()
    restores.watch(now=NOW)  # a worker has been here, and knows the place
    work_through(at_resolve(world), by=world.staff, cause=world.reason, now=NOW)
    world.offered(world.booked("2026-11-26 10:00"))
    return world


def refusal(url: str) -> str:
    before = list(Message.objects.order_by("pk").values())
    with pytest.raises(CommandError) as refused:
        call_command("move_to_postgresql", url)
    assert list(Message.objects.order_by("pk").values()) == before
    return str(refused.value)


def customers(url: str) -> int:
    with on_the_server(url) as server:
        found = server.execute("SELECT count(*) FROM appointments_customer").fetchone()
    assert found is not None
    return int(found[0])


def killed_in_the_middle(url: str, folder: Path) -> None:
    """A process of its own begins to move, and is killed while it copies."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"}
    environment |= {"RESCHEDULE_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "move_to_postgresql", url]
    child = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if "appointments_offer" in line:
            child.send_signal(signal.SIGKILL)
            break
    child.communicate()
    assert child.returncode == -signal.SIGKILL


def test_everything_arrives_after_a_first_try_that_was_killed_and_work_goes_on_there(
    melati: Clinic, empty: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    killed_in_the_middle(empty, tmp_path)
    assert customers(empty) == 0
    assert not Message.objects.held().exists()
    waiting = Message.objects.filter(state="queued").count()
    gone = Customer.objects.create(name="Gone, too")
    number = gone.pk
    gone.delete()
    offer = Offer.objects.filter(request__state="open").first()
    assert offer is not None
    before = {model: comparing.total(model, "default") for model in comparing.tables()}

    call_command("move_to_postgresql", empty)

    said = capsys.readouterr().out
    assert f"DATABASE_URL={empty}" in said
    with target.connected(empty):
        after = {model: comparing.total(model, target.ALIAS) for model in comparing.tables()}
        assert comparing.guards_that_lie_down() == []
    moved = {model: was for model, was in before.items() if model not in comparing.ITS_OWN}
    assert {model: after[model] for model in moved} == moved
    # What waits leaves from there, and from here no more.
    assert waiting > 0
    assert Message.objects.held().count() == waiting
    program = ON_THE_OTHER_SIDE.format(now=NOW.isoformat(), offer=offer.pk)
    environment = {**os.environ, "DATABASE_URL": empty}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [
        "held 0 0",
        "picked confirmation True",
        f"next customer {number + 1}",
        "guarded True",
    ], done.stderr


def test_a_database_in_use_is_never_written_to(melati: Clinic, empty: str) -> None:
    with on_the_server(empty) as server:
        server.execute("INSERT INTO notifications_heartbeat (name, at) VALUES ('worker', now())")
    assert "not empty: notifications_heartbeat" in refusal(empty)
    assert customers(empty) == 0


def test_somebody_elses_database_is_left_alone(melati: Clinic, empty: str) -> None:
    with on_the_server(empty) as server:
        server.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0001_initial', now())")
    assert "holds something else" in refusal(empty)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///elsewhere.sqlite3", "Say where to as postgres://"),
        ("nonsense", "Say where to as postgres://"),
        ("postgres://nobody@127.0.0.1:1/nothing", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(url: str, said: str) -> None:
    assert said in refusal(url)


def test_nothing_is_moved_while_somebody_serves(melati: Clinic, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    monkeypatch.setattr(in_use, "_held", held)
    in_use.serve()
    assert "Stop web server, worker and beat" in refusal(empty)
    os.close(held.pop())


def test_rows_that_sqlite_let_pass_are_named_and_nothing_arrives(melati: Clinic, empty: str) -> None:
    long = Customer.objects.create(name="x" * 500)
    nothing = Customer.objects.create(name="a\x00b")
    double = Occupancy.objects.first()
    assert double is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [
            Occupancy._meta.db_table,
        ])  # fmt: skip
        guards = cursor.fetchall()
        for name, _statement in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        double.pk = None
        double.save(force_insert=True)
        for _name, statement in guards:
            cursor.execute(statement)

    said = refusal(empty)

    for row in (f"appointments_customer {long.pk}: ", f"appointments_customer {nothing.pk}: "):
        assert row in said
    assert f"appointments_occupancy {double.pk}: occupancy_no_overlap" in said
    assert len(said.splitlines()) == 4
    assert customers(empty) == 0


def test_a_row_that_points_to_nothing_is_named(melati: Clinic, empty: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute(
            "UPDATE appointments_offer SET request_id = 999999 WHERE id = (SELECT MAX(id) FROM appointments_offer)"
        )
        cursor.execute("PRAGMA foreign_keys=ON")
    assert "points to a row of appointments_reschedulerequest that is not there" in refusal(empty)


def test_a_move_that_was_killed_after_everything_had_arrived_is_ended(
    melati: Clinic, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It arrived, and nobody has held yet what waits here."""

    class Killed(BaseException):
        pass

    def killed(**options: Any) -> int:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(restores, "hold_all", killed)
        call_command("move_to_postgresql", empty)
    assert customers(empty) == Customer.objects.count()
    assert not Message.objects.held().exists()

    call_command("move_to_postgresql", empty)

    assert Message.objects.held().exists()
    assert "not empty" in refusal(empty)


def test_an_empty_database_here_asks_which_one_was_meant(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "reschedule.sqlite3").touch()
    environment = {**os.environ, "RESCHEDULE_DATA": str(tmp_path)}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'reschedule.sqlite3'}"
    command = [sys.executable, "manage.py", "move_to_postgresql", "postgres://a@127.0.0.1:1/b"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"RESCHEDULE_DATA={tmp_path}/own" in done.stderr
