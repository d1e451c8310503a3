"""Jobs that compete for slots and for nothing else: to match them is the whole answer, even with no room for all."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from appointments.domain.disruptions.planner.problem import IntArray
from appointments.domain.disruptions.planner.search.pool import Columns, Pool


class Matched(NamedTuple):
    """Who has which way; who is missing would pay less for one that is not known yet, or for none."""

    ways: Columns
    bound: float
    """No plan is cheaper."""


def matches(slots: IntArray, pool: Pool, *, deadline: float) -> Iterator[Matched]:
    """Better and better, until the last is the best that there can be, or the time is over.

    `slots`: which slot each way takes, of which there is one. No two ways of a job take the same.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    count = int(slots.max(initial=-1)) + 1
    while time.monotonic() < deadline:
        ways, others = pool.known()
        jobs = np.arange(len(others))
        # Behind the slots stands for each job to take none of these. What costs nothing would be no edge at all.
        costs = np.concatenate((ways.costs, others)) + 1
        ends = np.concatenate((slots[ways.ways], count + jobs))
        edges = csr_array((costs, (np.concatenate((ways.lines, jobs)), ends)), shape=(len(jobs), count + len(jobs)))
        __, taken = min_weight_full_bipartite_matching(edges)
        without = np.flatnonzero(taken >= count)
        chosen = taken[ways.lines] == slots[ways.ways]
        found = Columns(ways.lines[chosen], ways.ways[chosen], ways.costs[chosen])
        yield Matched(found, float(found.costs.sum() + others[without].sum()))
        if not pool.reach_farther(without):
            return
