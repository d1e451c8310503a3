"""`manage.py flush` is refused by the database once there is history, and takes nothing else with it."""

import subprocess
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from appointments.enums import ActorKind, EventKind
from appointments.models import Appointment, AppointmentEvent, Customer
from tests.clock import NOW
from tests.factories import clinic


def something_happened() -> None:
    AppointmentEvent.objects.create(
        appointment=clinic().booked(), at=NOW, kind=EventKind.BOOKED, actor_kind=ActorKind.STAFF
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_flush_empties_neither_history_nor_anything_else(child_environment: dict[str, str]) -> None:
    something_happened()
    before = [model.objects.count() for model in (Appointment, AppointmentEvent, Customer)]

    done = subprocess.run(
        [sys.executable, "manage.py", "flush", "--noinput"],
        env=child_environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert [model.objects.count() for model in (Appointment, AppointmentEvent, Customer)] == before
    assert before[1] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["appointments_appointmentevent", "appointments_appointment"])
def test_nor_does_anybody_by_hand(table: str) -> None:
    something_happened()
    words = {"postgresql": "TRUNCATE %s CASCADE", "sqlite": "DELETE FROM %s"}[connection.vendor]

    with (
        pytest.raises(DatabaseError, match="history_is_append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(words % table)

    assert AppointmentEvent.objects.count() == 1
