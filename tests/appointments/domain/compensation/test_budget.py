"""What is set aside for a month, a quarter or a year, and what of it is left."""

from datetime import date

import pytest
from djmoney.money import Money

from appointments.domain.compensation.budget import is_used_up, period_of, stands, would_exceed
from appointments.domain.moving import answers
from appointments.models import Compensation
from tests.clock import NOW, at
from tests.factories import Clinic, LocationFactory
from tests.factories.compensation import rupiah, set_aside, table_in_force

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("period", "today", "first", "after"),
    [
        ("month", date(2026, 11, 30), date(2026, 11, 1), date(2026, 12, 1)),
        ("month", date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 1)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        ("year", date(2026, 7, 9), date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_begins_with_its_first_month(period: str, today: date, first: date, after: date) -> None:
    assert period_of(period, today) == (first, after)


@pytest.fixture
def given(melati: Clinic) -> Compensation:
    table_in_force()
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    return Compensation.objects.get()


@pytest.mark.parametrize(("limit", "used_up"), [(50_000, True), (50_001, False)])
def test_what_was_given_counts(melati: Clinic, given: Compensation, limit: int, used_up: bool) -> None:
    set_aside(limit)
    assert is_used_up(melati.location, now=NOW) is used_up


@pytest.mark.parametrize(("worth", "exceeds"), [(10_000, False), (10_001, True)])
def test_what_goes_beyond_what_is_left(melati: Clinic, given: Compensation, worth: int, exceeds: bool) -> None:
    set_aside(60_000)
    assert would_exceed(melati.location, rupiah(worth), now=NOW) is exceeds


def test_a_budget_in_another_currency_cannot_say_that_something_is_within_it(melati: Clinic) -> None:
    set_aside(60_000)
    assert would_exceed(melati.location, Money(1, "EUR"), now=NOW)


def test_what_was_refused_or_ran_out_is_free_again(melati: Clinic, given: Compensation) -> None:
    set_aside(50_000, period="year")
    Compensation.objects.update(valid_until=at("2026-11-25 00:00"))
    assert is_used_up(melati.location, now=at("2026-11-25 00:00"))
    assert not is_used_up(melati.location, now=at("2026-11-25 00:01"))
    Compensation.objects.update(state="withdrawn")
    assert not is_used_up(melati.location, now=NOW)


def test_each_place_has_its_own_and_all_have_one_together(melati: Clinic, given: Compensation) -> None:
    other = LocationFactory()
    here, there = set_aside(100_000, location=melati.location), set_aside(10, location=other)
    together = set_aside(80_000, period="quarter")
    by_budget = {stand.budget: stand.given for stand in stands(None, now=NOW)}
    assert by_budget == {here: rupiah(50_000), there: rupiah(0), together: rupiah(50_000)}
    assert {stand.budget for stand in stands(melati.location, now=NOW)} == {here, together}


def test_the_month_is_that_of_the_place(melati: Clinic, given: Compensation) -> None:
    set_aside(50_000, location=melati.location)
    assert is_used_up(melati.location, now=at("2026-11-30 23:59"))
    assert not is_used_up(melati.location, now=at("2026-12-01 00:00"))
