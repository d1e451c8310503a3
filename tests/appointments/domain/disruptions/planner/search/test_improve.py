"""Who is looked at when a plan is new, and who when it has to change."""

import time
from typing import Any

import pytest

from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import place_in_turn
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.search.improve import improve, in_the_way, occupied_by, settle
from appointments.domain.disruptions.planner.search.rows import Rows
from appointments.domain.disruptions.planner.search.together import Together
from tests import plans
from tests.plans import clock

HOURS = [clock(f"{hour}:00") for hour in range(9, 15)]
LONG = time.monotonic() + 10**6


def at(*hours: int, priority: float = 1) -> Draft:
    """Everybody had nine o'clock and now has the hour of this place among the hours; the last has the priority."""
    last = len(hours)
    jobs = tuple(plans.job(key, at=HOURS[0], priority=priority if key == last else 1) for key in range(1, last + 1))
    draft = Draft(Problem((plans.kind(plans.alone(1, *HOURS)),), jobs), pinned={})
    for number, way in enumerate(hours):
        draft.put(number, way, draft.choices.cost(number, way))
    return draft


def test_a_new_plan_is_made_as_cheap_as_can_be() -> None:
    draft = at(3, 4, 5)
    list(improve(draft, deadline=LONG))
    assert sorted(draft.ways) == [0, 1, 2]


def test_those_in_the_way_hold_what_one_would_rather_have() -> None:
    draft = at(0, 1, 4, 3)
    occupied = occupied_by(draft)
    assert [list(in_the_way(draft, number, occupied)) for number in range(4)] == [[], [0], [0, 1, 3], [0, 1]]


def test_who_is_pinned_is_in_nobodys_way_that_could_be_cleared() -> None:
    problem = at(0, 1).problem
    draft = Draft(problem, pinned={1: Placement(HOURS[0], 1, (1,), False)})
    draft.put(1, 1, 120.0)
    assert list(in_the_way(draft, 1, occupied_by(draft))) == []


def test_the_settled_stay_where_moving_them_would_not_save_a_days_delay() -> None:
    # An hour's delay and another hour for both, and a day for the move: 60 × 25 + 60 = 60 + 60 + 1440.
    for priority, ways in ((24, [0, 1]), (26, [1, 0])):
        draft = at(0, 1, priority=priority)
        list(settle(draft, {0: 0}, deadline=LONG))
        assert draft.ways == ways


def test_the_settled_make_room_for_somebody_who_would_have_no_place() -> None:
    short = plans.kind(plans.alone(1, *HOURS))
    long = plans.kind(plans.alone(1, HOURS[0]), minutes=90)
    problem = Problem((short, long), (plans.job(1, at=HOURS[1]), plans.job(2, at=HOURS[0], of=1)))
    draft = Draft(problem, pinned={})
    place_in_turn(draft, [0])
    list(settle(draft, {0: 1}, deadline=LONG))
    assert draft.ways == [2, 0]


def test_room_is_made_by_those_behind_those_in_the_way() -> None:
    first = plans.kind([(HOURS[0], 1, (1,))])
    second = plans.kind([(HOURS[0], 1, (1,)), (HOURS[0], 2, (2,))])
    third = plans.kind([(HOURS[0], 2, (2,)), (HOURS[0], 3, (3,))])
    jobs = tuple(plans.job(key, at=HOURS[0], leader=-1, of=key - 1) for key in (1, 2, 3))
    draft = Draft(Problem((first, second, third), jobs), pinned={})
    draft.put(1, 0, 0.0)
    draft.put(2, 0, 0.0)
    list(settle(draft, {1: 0, 2: 0}, deadline=LONG))
    assert draft.ways == [0, 1, 1]


def test_a_crowd_is_looked_at_by_and_by_and_then_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[list[int]] = []

    class Seen(Together):
        def __init__(self, draft: Draft, rows: Rows, numbers: list[int], **others: Any) -> None:
            looked.append(numbers)
            super().__init__(draft, rows, numbers, **others)

    monkeypatch.setattr("appointments.domain.disruptions.planner.search.improve.Together", Seen)
    monkeypatch.setattr("appointments.domain.disruptions.planner.search.improve.MANY", 4)
    monkeypatch.setattr("appointments.domain.disruptions.planner.search.improve.STEP", 2)
    list(improve(at(0, 1, 2, 3), deadline=LONG))
    assert looked == [[0, 1, 2, 3]]
    looked.clear()
    list(improve(at(0, 1, 2, 3, 4), deadline=LONG))
    assert looked == [[0, 1, 2, 3], [2, 3, 4], [0, 1, 2, 3, 4]]
    looked.clear()
    list(improve(at(0, 1, 2, 3, 4), deadline=time.monotonic() - 1))
    assert looked == []


def test_where_nobody_is_left_to_plan_there_is_nothing_to_do() -> None:
    draft = Draft(at(0).problem, pinned={1: Placement(HOURS[0], 1, (1,), False)})
    assert list(improve(draft, deadline=LONG)) == []
