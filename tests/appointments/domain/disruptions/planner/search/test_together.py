"""Several placed at once, against brute force and beside those who stay."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import place_in_turn
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.search import together as together_
from appointments.domain.disruptions.planner.search.program import Answer, Program
from appointments.domain.disruptions.planner.search.rows import Rows
from appointments.domain.disruptions.planner.search.together import Together
from tests import plans
from tests.appointments.domain.disruptions.planner.worlds import problems
from tests.plans import clock

NINE, TEN = clock("09:00"), clock("10:00")
LONG = time.monotonic() + 10**6


def swapped(*, priority: float = 2) -> Draft:
    """The first has what the second, who is in a hurry, would rather have."""
    kind = plans.kind(plans.alone(1, NINE, TEN))
    problem = Problem((kind,), (plans.job(1, at=TEN), plans.job(2, at=TEN, priority=priority)))
    draft = Draft(problem, pinned={})
    place_in_turn(draft, [0, 1])
    return draft


def test_two_change_places_when_that_is_cheaper() -> None:
    draft = swapped()
    steps = [list(draft.ways) for _ in Together(draft, Rows(draft.problem), [0, 1]).improve(deadline=LONG)]
    assert (steps, draft.ways, draft.cost) == ([[0, 1]], [0, 1], 120)


def test_nothing_changes_when_nothing_is_cheaper() -> None:
    draft = swapped(priority=1)
    assert list(Together(draft, Rows(draft.problem), [0, 1]).improve(deadline=LONG)) == []
    assert draft.ways == [1, 0]


def test_who_is_not_among_them_stays() -> None:
    draft = swapped()
    assert list(Together(draft, Rows(draft.problem), [1]).improve(deadline=LONG)) == []
    assert draft.ways == [1, 0]


def test_who_has_settled_moves_only_for_more_than_the_surcharge() -> None:
    for surcharge, ways in ((59, [0, 1]), (61, [1, 0])):
        draft = swapped()
        together = Together(draft, Rows(draft.problem), [0, 1], stay={0: 1}, surcharge=surcharge)
        list(together.improve(deadline=LONG))
        assert draft.ways == ways


def test_jobs_that_compete_for_slots_only_are_matched_as_many_as_that_is_quick_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    solve = Program.solve

    def ask(*arguments: Any, **options: Any) -> Answer | None:
        asked.append(1)
        return solve(*arguments, **options)

    monkeypatch.setattr(Program, "solve", ask)
    for most, programs in ((2, []), (1, [1])):
        monkeypatch.setattr(together_, "MATCHED", most)
        asked.clear()
        draft = swapped()
        list(Together(draft, Rows(draft.problem), [0, 1]).improve(deadline=LONG))
        assert (draft.ways, asked) == ([0, 1], programs)


def test_two_of_one_customer_are_not_matched_to_the_same_hour() -> None:
    kind = plans.kind([*plans.alone(1, NINE), *plans.alone(2, NINE), *plans.alone(1, TEN)])
    patient, hurried = plans.job(1, at=NINE, leader=-1), plans.job(2, at=NINE, leader=-1, priority=5)
    draft = Draft(Problem((kind,), (patient, hurried), same_customer=((1, 2),)), pinned={})
    place_in_turn(draft, [0, 1])
    list(Together(draft, Rows(draft.problem), [0, 1]).improve(deadline=LONG))
    assert draft.costs == [120, 0]


@settings(max_examples=100, deadline=None, print_blob=True)
@given(problem=problems(), data=st.data())
def test_each_step_is_a_cheaper_plan_without_a_fault(problem: Problem, data: st.DataObject) -> None:
    draft = Draft(problem, pinned={})
    place_in_turn(draft, data.draw(st.permutations(range(len(problem.jobs)))))
    some = sorted(data.draw(st.sets(st.integers(0, len(problem.jobs) - 1), min_size=1)))
    others = {number: way for number, way in enumerate(draft.ways) if number not in some}
    costs = [draft.cost]
    for _ in Together(draft, Rows(problem), some).improve(deadline=LONG):
        costs.append(draft.cost)
        assert plans.faults(problem, plans.Plan(draft.placements(), draft.cost)) == []
        assert {number: draft.ways[number] for number in others} == others
    assert costs == sorted(set(costs), reverse=True)
