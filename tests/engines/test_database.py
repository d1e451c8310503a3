"""The test database: every test starts from what migrations leave, and other processes see what a test commits."""

import json
import subprocess
import sys
from threading import Thread

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection

from appointments.enums import ActorKind, EventKind
from appointments.models import Appointment, AppointmentEvent, Location
from appointments.roles import ROLES
from tests.clock import NOW
from tests.factories import AppointmentFactory, LocationFactory
from tests.house.source import ROOT


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_each_test_with_real_transactions_starts_with_the_roles_and_no_rows(transactional_db: None, turn: int) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    assert (Appointment.objects.count(), AppointmentEvent.objects.count()) == (0, 0)
    AppointmentEvent.objects.create(
        appointment=AppointmentFactory(), at=NOW, kind=EventKind.BOOKED, actor_kind=ActorKind.SYSTEM
    )
    assert (Appointment.objects.count(), AppointmentEvent.objects.count()) == (1, 1)


def test_threads_see_what_is_committed(transactional_db: None) -> None:
    LocationFactory(name="Kemang")
    seen: list[str] = []

    def look() -> None:
        seen.extend(Location.objects.values_list("name", flat=True))
        connection.close()

    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["Kemang"]


@pytest.mark.slow
def test_another_program_sees_what_is_committed(child_environment: dict[str, str]) -> None:
    LocationFactory(name="Kemang")
    program = "from appointments.models import Location; print([place.name for place in Location.objects.all()])"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", program],
        cwd=ROOT,
        env=child_environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['Kemang']"


@pytest.mark.sqlite_only
def test_sqlite_is_a_file_in_wal_mode(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert connection.settings_dict["NAME"].endswith("test.sqlite3")


@pytest.mark.django_db(transaction=True)
def test_after_the_tables_were_emptied_all_that_migrations_left_is_brought_back() -> None:
    left = connection._test_serialized_contents  # type: ignore[attr-defined]  # set by the test runner
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert not Permission.objects.exists()
    connection.creation.deserialize_db_from_string(left)
    assert json.loads(connection.creation.serialize_db_to_string()) == json.loads(left)
    assert Group.objects.filter(permissions__isnull=False).exists()
