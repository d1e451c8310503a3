"""What a plan has taken so far, kept as a count on every way: a way is open while nothing stands against it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import inf

import numpy as np

from appointments.domain.disruptions.planner.problem import IntArray, Kind, Problem
from appointments.domain.schedule.wallclock import DAY

Pair = tuple[int, int]
"""(resource, day)."""


class Taken:
    """Counts for each kind how much stands against each of its ways: appointments in the way, limits reached.

    `add` and `remove` undo one another, in any order.
    """

    def __init__(self, problem: Problem) -> None:
        self._kinds = problem.kinds
        self.counts = [np.zeros(len(kind.starts), dtype=np.int32) for kind in problem.kinds]
        self._lines = [_by_resource(kind) for kind in problem.kinds]
        self._limits = _Limits(problem, self.counts)

    def add(self, kind: int, start: int, resources: Iterable[int], day: int) -> None:
        self._count(kind, start, resources, day, 1)

    def remove(self, kind: int, start: int, resources: Iterable[int], day: int) -> None:
        self._count(kind, start, resources, day, -1)

    def left(self, pair: Pair) -> tuple[float, float]:
        """How many more appointments and minutes that day of that resource may have; less than none by pins."""
        return self._limits.left(pair)

    def _count(self, kind: int, start: int, resources: Iterable[int], day: int, by: int) -> None:
        begin, end = self._kinds[kind].span(start)
        for resource in resources:
            for other, lines, counts in zip(self._kinds, self._lines, self.counts, strict=True):
                line = lines.get(resource)
                if line is not None:
                    starts, places = line
                    first = starts.searchsorted(begin - other.minutes - other.after, "right")
                    last = starts.searchsorted(end + other.before, "left")
                    counts[places[first:last]] += by
            self._limits.count(resource, day, minutes=end - begin, by=by)


def _by_resource(kind: Kind) -> dict[int, tuple[IntArray, IntArray]]:
    """For each resource the ways that occupy it: their starts, ascending, and their places."""
    flat = kind.resources.ravel()
    order = np.argsort(flat, kind="stable")
    places = order // max(kind.resources.shape[1], 1)
    ids, firsts = np.unique(flat[order], return_index=True)
    pieces = np.split(places, firsts[1:]) if len(ids) else []
    return {int(pk): (kind.starts[piece], piece) for pk, piece in zip(ids, pieces, strict=True)}


class _Limits:
    """Closes the ways of a (resource, day) while one more of their kind would be too much, and opens them again."""

    def __init__(self, problem: Problem, counts: list[np.ndarray]) -> None:
        self._most, self._minutes = problem.most, problem.minutes_left
        self._used: dict[Pair, list[int]] = {pair: [0, 0] for pair in (*self._most, *self._minutes)}
        self._length = [kind.occupied for kind in problem.kinds]
        self._counts = counts
        self._places = [_by_pair(kind, self._used) for kind in problem.kinds]
        self._closed: set[tuple[int, int, int]] = set()
        for pair in self._used:
            self._close_or_open(pair)

    def count(self, resource: int, day: int, *, minutes: int, by: int) -> None:
        used = self._used.get((resource, day))
        if used is not None:
            used[0] += by
            used[1] += by * minutes
            self._close_or_open((resource, day))

    def left(self, pair: Pair) -> tuple[float, float]:
        appointments, minutes = self._used[pair]
        return self._most.get(pair, inf) - appointments, self._minutes.get(pair, inf) - minutes

    def _close_or_open(self, pair: Pair) -> None:
        appointments, minutes = self._used[pair]
        is_full = pair in self._most and appointments >= self._most[pair]
        for kind, places in enumerate(self._places):
            if pair not in places:
                continue
            is_closed = is_full or (pair in self._minutes and minutes + self._length[kind] > self._minutes[pair])
            mark = (kind, *pair)
            if is_closed and mark not in self._closed:
                self._closed.add(mark)
                self._counts[kind][places[pair]] += 1
            elif not is_closed and mark in self._closed:
                self._closed.remove(mark)
                self._counts[kind][places[pair]] -= 1


def _by_pair(kind: Kind, wanted: Mapping[Pair, object]) -> dict[Pair, IntArray]:
    """The places of the ways that occupy each of the `wanted` pairs."""
    days = kind.walls // DAY
    found: dict[Pair, list[IntArray]] = defaultdict(list)
    limited = {resource for resource, __ in wanted}
    for resource in limited:
        rows = np.flatnonzero((kind.resources == resource).any(axis=1))
        order = np.argsort(days[rows], kind="stable")
        unique, firsts = np.unique(days[rows][order], return_index=True)
        for day, piece in zip(unique.tolist(), np.split(rows[order], firsts[1:]), strict=False):
            if (resource, day) in wanted:
                found[resource, day].append(piece)
    return {pair: np.concatenate(pieces) for pair, pieces in found.items()}
