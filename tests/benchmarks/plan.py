"""Goal 3: plans of many moves beside SciPy's sparse assignment, the bound of a linear program, and greedy plans."""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import NamedTuple, TypeVar

from appointments.domain.disruptions.planner.costs import UNPLACED
from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import by_priority, place_in_turn
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import Plan, plan, plans
from appointments.domain.disruptions.planner.problem import Problem
from tests import plans as brute
from tests.benchmarks import displaced, solvers, table
from tests.benchmarks.dataset import HORIZON
from tests.benchmarks.table import Row

T = TypeVar("T")
SECONDS = 15
CHANGES = 5


class Step(NamedTuple):
    """A plan, and after how many seconds it was there."""

    plan: Plan
    seconds: float


def run(*, seed: int) -> list[Row]:
    """Seconds to the first plan that is so near to the bound, and costs."""
    plan(displaced.make(seed=seed, displaced=20, providers=5), seconds=5)  # so that nobody pays for imports
    return [*_equal(seed), *_few(seed), *_many(seed), *_very_many(seed), *_no_room(seed)]


def _equal(seed: int) -> list[Row]:
    problem = displaced.make(seed=seed, displaced=1000, providers=30, lengths=(30,), at_last=8)
    name = "plan, 1,000 × 30, all of 30 minutes"
    matched, seconds = _timed(lambda: solvers.assignment(problem))
    steps, least = _steps(problem, SECONDS), solvers.bound(problem)
    return [
        table.row(f"{name}: within 0.1 % of the bound, beside sparse assignment (s)",
                  _first_within(steps, 1.001 * least.cost), seconds, at_most=3),
        table.row(f"{name}: the plan beside the bound (cost)", steps[-1].plan.cost, least.cost, at_most=1.001),
        table.beside(f"{name}: sparse assignment beside the bound (cost)", matched, least.cost),
        *_beside_simple_ones(name, problem, steps),
    ]  # fmt: skip


def _few(seed: int) -> list[Row]:
    problem = displaced.make(seed=seed, displaced=100, providers=10)
    return _beside_the_bound("plan, 100 × 10, 30–90 minutes", problem, {1: 6})


def _many(seed: int) -> list[Row]:
    problem = displaced.make(seed=seed, displaced=1000, providers=30)
    name = "plan, 1,000 × 30, 30–90 minutes"
    return [*_beside_the_bound(name, problem, {5: 0.6, 2: 1.5, 1: 4.5}), *_again(name, problem)]


def _beside_the_bound(name: str, problem: Problem, limits: dict[int, float]) -> list[Row]:
    """For each percentage how long it took to come so near to the bound, beside the bound's own time."""
    least, steps = solvers.bound(problem), _steps(problem, SECONDS)
    return [
        *(
            table.row(f"{name}: within {percent} % of the bound, beside the bound (s)",
                      _first_within(steps, (1 + percent / 100) * least.cost), least.seconds, at_most=limit)
            for percent, limit in limits.items()
        ),
        table.beside(f"{name}: the plan beside the bound (cost)", steps[-1].plan.cost, least.cost),
        *_beside_simple_ones(name, problem, steps),
    ]  # fmt: skip


def _again(name: str, problem: Problem) -> list[Row]:
    """Five times somebody is pinned to a time that was another's, and the rest is planned again around it."""
    before, anew = _timed(lambda: plan(problem, seconds=SECONDS))
    took, moved = 0.0, 0
    kinds = {job.key: job.kind for job in problem.jobs}
    keys = sorted(before.placements)[:: len(before.placements) // CHANGES][:CHANGES]
    for key in keys:
        other = next(one for one in sorted(before.placements, reverse=True) if kinds[one] == kinds[key] and one != key)
        pinned = {key: before.placements[other]}
        after, seconds = _timed(partial(plan, problem, seconds=SECONDS, pinned=pinned, start=before))
        _must_be_right(problem, after, pinned)
        took = max(took, seconds)
        changed = {one for one in before.placements if after.placements.get(one) != before.placements[one]}
        moved = max(moved, len(changed - {key, other}))
    return [
        table.row(f"{name}: planned again after one change, beside anew (s)", took, anew, at_most=0.2),
        table.count(f"{name}: moved though nobody took their time (of 100)", 100 * moved / len(kinds), at_most=2),
    ]


def _very_many(seed: int) -> list[Row]:
    problem = displaced.make(seed=seed, displaced=5000, providers=50, days=2 * HORIZON)
    name = "plan, 5,000 × 50, 30–90 minutes"
    __, seconds = _timed(lambda: _in_turn(problem, by_priority))
    steps, took = _timed(lambda: _steps(problem, 10 * seconds))
    return [
        table.row(f"{name}: beside greedy by priority (s)", took, seconds, at_most=12),
        *_beside_simple_ones(name, problem, steps),
    ]


def _no_room(seed: int) -> list[Row]:
    """Calendars that are as full at the end as at the beginning."""
    problem = displaced.make(seed=seed, displaced=1000, providers=30, at_last=8)
    name = "plan, 1,000 × 30, no room for all"
    steps = _steps(problem, SECONDS)
    left_out = len(problem.jobs) - len(steps[-1].plan.placements)
    greedy = _in_turn(problem, by_priority)
    return [
        table.row(f"{name}: left out, beside greedy by priority", left_out, greedy.cost // UNPLACED, at_most=1),
        table.row(f"{name}: never dearer than greedy by priority", steps[-1].plan.cost, greedy.cost, at_most=1),
    ]


def _beside_simple_ones(name: str, problem: Problem, steps: list[Step]) -> list[Row]:
    greedy, first_come = _in_turn(problem, by_priority), _in_turn(problem, lambda draft, numbers: numbers)
    cost = steps[-1].plan.cost
    return [
        table.row(f"{name}: never dearer than greedy by priority", cost, greedy.cost, at_most=1),
        table.beside(f"{name}: beside first come, first served (cost)", cost, first_come.cost),
    ]


def _in_turn(problem: Problem, order: Callable[[Draft, Iterable[int]], Iterable[int]]) -> Draft:
    draft = Draft(problem, pinned={})
    place_in_turn(draft, order(draft, draft.free))
    return draft


def _steps(problem: Problem, seconds: float) -> list[Step]:
    began, steps = time.perf_counter(), []
    for one in plans(problem, seconds=seconds):
        steps.append(Step(one, time.perf_counter() - began))
    if any(before.plan.cost <= after.plan.cost for before, after in pairwise(steps)):
        raise AssertionError("a plan was no cheaper than the one before")
    _must_be_right(problem, steps[-1].plan, {})
    return steps


def _must_be_right(problem: Problem, found: Plan, pinned: Mapping[int, Placement]) -> None:
    if wrong := brute.faults(problem, found, pinned):
        raise AssertionError(f"{len(wrong)} faults: {wrong[:5]}")


def _first_within(steps: list[Step], cost: float) -> float:
    return next((step.seconds for step in steps if step.plan.cost <= cost), float("inf"))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began
