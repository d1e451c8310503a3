"""Whom to look at together: everybody when a plan is new, and only those around a change when most are settled."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from appointments.domain.disruptions.planner.draft import NO_WAY, Draft
from appointments.domain.disruptions.planner.problem import IntArray
from appointments.domain.disruptions.planner.search.rows import Rows
from appointments.domain.disruptions.planner.search.together import Together
from appointments.domain.schedule.wallclock import DAY

A_MOVE = DAY
"""What it must save others, in minutes, to move somebody whom an earlier plan had settled."""
MANY, STEP = 1500, 300
"""So many are looked at all at once; where there are more, twice as many as the step, and then the next."""
LOOKED_AT = 40
"""How many of the ways that somebody would rather have are looked at for who holds them."""


class Occupied(NamedTuple):
    """Which resources are occupied from when to when, and by whom."""

    resources: IntArray
    begins: IntArray
    ends: IntArray
    numbers: IntArray


def improve(draft: Draft, *, deadline: float) -> Iterator[None]:
    """Make a new plan cheaper, step by step, until nothing is left to gain or the time is over.

    More than a program can hold in good time are first looked at by and by, in the order of their old times.
    """
    if not draft.free:
        return
    rows = Rows(draft.problem)
    jobs = draft.problem.jobs
    in_order = sorted(draft.free, key=lambda number: (jobs[number].start, jobs[number].key))
    if len(in_order) > MANY:
        for first in range(0, len(in_order) - STEP, STEP):
            if time.monotonic() > deadline:
                return
            yield from Together(draft, rows, in_order[first : first + 2 * STEP]).improve(deadline=deadline)
    yield from Together(draft, rows, in_order).improve(deadline=deadline)


def settle(draft: Draft, kept: Mapping[int, int], *, deadline: float) -> Iterator[None]:
    """The same for those who could not stay where they were. `kept`: who did, and their ways.

    The others make room only where it saves much, or where somebody would be left without a place.
    """
    unsettled = [number for number in draft.free if number not in kept]
    occupied = occupied_by(draft)
    around = sorted({*unsettled, *(one for number in unsettled for one in in_the_way(draft, number, occupied))})
    rows = Rows(draft.problem)
    for numbers in (around, draft.free):
        if numbers:
            together = Together(draft, rows, numbers, stay=kept, surcharge=A_MOVE)
            yield from together.improve(deadline=deadline)
        if all(draft.ways[number] != NO_WAY for number in unsettled):
            return


def in_the_way(draft: Draft, number: int, occupied: Occupied) -> Sequence[int]:
    """Who holds the cheapest of the ways that the job would rather have than its own; nobody who is pinned."""
    kind = draft.problem.kinds[draft.problem.jobs[number].kind]
    ways = draft.choices.cheapest(number)
    better = ways.places[ways.costs < draft.costs[number]][:LOOKED_AT]
    line, begins, ends, holders = occupied
    found: set[int] = set()
    for way in better.tolist():
        span = kind.span(int(kind.starts[way]))
        met = np.isin(line, kind.resources[way]) & (begins < span.end) & (ends > span.start)
        found.update(holders[met].tolist())
    return sorted(found - {number})


def occupied_by(draft: Draft) -> Occupied:
    """What those who are not pinned occupy."""
    found = [
        (resource, *kind.span(placement.start), number)
        for number in draft.free
        if (placement := draft.placement(number))
        for kind in [draft.problem.kinds[draft.problem.jobs[number].kind]]
        for resource in placement.resources
    ]
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Occupied(*columns)
