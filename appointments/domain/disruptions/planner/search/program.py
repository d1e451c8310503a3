"""The linear program of a few ways for each of several jobs, put to HiGHS, and what it answers."""

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from appointments.domain.disruptions.planner.costs import FloatArray
from appointments.domain.disruptions.planner.problem import IntArray
from appointments.domain.disruptions.planner.search.pool import Columns
from appointments.domain.disruptions.planner.search.rows import Marks

if TYPE_CHECKING:
    from scipy.sparse import csc_array


class Answer(NamedTuple):
    """`parts`: how much of each column is taken. `prices`: what one more of each row would save, `worths`: what each
    job costs at these; both are empty where only whole ways were asked for."""

    value: float
    parts: FloatArray
    prices: FloatArray
    worths: FloatArray


class Program(NamedTuple):
    """Each job takes one of its columns or goes without, at the cost `without`; no row holds more than its capacity,
    and of each of the `crowds` (columns by their place) one is enough.
    """

    matrix: "csc_array"
    capacity: FloatArray
    without: FloatArray

    def solve(self, columns: Columns, crowds: Marks, *, deadline: float) -> Answer | None:
        """The cheapest in parts of columns; None when the time was too short."""
        from scipy.optimize import linprog

        if time.monotonic() >= deadline:
            return None
        used, table = self._rows(columns, crowds)
        found = linprog(
            np.concatenate((columns.costs, self.without)),
            A_ub=table,
            b_ub=self._limits(used, crowds),
            A_eq=self._one_each(columns),
            b_eq=np.ones(len(self.without)),
            bounds=(0, None),
            method="highs-ds",
            options={"time_limit": _seconds_until(deadline)},
        )
        if found.status:
            return None
        prices = np.zeros(len(self.capacity))
        prices[used] = -found.ineqlin.marginals[: len(used)]
        return Answer(float(found.fun), found.x[: len(columns.costs)], prices, found.eqlin.marginals)

    def solve_whole(self, columns: Columns, crowds: Marks, *, deadline: float) -> Answer | None:
        """The cheapest in whole columns, or the best that was found in time; None when none was."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        if time.monotonic() >= deadline:
            return None
        used, table = self._rows(columns, crowds)
        found = milp(
            np.concatenate((columns.costs, self.without)),
            constraints=[
                LinearConstraint(table, -np.inf, self._limits(used, crowds)),
                LinearConstraint(self._one_each(columns), 1, 1),
            ],
            integrality=np.ones(len(columns.costs) + len(self.without)),
            bounds=Bounds(0, 1),
            options={"time_limit": _seconds_until(deadline), "mip_rel_gap": 0},
        )
        if found.x is None:
            return None
        nothing = np.array([])
        return Answer(float(found.fun), found.x[: len(columns.costs)], nothing, nothing)

    def _rows(self, columns: Columns, crowds: Marks) -> tuple[IntArray, "csc_array"]:
        """Which rows any of the columns needs, and these with the crowds below them."""
        from scipy.sparse import coo_array, csc_array, hstack, vstack

        chosen = self.matrix[:, columns.ways].tocsr()
        used = np.flatnonzero(np.diff(chosen.indptr))
        size = (crowds.size, len(columns.ways))
        beside = coo_array((np.ones(len(crowds.rows)), (crowds.rows, crowds.columns)), shape=size)
        table = vstack([chosen[used], beside])
        without = coo_array((table.shape[0], len(self.without)))
        return used, csc_array(hstack([table, without]))

    def _limits(self, used: IntArray, crowds: Marks) -> FloatArray:
        return np.concatenate((self.capacity[used], np.ones(crowds.size)))

    def _one_each(self, columns: Columns) -> "csc_array":
        from scipy.sparse import csc_array

        jobs = np.arange(len(self.without))
        lines = np.concatenate((columns.lines, jobs))
        return csc_array((np.ones(len(lines)), (lines, np.arange(len(lines)))), shape=(len(jobs), len(lines)))


def _seconds_until(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.01)
