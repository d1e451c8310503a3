"""One appointment's place in a plan, and where that stands among the ways of its kind."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from appointments.domain.disruptions.planner.problem import Kind, Problem


class Placement(NamedTuple):
    """A new start (minute of UTC), with whom, all that it occupies, and whether it lies outside the public hours."""

    start: int
    leader: int
    resources: tuple[int, ...]
    outside: bool


def placement_of(kind: Kind, way: int) -> Placement:
    resources = tuple(kind.resources[way].tolist())
    return Placement(int(kind.starts[way]), int(kind.leaders[way]), resources, bool(kind.outside[way]))


def way_of(kind: Kind, placement: Placement) -> int | None:
    """Which way of its kind it is; None when it is none of them."""
    first, last = np.searchsorted(kind.starts, (placement.start, placement.start + 1))
    resources = sorted(placement.resources)
    for way in range(first, last):
        if kind.leaders[way] == placement.leader and sorted(kind.resources[way].tolist()) == resources:
            return way
    return None


class Walls:
    """What the wall clock shows at minutes that need not be among the ways: as far ahead of UTC as at the nearest
    minute of which the problem tells.
    """

    def __init__(self, problem: Problem) -> None:
        known = sorted(set(_told(problem)))
        self._minutes = np.array([minute for minute, __ in known], dtype=np.int64)
        self._ahead = np.array([ahead for __, ahead in known], dtype=np.int64)

    def at(self, minute: int) -> int:
        place = int(np.abs(self._minutes - minute).argmin())
        return minute + int(self._ahead[place])


def _told(problem: Problem) -> Iterator[tuple[int, int]]:
    """(minute of UTC, how far the wall is ahead) of the jobs, and of the ways where that changes."""
    for job in problem.jobs:
        yield job.start, job.wall - job.start
    for kind in problem.kinds:
        ahead = kind.walls - kind.starts
        yield from _pairs(kind, ahead, np.flatnonzero(np.diff(ahead, prepend=np.nan, append=np.nan)))


def _pairs(kind: Kind, ahead: np.ndarray, changes: np.ndarray) -> Iterable[tuple[int, int]]:
    """The ways on both sides of each change."""
    for place in sorted({*changes.tolist(), *(changes - 1).tolist()}):
        if 0 <= place < len(kind.starts):
            yield int(kind.starts[place]), int(ahead[place])
