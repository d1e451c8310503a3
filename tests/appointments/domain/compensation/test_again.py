"""Whoever was moved before within the year gets more than the same words."""

import pytest

from appointments.domain.compensation.cases import COUNTED
from appointments.errors import DomainError
from appointments.models import RescheduleRequest
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, ReasonFactory
from tests.factories.compensation import set_aside, table_in_force

pytestmark = pytest.mark.django_db
LATER = NOW + hours(1)


@pytest.fixture
def moved_before(melati: Clinic) -> RescheduleRequest:
    return melati.offered(melati.booked("2026-12-01 10:00"))


def test_sorry_alone_is_refused_the_second_time(melati: Clinic, moved_before: RescheduleRequest) -> None:
    with pytest.raises(DomainError, match="third time, or add a line"):
        melati.offered(melati.booked("2026-12-08 15:00"), count=2, now=LATER)


def test_a_third_time_or_a_line_of_ones_own_is_enough(melati: Clinic, moved_before: RescheduleRequest) -> None:
    melati.offered(melati.booked("2026-12-08 15:00"), count=3, now=LATER)
    melati.offered(melati.booked("2026-12-09 15:00"), count=2, personal_note="I look after it myself.", now=LATER)


def test_so_is_what_the_table_gives(melati: Clinic, moved_before: RescheduleRequest) -> None:
    table_in_force({"moves": 3})
    with pytest.raises(DomainError, match="third time"):
        melati.offered(melati.booked("2026-12-08 15:00"), count=2, now=LATER)
    melati.offered(melati.booked("2026-12-09 15:00"), count=3, guaranteed=False, now=LATER)
    melati.offered(melati.booked("2026-12-10 15:00"), count=2, now=LATER + hours(1))


def test_the_first_time_two_times_are_enough(melati: Clinic) -> None:
    melati.offered(melati.booked("2026-12-08 15:00"), count=2)


def test_a_move_is_remembered_for_a_year(melati: Clinic, moved_before: RescheduleRequest) -> None:
    RescheduleRequest.objects.update(opened_at=LATER - COUNTED + minutes(1))
    with pytest.raises(DomainError, match="third time"):
        melati.offered(melati.booked("2026-12-08 15:00"), count=2, now=LATER)
    RescheduleRequest.objects.update(opened_at=LATER - COUNTED)
    melati.offered(melati.booked("2026-12-11 15:00"), count=2, now=LATER)


@pytest.mark.parametrize("fault", ["nobody", "customer"])
def test_what_is_not_our_doing_needs_no_more(melati: Clinic, moved_before: RescheduleRequest, fault: str) -> None:
    reason = ReasonFactory(fault=fault, family="outside" if fault == "nobody" else "customer")
    melati.offered(melati.booked("2026-12-08 15:00"), count=2, reason=reason, now=LATER)


def test_what_the_budget_has_no_more_for_is_told_to_nobody(melati: Clinic, moved_before: RescheduleRequest) -> None:
    table_in_force({"moves": 2})
    set_aside(0)
    with pytest.raises(DomainError, match="third time"):
        melati.offered(melati.booked("2026-12-08 15:00"), count=2, now=LATER)
