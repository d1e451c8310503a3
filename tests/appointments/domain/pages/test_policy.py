"""The public policy is read from what the engine uses."""

from typing import Any

import pytest

from appointments.domain.pages.policy import policy
from appointments.enums import Benefit
from appointments.models import Business
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.compensation import set_aside, table_in_force

pytestmark = pytest.mark.django_db


def test_it_says_the_whole_table_since_the_first_row_that_fits_is_the_one(melati: Clinic) -> None:
    assert policy(now=NOW).rows == []
    table = table_in_force({"service": melati.service, "benefit": Benefit.NOTHING}, {"wait_days": 3})
    assert policy(now=NOW).rows == list(table.rules.all())


def test_a_table_of_words_alone_gives_nothing(melati: Clinic) -> None:
    table_in_force({"benefit": Benefit.NOTHING})
    assert policy(now=NOW).rows == []


def test_it_says_the_hours_that_are_promised(melati: Clinic) -> None:
    Business.objects.update(promise_hours=3)
    assert (policy(now=NOW).hours, policy(now=NOW).is_measured) == (3, False)
    Business.objects.update(measured_hours=4.5)
    assert (policy(now=NOW).hours, policy(now=NOW).is_measured) == (4.5, True)


@pytest.mark.parametrize(("limit", "used_up"), [(0, True), (1, False)])
def test_it_says_when_the_budget_is_used_up(melati: Clinic, limit: int, used_up: bool) -> None:
    assert not policy(now=NOW).has_budget
    set_aside(limit)
    assert (policy(now=NOW).has_budget, policy(now=NOW).is_used_up) == (True, used_up)


def test_it_asks_as_much_for_many_as_for_few(melati: Clinic, django_assert_num_queries: Any) -> None:
    table_in_force(*({"moves": 1 + number} for number in range(12)))
    set_aside(1)
    with django_assert_num_queries(7):
        policy(now=NOW)
