"""What is open to several at once, and which of it is cheapest at which prices."""

import numpy as np
import pytest

from appointments.domain.disruptions.planner import choices
from appointments.domain.disruptions.planner.costs import A_YEAR
from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.search import pool as pools
from appointments.domain.disruptions.planner.search.pool import Columns, Pool
from tests import plans
from tests.plans import clock

NINE, TEN, ELEVEN = clock("09:00"), clock("10:00"), clock("11:00")
KINDS = (plans.kind(plans.alone(1, NINE)), plans.kind(plans.alone(1, NINE, TEN, ELEVEN)))
ANY = np.array([np.inf])
FREE = np.zeros(4)


def pool_of(draft: Draft, *numbers: int, stay: dict[int, int] | None = None, surcharge: float = 0) -> Pool:
    return Pool(draft, numbers, [0, 1, 4], stay=stay or {}, surcharge=surcharge)


def three() -> Problem:
    jobs = (plans.job(1, at=TEN, of=1), plans.job(2, at=TEN, of=1), plans.job(3, at=TEN, of=1))
    return Problem(KINDS, jobs)


def shown(columns: Columns) -> list[tuple[int, int, float]]:
    return sorted(zip(*(part.tolist() for part in columns), strict=True))


def test_what_others_hold_is_not_there() -> None:
    draft = Draft(three(), pinned={})
    draft.put(0, 1, 0.0)
    columns, least = pool_of(draft, 2, 1).cheapest(FREE, 9, below=np.array([np.inf, 120]))
    assert shown(columns) == [(0, 1, 120), (0, 3, 120)]
    assert least.tolist() == [120, 120]


def test_what_the_customer_has_meanwhile_is_not_there() -> None:
    kind = plans.kind([*plans.alone(1, NINE), *plans.alone(2, NINE, TEN)])
    both = (plans.job(1, at=TEN), plans.job(2, at=TEN))
    draft = Draft(Problem((kind,), both, same_customer=((1, 2),)), pinned={})
    draft.put(0, 0, 120.0)
    columns, __ = Pool(draft, [1], [0, 3], stay={}).cheapest(np.zeros(3), 9, below=ANY)
    assert columns.ways.tolist() == [2]


def test_prices_decide_which_few_are_cheapest() -> None:
    pool = pool_of(Draft(three(), pinned={}), 0)
    at = np.array([0.0, 5, 300, 9])
    columns, least = pool.cheapest(at, 1, below=ANY)
    assert (shown(columns), least.tolist()) == ([(0, 1, 120)], [125])
    assert shown(pool.cheapest(at, 2, below=ANY)[0]) == [(0, 1, 120), (0, 3, 120)]
    assert shown(pool.cheapest(at, 9, below=np.array([129]))[0]) == [(0, 1, 120)]


def test_who_should_stay_pays_for_anything_else() -> None:
    pool = pool_of(Draft(three(), pinned={}), 0, 1, stay={1: 2}, surcharge=1000)
    columns, __ = pool.cheapest(FREE, 9, below=np.array([100, np.inf]))
    assert shown(columns) == [(0, 2, 0), (1, 1, 1120), (1, 2, 1000), (1, 3, 120)]


def test_going_without_costs_more_than_all_others_could_save(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = (plans.job(1, at=TEN, of=1, priority=2), plans.job(2, at=TEN, of=1))
    draft = Draft(Problem(KINDS, jobs), pinned={})
    assert pool_of(draft, 0, 1).without.tolist() == [180 + 120 + 1 + 2 * A_YEAR, 180 + 120 + 1 + A_YEAR]
    monkeypatch.setattr(pools, "DEAREST", 200)
    assert pool_of(draft, 1).without.tolist() == [121 + A_YEAR]
    assert pool_of(draft, 0, 1).without.tolist() == [200 + 2 * A_YEAR, 200 + A_YEAR]
    __, least = pool_of(draft, 1).cheapest(np.full(4, 1e9), 9, below=ANY)
    assert least.tolist() == [121 + A_YEAR]


def test_ways_beyond_the_few_are_fetched_when_they_could_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "FEW", 2)
    monkeypatch.setattr(pools, "FEW", 2)
    pool = pool_of(Draft(three(), pinned={}), 0)
    places, costs = pool.table(nowhere=4)
    assert (places.tolist(), costs.tolist()) == ([[2, 1, 4]], [[0, 120, 120]])
    assert shown(pool.cheapest(FREE, 9, below=np.array([120]))[0]) == [(0, 2, 0)]
    dear = np.array([0, 500.0, 500, 0])
    assert shown(pool.cheapest(dear, 9, below=np.array([121]))[0]) == [(0, 3, 120)]
    places, costs = pool.table(nowhere=4)
    assert (places.tolist(), costs[0, 3]) == ([[2, 1, 3, 4]], 121)


def test_who_has_too_little_is_shown_more_until_nothing_could_be_cheaper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "FEW", 1)
    monkeypatch.setattr(pools, "FEW", 1)
    pool = pool_of(Draft(three(), pinned={}), 0, 1)
    columns, others = pool.known()
    assert (shown(columns), others.tolist()) == ([(0, 2, 0), (1, 2, 0)], [0, 0])
    assert not pool.reach_farther([])
    assert pool.reach_farther([1])
    columns, others = pool.known()
    assert (shown(columns), others.tolist()) == (
        [(0, 2, 0), (1, 1, 120), (1, 2, 0), (1, 3, 120)],
        [0, pool.without[1]],
    )
    assert not pool.reach_farther([1])
