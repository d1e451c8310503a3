"""Prices at which everybody's cheapest ways fit together."""

import time

import numpy as np
import pytest

from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.search.pool import Pool
from appointments.domain.disruptions.planner.search.prices import CLOSE, prices
from appointments.domain.disruptions.planner.search.rows import Rows
from tests import plans
from tests.plans import clock

TIMES = [clock(f"{hour}:00") for hour in range(9, 15)]
LONG = time.monotonic() + 10**6


def bound(rows: Rows, pool: Pool, found: np.ndarray, capacity: np.ndarray) -> float:
    """What no plan can undercut, by these prices."""
    __, least = pool.cheapest(rows.matrix.T @ found, 1, below=pool.without)
    return float(least.sum() - found @ capacity)


def crowded() -> tuple[Rows, Pool, np.ndarray]:
    """Four who all had ten o'clock, with six hours to go to: the cheapest plan costs 0 + 120 + 120 + 240."""
    problem = Problem((plans.kind(plans.alone(1, *TIMES)),), tuple(plans.job(key, at=TIMES[1]) for key in range(4)))
    draft, rows = Draft(problem, pinned={}), Rows(problem)
    return rows, Pool(draft, range(4), rows.firsts, stay={}), rows.capacity(draft.taken.left)


def test_what_everybody_wants_has_a_price_and_the_bound_comes_near_to_the_best_plan() -> None:
    rows, pool, capacity = crowded()
    found = prices(rows.matrix, capacity, pool, goal=700, moves=700, deadline=LONG)
    assert found.argmax() == 1
    assert found[-1] == 0
    assert bound(rows, pool, found, capacity) == pytest.approx(480, rel=0.02)


def test_without_crowding_nothing_has_a_price() -> None:
    problem = Problem((plans.kind(plans.alone(1, *TIMES)),), (plans.job(1, at=TIMES[1]), plans.job(2, at=TIMES[3])))
    draft, rows = Draft(problem, pinned={}), Rows(problem)
    pool = Pool(draft, range(2), rows.firsts, stay={})
    found = prices(rows.matrix, rows.capacity(draft.taken.left), pool, goal=700, moves=700, deadline=LONG)
    assert found.tolist() == [0] * 6


def test_what_is_close_to_the_plan_that_is_known_is_left_to_the_program() -> None:
    """With no prices at all the bound is 0, with some it grows; the plan costs 480 and leaves nobody out."""
    rows, pool, capacity = crowded()
    close = prices(rows.matrix, capacity, pool, goal=480, moves=480 / CLOSE, deadline=LONG)
    near = prices(rows.matrix, capacity, pool, goal=480, moves=479 / CLOSE, deadline=LONG)
    assert close.tolist() == [0] * 6
    assert bound(rows, pool, near, capacity) > 0


def test_when_the_time_is_over_it_takes_what_it_has() -> None:
    rows, pool, capacity = crowded()
    assert prices(rows.matrix, capacity, pool, goal=700, moves=700, deadline=time.monotonic()).tolist() == [0] * 6
