"""What we gave, month by month."""

from decimal import Decimal
from typing import Any

import pytest
from djmoney.money import Money

from appointments.domain.reports.given import Given, given_by_month, together
from appointments.models import Appointment
from tests.clock import NOW, at, days, minutes
from tests.factories import AppointmentFactory, Clinic, RescheduleRequestFactory
from tests.factories.compensation import compensation, rupiah

pytestmark = pytest.mark.django_db
FIRST, LAST = at("2026-11-01 00:00").date(), at("2026-12-31 00:00").date()
NOVEMBER, DECEMBER = FIRST, at("2026-12-01 00:00").date()


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    round_ = melati.offered()
    return round_.appointment


def another(melati: Clinic) -> Appointment:
    made = AppointmentFactory(location=melati.location, occupies=False)
    return RescheduleRequestFactory(appointment=made).appointment


def test_every_state_is_counted_as_what_it_is(melati: Clinic, booked: Appointment) -> None:
    used = {"redeemed_at": NOW, "redeemed_by": melati.staff}
    cases: list[dict[str, Any]] = [
        {},
        {"state": "redeemed", **used},
        {"valid_until": NOW + days(1) - minutes(1)},
        {"valid_until": NOW + days(1)},
        {"state": "waiting"},
        {"state": "refused"},
        {"state": "withdrawn"},
    ]
    for fields in cases:
        compensation(another(melati), amount=rupiah(30_000), worth=rupiah(30_000), **fields)
    [november] = given_by_month(FIRST, LAST, now=NOW + days(1))
    assert november == Given(NOVEMBER, 4, Decimal(120_000), 1, Decimal(30_000), lapsed=1, waiting=1, refused=2)


def test_a_month_is_that_of_the_place_and_only_months_with_something_are_rows(
    melati: Clinic, booked: Appointment
) -> None:
    assert given_by_month(FIRST, LAST, now=NOW) == []
    compensation(booked, made_at=at("2026-12-01 00:00") - minutes(1))
    compensation(another(melati), made_at=at("2026-12-01 00:00"))
    rows = given_by_month(FIRST, LAST, now=NOW)
    assert [(row.first, row.granted) for row in rows] == [(NOVEMBER, 1), (DECEMBER, 1)]
    assert together(rows) == Given(None, 2, Decimal(100_000))


def test_what_was_given_in_another_currency_counts_and_adds_nothing(melati: Clinic, booked: Appointment) -> None:
    compensation(booked, amount=Money(5, "EUR"), worth=Money(5, "EUR"))
    [row] = given_by_month(FIRST, LAST, now=NOW)
    assert (row.granted, row.worth) == (1, Decimal(0))


def test_it_asks_as_much_for_many_as_for_one(
    melati: Clinic, booked: Appointment, django_assert_num_queries: Any
) -> None:
    compensation(booked)
    for __ in range(3):
        compensation(another(melati))
    with django_assert_num_queries(3):
        assert sum(row.granted for row in given_by_month(FIRST, LAST, now=NOW)) == 4
