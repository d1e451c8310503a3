"""What each stretch of time is worth: prices at which everybody who takes the cheapest way finds it free, nearly.

Lagrange's relaxation of the limits, by the subgradient method: a price rises where more want a time than can have it,
and falls where it stays empty. Good prices tell which few of thousands of ways are worth a closer look.
"""

import time
from typing import TYPE_CHECKING

import numpy as np

from appointments.domain.disruptions.planner.costs import FloatArray
from appointments.domain.disruptions.planner.search.pool import Pool

if TYPE_CHECKING:
    from scipy.sparse import csc_array

ROUNDS = 600
PATIENCE = 10
"""So many rounds without a better bound, and the steps become shorter."""
CHECKED, WORTH_IT, SMALL = 50, 0.01, 0.0005
"""After so many rounds the bound must have made up such a part of what it lacks, and such a part of the whole, or more
rounds are not worth their time."""
CLOSE = 0.02
"""Once a bound is so close to the known plan, as a part of what its moves cost, a program finds the rest sooner."""
SHORTER = 0.6
MEMORY = 0.7
"""How much of the last direction is kept: without it, prices swing from one side to the other."""


def prices(
    matrix: "csc_array", capacity: FloatArray, pool: Pool, *, goal: float, moves: float, deadline: float
) -> FloatArray:
    """A price for each row. `goal`: what a plan that is known costs, `moves` without those whom it leaves out; the
    nearer the bound, the shorter the steps.
    """
    places, costs = pool.table(nowhere=matrix.shape[1])
    lines = np.arange(len(costs))
    by_way, by_row = matrix.T.tocsr(), matrix.tocsr()
    best, best_bound = np.zeros(len(capacity)), -np.inf
    current, direction, step, waited = best, best, 1.0, 0
    checked = -np.inf
    at = np.zeros(matrix.shape[1] + 1)
    for turn in range(ROUNDS):
        if turn % CHECKED == CHECKED - 1:
            if best_bound - checked < max(WORTH_IT * (goal - best_bound), SMALL * goal):
                break
            checked = best_bound
        at[:-1] = by_way @ current
        full = costs + at[places]
        wanted = full.argmin(axis=1)
        # Sums and not `@`, whose threads wait for one another where other programs keep the cores busy.
        bound = full[lines, wanted].sum() - (current * capacity).sum()
        if bound > best_bound:
            best, best_bound, waited = current, bound, 0
        else:
            waited += 1
        count = np.bincount(places[lines, wanted], minlength=len(at))[:-1]
        excess = by_row @ count.astype(float) - capacity
        excess[(current <= 0) & (excess < 0)] = 0
        direction = MEMORY * direction + (1 - MEMORY) * excess
        if waited >= PATIENCE:
            step, waited, current, direction = step * SHORTER, 0, best, excess
        size = (direction * direction).sum()
        if not size or goal - best_bound <= CLOSE * moves or time.monotonic() > deadline:
            break
        current = np.maximum(current + step * (goal - bound) / size * direction, 0)
    return best
