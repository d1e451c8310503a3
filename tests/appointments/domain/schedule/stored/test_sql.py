"""What the two databases write differently means the same."""

import pytest
from django.db import connection

from appointments.domain.schedule.stored import sql
from tests.clock import at
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_one_parameter_names_any_number_of_resources(db: None) -> None:
    for ids in ([], [3], list(range(5000))):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM (SELECT 3 AS resource_id) rows WHERE {sql.of_these()}",  # noqa: S608  our own words
                {"ids": sql.ids_as_one(ids)},
            )
            assert cursor.fetchone() == (1 if 3 in ids else 0,)


def test_a_moment_compares_with_what_is_stored(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    statement = "SELECT id FROM appointments_appointment WHERE starts_at {} %s"
    with connection.cursor() as cursor:
        for sign, moment, found in (
            ("=", "10:00", True), (">", "10:00", False), (">", "09:59", True), ("<", "10:01", True),
        ):  # fmt: skip
            cursor.execute(statement.format(sign), [sql.moment(at(f"2026-11-24 {moment}"))])
            assert (sign, moment, cursor.fetchall()) == (sign, moment, [(appointment.pk,)] if found else [])
