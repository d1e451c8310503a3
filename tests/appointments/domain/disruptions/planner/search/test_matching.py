"""Jobs that compete for slots only, against brute force."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner import choices
from appointments.domain.disruptions.planner.costs import without_a_place
from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.problem import IntArray, Problem
from appointments.domain.disruptions.planner.search import pool as pools
from appointments.domain.disruptions.planner.search.matching import Matched, matches
from appointments.domain.disruptions.planner.search.pool import Pool
from appointments.domain.disruptions.planner.search.rows import Rows
from tests import plans
from tests.plans import clock

NINE, TEN, ELEVEN = clock("09:00"), clock("10:00"), clock("11:00")
LONG = time.monotonic() + 10**6


def slots_and_pool(problem: Problem) -> tuple[IntArray, Pool]:
    rows = Rows(problem)
    assert rows.slots is not None
    return rows.slots, Pool(Draft(problem, pinned={}), range(len(problem.jobs)), rows.firsts, stay={})


def shown(found: Matched) -> tuple[dict[int, int], float]:
    """Which way each has, and the bound."""
    return dict(zip(found.ways.lines.tolist(), found.ways.ways.tolist(), strict=True)), found.bound


def test_who_would_lose_most_has_the_slot_that_all_want() -> None:
    jobs = (plans.job(1, at=TEN), plans.job(2, at=TEN, priority=3), plans.job(3, at=TEN, priority=2))
    slots, pool = slots_and_pool(Problem((plans.kind(plans.alone(1, NINE, TEN)),), jobs))
    [only] = matches(slots, pool, deadline=LONG)
    assert shown(only) == ({1: 1, 2: 0}, 0 + (2 * 60 + 60) + pool.without[0])
    assert only.ways.costs.tolist() == [0, 180]


def test_kinds_of_one_grid_share_the_slots() -> None:
    kinds = (plans.kind(plans.alone(1, TEN), minutes=30), plans.kind(plans.alone(1, NINE, TEN), minutes=20))
    jobs = (plans.job(1, at=TEN, of=0), plans.job(2, at=TEN, of=1, priority=5))
    slots, pool = slots_and_pool(Problem(kinds, jobs))
    assert [shown(one) for one in matches(slots, pool, deadline=LONG)] == [({0: 0, 1: 1}, 5 * 60 + 60)]


def test_whoever_finds_all_taken_is_shown_more_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each knows one way only; until more is known, whoever has none counts with what another costs at the least."""
    for module in (choices, pools):
        monkeypatch.setattr(module, "FEW", 1)
    jobs = (plans.job(1, at=TEN), plans.job(2, at=TEN))
    slots, pool = slots_and_pool(Problem((plans.kind(plans.alone(1, TEN, clock("10:00", 9))),), jobs))
    steps = [shown(one) for one in matches(slots, pool, deadline=LONG)]
    far = 9 * plans.DAY
    assert sorted({bound for __, bound in steps}) == [0, 2880, 11520, far]
    assert ([len(ways) for ways, __ in steps[:-1]], len(steps[-1][0])) == ([1] * (len(steps) - 1), 2)


def test_without_time_there_is_nothing() -> None:
    slots, pool = slots_and_pool(Problem((plans.kind(plans.alone(1, TEN)),), (plans.job(1, at=TEN),)))
    assert list(matches(slots, pool, deadline=time.monotonic())) == []


def test_without_any_way_everybody_is_left_out() -> None:
    slots, pool = slots_and_pool(Problem((plans.kind(plans.alone(1, TEN)).part(0, 0),), (plans.job(1, at=TEN),)))
    assert [shown(one) for one in matches(slots, pool, deadline=LONG)] == [({}, float(pool.without[0]))]


@settings(max_examples=100, deadline=None, print_blob=True)
@given(
    ways=st.sets(st.tuples(st.integers(9, 14), st.integers(1, 2)), min_size=1, max_size=5),
    wanted=st.lists(st.tuples(st.integers(9, 14), st.sampled_from((1.0, 2.0, 5.0))), min_size=1, max_size=3),
    few=st.sampled_from((1, 2, 500)),
)
def test_by_brute_force_nothing_is_cheaper(
    ways: set[tuple[int, int]], wanted: list[tuple[int, float]], few: int
) -> None:
    kind = plans.kind([(clock(f"{hour}:00"), leader, (leader,)) for hour, leader in ways], minutes=60)
    jobs = tuple(
        plans.job(key, at=clock(f"{hour}:00"), priority=priority) for key, (hour, priority) in enumerate(wanted)
    )
    problem = Problem((kind,), jobs)
    with pytest.MonkeyPatch.context() as patch:
        for module in (choices, pools):
            patch.setattr(module, "FEW", few)
        *before, last = matches(*slots_and_pool(problem), deadline=LONG)
    assert np.unique(last.ways.lines).size == np.unique(last.ways.ways).size == len(last.ways.lines)
    missing = set(range(len(jobs))) - set(last.ways.lines.tolist())
    cost = last.ways.costs.sum() + sum(without_a_place(jobs[line]) for line in missing)
    assert cost == plans.optimum(problem)
    bounds = [one.bound for one in (*before, last)]
    assert bounds == sorted(bounds)
