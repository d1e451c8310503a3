"""What a table would have cost, by the facts that the offers were judged by."""

from datetime import date
from typing import Any

import pytest

from appointments.domain.compensation.cases import facts_of, moves_until, origin_of
from appointments.domain.moving import answers
from appointments.domain.reports.compensation import cost_of, facts_between, last_quarter
from appointments.enums import Benefit, OfferState
from appointments.models import Compensation, RescheduleRequest
from tests.clock import NOW, hours
from tests.factories import Clinic, ReasonFactory
from tests.factories.compensation import rule, rupiah, table_in_force
from tests.factories.moves import many_moves, world

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 8, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 27), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_the_last_quarter_is_the_last_that_has_ended(today: date, first: date, last: date) -> None:
    assert last_quarter(today) == (first, last)


def test_it_says_what_was_given_when_the_table_was_in_force(melati: Clinic) -> None:
    table = table_in_force({"moves": 2, "amount": rupiah(90_000)}, {})
    for turn in range(3):
        round_ = melati.offered(melati.booked(f"2026-12-0{turn + 1} 10:00"), now=NOW + hours(turn))
        answers.accept(round_.offers.get(position=1), nonce=f"p{turn}", now=NOW + hours(turn))
    wish = melati.offered(melati.booked("2026-12-04 10:00"), reason=ReasonFactory(family="customer", fault="customer"))
    answers.accept(wish.offers.get(position=1), nonce="wish", now=NOW)
    cost = cost_of(list(table.rules.all()), facts_between(FIRST, LAST))
    assert [(line.count, line.cost) for line in cost.lines] == [(2, rupiah(180_000)), (1, rupiah(50_000))]
    assert (cost.moves, cost.given, cost.cost) == (3, 3, rupiah(230_000))
    assert sum(one.worth.amount for one in Compensation.objects.all()) == cost.cost.amount


def test_the_facts_are_those_of_each_move_one_by_one() -> None:
    many_moves(world(), count=60)
    counted = {(facts.notice, facts.wait, facts.moves, facts.fault) for facts in facts_between(date(2026, 1, 1), LAST)}
    by_hand = set()
    for last in RescheduleRequest.objects.filter(state="accepted").select_related("reason", "appointment"):
        origin, taken = origin_of(last), last.offers.filter(state=OfferState.TAKEN).first()
        if taken and origin.reason.fault != "customer" and not origin.wished:
            facts = facts_of(origin, wait=taken.starts_at - origin.was_starts_at, moves=moves_until(origin))
            by_hand.add((facts.notice, facts.wait, facts.moves, facts.fault))
    assert counted == by_hand != set()


def test_what_no_row_is_for_stands_last_and_costs_nothing() -> None:
    many_moves(world(), count=30)
    cases = facts_between(date(2026, 1, 1), LAST)
    words = rule(save=False, benefit=Benefit.NOTHING, fault="nobody")
    cost = cost_of([words], cases)
    assert [line.rule for line in cost.lines] == [words, None]
    assert sum(line.count for line in cost.lines) == cost.moves == len(cases)
    assert (cost.given, cost.cost) == (0, rupiah(0))


def test_it_takes_as_many_queries_for_many_as_for_few(django_assert_num_queries: Any) -> None:
    place = world()
    for count in (12, 60):
        many_moves(place, count=count, seed=count)
        with django_assert_num_queries(3):
            facts_between(date(2026, 1, 1), LAST)
