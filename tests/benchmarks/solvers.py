"""What plans are held against: sparse assignment and the bound of a linear program, both written down at once."""

import time
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from appointments.domain.disruptions.planner.costs import FloatArray, costs
from appointments.domain.disruptions.planner.problem import IntArray, Problem
from tests.benchmarks.dataset import GRID

FEWEST = 300
"""How many of its cheapest ways a job brings into the first program; twice as many if that was not enough."""
LEFT_OUT = 1e6
APART = 10**9


class Bound(NamedTuple):
    cost: float
    seconds: float
    """To solve the last of the programs, the one that proves it."""


def assignment(problem: Problem) -> float:
    """What a plan for appointments of equal length costs whose slots were cut from each gap, beginning at its start."""
    [kind] = problem.kinds
    slots: list[int] = []
    ends: dict[int, int] = {}
    for place, (start, leader) in enumerate(zip(kind.starts.tolist(), kind.leaders.tolist(), strict=True)):
        if ends.get(leader, 0) <= start:
            slots.append(place)
            ends[leader] = start + kind.minutes
    chosen = np.array(slots)
    lines, columns, weights = [], [], []
    for line, job in enumerate(problem.jobs):
        all_costs = costs(job, kind)[chosen]
        nearest = np.argpartition(all_costs, FEWEST)[:FEWEST]
        lines.append(np.full(FEWEST, line))
        columns.append(nearest)
        # What costs nothing would be no edge at all.
        weights.append(all_costs[nearest] + 1)
    shape = (len(problem.jobs), len(chosen))
    edges = csr_array((np.concatenate(weights), (np.concatenate(lines), np.concatenate(columns))), shape=shape)
    rows, matched = min_weight_full_bipartite_matching(edges)
    return float(sum(edges[row, column] - 1 for row, column in zip(rows, matched, strict=True)))


def bound(problem: Problem, *, few: int = FEWEST) -> Bound:
    """What no plan can undercut that places all: the linear program with a row for every quarter of an hour.

    For ways of one resource each, without buffers or limits.
    """
    lines, weights, quarters, dearest = _columns(problem, few)
    jobs = np.arange(len(problem.jobs))
    count = len(lines) + len(jobs)
    columns = np.repeat(np.arange(len(lines)), [len(some) for some in quarters])
    __, rows = np.unique(np.concatenate(quarters), return_inverse=True)
    taken = csr_array((np.ones(len(rows)), (rows, columns)), shape=(rows.max() + 1, count))
    began = time.perf_counter()
    found = linprog(
        np.concatenate((weights, np.full(len(jobs), LEFT_OUT))),
        A_ub=taken,
        b_ub=np.ones(taken.shape[0]),
        A_eq=csr_array((np.ones(count), (np.concatenate((lines, jobs)), np.arange(count)))),
        b_eq=np.ones(len(jobs)),
        method="highs",
    )
    seconds = time.perf_counter() - began
    # A way that costs more than its job is worth would not be taken.
    if (found.eqlin.marginals > dearest).any():
        return bound(problem, few=2 * few)
    return Bound(float(found.fun), seconds)


def _columns(problem: Problem, few: int) -> tuple[IntArray, FloatArray, list[IntArray], FloatArray]:
    """Of the cheapest ways: whose they are, what they cost, which quarters they take; and from what cost on a job has
    others.
    """
    lines, weights, quarters = [], [], []
    dearest = np.full(len(problem.jobs), np.inf)
    for line, job in enumerate(problem.jobs):
        kind = problem.kinds[job.kind]
        all_costs = costs(job, kind)
        nearest = np.arange(len(all_costs))
        if len(all_costs) > few:
            nearest = np.argpartition(all_costs, few)[:few]
            dearest[line] = all_costs[nearest].max()
        lines.append(np.full(len(nearest), line))
        weights.append(all_costs[nearest])
        first = kind.leaders[nearest] * APART + kind.starts[nearest] // GRID
        quarters += list(first[:, None] + np.arange(kind.minutes // GRID))
    return np.concatenate(lines), np.concatenate(weights), quarters, dearest
