"""Maintenance that is due, with what leans on it."""

from typing import Any

import pytest

from appointments.domain.reports.warnings import DueForUpkeep
from appointments.domain.reports.warnings.upkeep import AHEAD, due_for_upkeep
from tests.clock import NOW, days, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("due", "said"),
    [(TODAY - days(1), [True]), (TODAY, [False]), (TODAY + AHEAD, [False]), (TODAY + AHEAD + days(1), [])],
)
def test_it_is_said_from_thirty_days_before(melati: Clinic, due: Any, said: list[bool]) -> None:
    melati.room.upkeep_by = due
    melati.room.save()
    assert [one.is_late for one in due_for_upkeep(today=TODAY, now=NOW)] == said


def test_it_counts_the_appointments_of_thirty_days(melati: Clinic) -> None:
    melati.room.upkeep_by = TODAY
    melati.room.save()
    melati.booked(NOW - minutes(40))
    melati.booked(NOW - minutes(5))
    melati.booked(NOW + AHEAD - minutes(1))
    melati.booked(NOW + AHEAD + minutes(60))
    assert due_for_upkeep(today=TODAY, now=NOW) == [DueForUpkeep(melati.room, is_late=False, booked=2)]


def test_what_is_out_of_use_needs_none(melati: Clinic) -> None:
    melati.room.upkeep_by, melati.room.is_active = TODAY, False
    melati.room.save()
    assert due_for_upkeep(today=TODAY, now=NOW) == []
