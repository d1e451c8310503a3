"""What only so many can have: each stretch of a resource's time once, each limited day its limit.

A matrix with a row for each and a column for each way of each kind, as linear programs want it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from appointments.domain.disruptions.planner.costs import FloatArray
from appointments.domain.disruptions.planner.problem import IntArray, Problem
from appointments.domain.disruptions.planner.taken import Pair
from appointments.domain.schedule.wallclock import DAY

if TYPE_CHECKING:
    from scipy.sparse import csc_array

FAR_APART = 10**9
"""More minutes than any plan spans, so that the times of several lines can be laid end to end."""


class Marks(NamedTuple):
    """Where a matrix holds something."""

    rows: IntArray
    columns: IntArray
    size: int
    """How many rows there are."""


NO_MARKS = Marks(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 0)


class Rows:
    """The matrix of a problem; ways are counted through all kinds, from `firsts[kind]` on."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        lengths = [len(kind.starts) for kind in problem.kinds]
        self.firsts = [sum(lengths[:number]) for number in range(len(lengths) + 1)]
        self.pairs = sorted({*problem.most, *problem.minutes_left})

    @cached_property
    def matrix(self) -> "csc_array":
        """The rows of time, then those of `most`, then those of `minutes_left`."""
        from scipy.sparse import coo_array, csc_array, vstack

        times, line, ways, begins, ends = self._lines()
        marks = crowds(line, begins, ends)
        size = (marks.size, self.firsts[-1])
        parts = [coo_array((np.ones(len(marks.rows)), (marks.rows, ways[marks.columns])), shape=size)]
        if self.pairs:
            parts.append(self._limits(times))
        return csc_array(vstack(parts))

    @cached_property
    def slots(self) -> IntArray | None:
        """The one row of each way, when no way has several and none shares it with another of its kind."""
        one_each = (np.diff(self.matrix.indptr) == 1).all()
        kinds = np.repeat(np.arange(len(self.firsts) - 1), np.diff(self.firsts))
        if one_each and len(np.unique(self.matrix.indices * len(self.firsts) + kinds)) == len(kinds):
            return self.matrix.indices
        return None

    def capacity(self, left: Callable[[Pair], tuple[float, float]]) -> FloatArray:
        """How much of each row may be had, when so much of each limited day is left."""
        limits = [left(pair) for pair in self.pairs]
        found = np.ones(self.matrix.shape[0])
        if limits:
            most, minutes = zip(*limits, strict=True)
            found[-2 * len(limits) :] = np.clip(np.array(most + minutes), 0, FAR_APART)
        return found

    def meetings(self, ways: IntArray) -> tuple[IntArray, IntArray]:
        """When each way begins and ends for the customer."""
        kinds = self._problem.kinds
        begins = np.concatenate([kind.starts for kind in kinds])[ways]
        return begins, begins + np.concatenate([np.full(len(kind.starts), kind.minutes) for kind in kinds])[ways]

    def _lines(self) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
        """For each way its minutes; for each resource of each way: resource, way, begin and end."""
        kinds = self._problem.kinds
        minutes = np.concatenate([np.full(len(kind.starts), kind.occupied) for kind in kinds])
        line = np.concatenate([kind.resources.ravel() for kind in kinds])
        numbers = [np.arange(first, first + len(kind.starts)) for first, kind in zip(self.firsts, kinds, strict=False)]
        ways = np.concatenate(
            [np.repeat(number, kind.resources.shape[1]) for number, kind in zip(numbers, kinds, strict=True)]
        )
        starts = np.concatenate([kind.starts - kind.before for kind in kinds])
        begins = starts[ways]
        return minutes, line, ways, begins, begins + minutes[ways]

    def _limits(self, minutes: IntArray) -> "csc_array":
        from scipy.sparse import coo_array, csc_array, vstack

        place = {pair: number for number, pair in enumerate(self.pairs)}
        rows: list[int] = []
        columns: list[int] = []
        for first, kind in zip(self.firsts, self._problem.kinds, strict=False):
            for way, (day, occupied) in enumerate(
                zip((kind.walls // DAY).tolist(), kind.resources.tolist(), strict=True)
            ):
                for resource in occupied:
                    if (resource, day) in place:
                        rows.append(place[resource, day])
                        columns.append(first + way)
        size = (len(self.pairs), self.firsts[-1])
        once = coo_array((np.ones(len(rows)), (rows, columns)), shape=size)
        timed = coo_array((minutes[columns].astype(float), (rows, columns)), shape=size)
        return csc_array(vstack([once, timed]))


def crowds(lines: IntArray, begins: IntArray, ends: IntArray) -> Marks:
    """One row for each largest set of spans that are all going on at one moment of one line, and which they are."""
    if not len(lines):
        return NO_MARKS
    __, numbers = np.unique(lines, return_inverse=True)
    origin = begins.min()
    from_, until = numbers * FAR_APART + begins - origin, numbers * FAR_APART + ends - origin
    moments, over = np.unique(from_), np.unique(until)
    # A set is largest when somebody leaves before the next one comes.
    left = np.searchsorted(over, moments, side="right")
    leaves = np.append(left[1:], len(over)) > left
    moments = moments[leaves]
    first = np.searchsorted(moments, from_, side="left")
    count = np.searchsorted(moments, until, side="left") - first
    columns = np.repeat(np.arange(len(lines)), count)
    offsets = np.arange(len(columns)) - np.repeat(np.cumsum(count) - count, count)
    return Marks(first[columns] + offsets, columns, len(moments))
