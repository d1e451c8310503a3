"""A plan in the making: who has what, what is open to whom, what an earlier plan leaves."""

from typing import Any

import pytest

from appointments.domain.disruptions.planner import choices
from appointments.domain.disruptions.planner.costs import without_a_place
from appointments.domain.disruptions.planner.draft import NO_WAY, Draft
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.problem import Problem
from tests import plans
from tests.plans import clock

NINE, TEN, ELEVEN = clock("09:00"), clock("10:00"), clock("11:00")
KIND = plans.kind(plans.alone(1, NINE, TEN, ELEVEN))


def two(**others: Any) -> Problem:
    return Problem((KIND,), (plans.job(1, at=TEN), plans.job(2, at=TEN)), **others)


def test_what_one_has_is_not_open_to_another_until_it_is_lifted() -> None:
    draft = Draft(two(), pinned={})
    draft.put(0, 1, 0.0)
    assert draft.cheapest_open(1) == (0, 120.0)
    assert draft.placements() == {1: Placement(TEN, 1, (1,), False)}
    assert draft.cost == without_a_place(draft.problem.jobs[1])
    draft.lift(0)
    assert (draft.ways, draft.cheapest_open(1)) == ([NO_WAY, NO_WAY], (1, 0.0))
    draft.lift(0)
    assert draft.cheapest_open(1) == (1, 0.0)


def test_when_the_cheapest_few_are_taken_the_others_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "FEW", 1)
    draft = Draft(two(), pinned={})
    draft.put(0, 1, 0.0)
    assert draft.cheapest_open(1) == (0, 120.0)


def test_the_same_customer_is_not_asked_to_be_in_two_places() -> None:
    kind = plans.kind([*plans.alone(1, TEN), *plans.alone(2, TEN - 15, TEN, TEN + 30)])
    problem = Problem((kind,), (plans.job(1, at=TEN), plans.job(2, at=TEN, leader=2)), same_customer=((1, 2, 7),))
    draft = Draft(problem, pinned={})
    draft.put(0, 1, 0.0)
    assert draft.cheapest_open(1) == (3, 60.0)


def test_a_pinned_one_stays_where_no_way_is_and_stands_against_the_others() -> None:
    pin = Placement(TEN + 5, 1, (1,), True)
    draft = Draft(two(), pinned={1: pin})
    assert (draft.free, draft.placements(), draft.costs[0]) == ([1], {1: pin}, 10)
    assert draft.cheapest_open(1) == (0, 120.0)


def test_an_earlier_plan_is_kept_as_far_as_it_can_be() -> None:
    earlier = {1: Placement(NINE, 1, (1,), False), 2: Placement(ELEVEN, 1, (1,), False)}
    draft = Draft(two(), pinned={})
    draft.keep(earlier)
    assert (draft.placements(), draft.costs) == (earlier, [120, 120])

    pinned_over_it = Draft(two(), pinned={1: earlier[2]})
    pinned_over_it.keep(earlier)
    assert pinned_over_it.placements() == {1: earlier[2]}

    refused = Problem((KIND,), (plans.job(1, at=TEN, refused=frozenset({(NINE, 1)})), plans.job(2, at=TEN)))
    elsewhere = Draft(refused, pinned={})
    elsewhere.keep(earlier | {2: Placement(clock("12:00"), 1, (1,), False)})
    assert elsewhere.placements() == {}
