"""Which ways each job may take, whoever else takes what: its limits, wishes and refusals, what others still hold."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appointments.domain.disruptions.planner.costs import ANOTHER_PERSON, FloatArray, cost, costs
from appointments.domain.disruptions.planner.problem import IntArray, Job, Kind, Present, Problem
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import DAY, midnight
from appointments.domain.schedule.wishes import EVENING, NOON, PARTS, Wishes

FEW = 500
"""How many of its cheapest ways a job looks at before it looks at all."""
NOT_MANY = 4 * FEW
"""Among so many ways of its kind it looks at all at once: looking around first would take longer."""
A_LOOK_AROUND, FARTHER = 12 * 60, 4
"""How far around its old time a job looks first, in minutes, and how many times as far, or as dear, next."""
EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""
Mask = NDArray[np.bool_]


class Ways(NamedTuple):
    """Places in the arrays of the job's kind and what each costs, the cheapest first."""

    places: IntArray
    costs: FloatArray


NO_WAYS = Ways(np.array([], dtype=np.int64), np.array([], dtype=np.float64))


class Choices:
    """The ways of every job of `problem`, by its place in `problem.jobs`; weighed when they are first asked for."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._held = [_held(kind, problem.present) for kind in problem.kinds]
        self._present: dict[int, list[Present]] = defaultdict(list)
        for one in problem.present:
            self._present[one.key].append(one)
        self._few: dict[int, Ways] = {}

    def cheapest(self, number: int) -> Ways:
        """At most `FEW` of the job's ways; whatever costs less than the last of so many is among them."""
        if number not in self._few:
            ways = self._around(number)
            self._few[number] = Ways(ways.places[:FEW], ways.costs[:FEW])
        return self._few[number]

    def _around(self, number: int) -> Ways:
        """All that cost less than some limit, and as many as `FEW` where there are so many."""
        job = self._problem.jobs[number]
        if len(self._problem.kinds[job.kind].starts) <= NOT_MANY:
            return self.within(number, inf)
        limit, ways = max(job.priority, 1) * A_LOOK_AROUND, NO_WAYS
        while len(ways.places) < FEW and limit < FARTHER * self.dearest(number):
            limit *= FARTHER
            ways = self.within(number, limit)
        return ways

    def all(self, number: int) -> Ways:
        few = self.cheapest(number)
        return few if len(few.places) < FEW else self.within(number, inf)

    def widening(self, number: int) -> Iterator[Ways]:
        """The cheapest, then all that cost less than a limit that grows, at last all: whoever finds what they want
        among the first need not weigh the others.
        """
        few = self.cheapest(number)
        yield few
        if len(few.places) < FEW:
            return
        limit, dearest = max(float(few.costs[-1]), A_LOOK_AROUND), self.dearest(number)
        while (limit := limit * FARTHER) < dearest:
            yield self.within(number, limit)
        yield self.within(number, inf)

    def within(self, number: int, limit: float) -> Ways:
        """All that cost less than `limit`."""
        return self._within(self._problem.jobs[number], limit)

    def if_it_were(self, job: Job) -> Ways:
        """All ways of a job that asks for something else than the problem's own of the same key."""
        return self._within(job, inf)

    def _within(self, job: Job, limit: float) -> Ways:
        kind = self._problem.kinds[job.kind]
        # A way costs no less than its delay, so that it need not be sought farther away.
        away = limit / job.priority if job.priority > 0 else inf
        first = int(kind.starts.searchsorted(max(job.start - away, job.earliest), "left"))
        last = int(kind.starts.searchsorted(min(job.start + away, job.latest), "right"))
        part = kind.part(first, last)
        weights = costs(job, part)
        places = np.flatnonzero(self._allowed(job, part, first, last) & (weights < limit))
        order = places[np.argsort(weights[places], kind="stable")]
        return Ways(order + first, weights[order])

    def allows(self, number: int, way: int) -> bool:
        """Whether the job may take this one way of its kind."""
        job = self._problem.jobs[number]
        part = self._problem.kinds[job.kind].part(way, way + 1)
        return bool(self._allowed(job, part, way, way + 1)[0])

    def cost(self, number: int, way: int) -> float:
        job = self._problem.jobs[number]
        kind = self._problem.kinds[job.kind]
        return cost(job, start=int(kind.starts[way]), wall=int(kind.walls[way]), leader=int(kind.leaders[way]))

    def dearest(self, number: int) -> float:
        """More than any of its ways costs."""
        job = self._problem.jobs[number]
        starts = self._problem.kinds[job.kind].starts
        farthest = max(abs(int(start) - job.start) for start in (starts[0], starts[-1])) if len(starts) else 0
        return job.priority * farthest + ANOTHER_PERSON + DAY

    def _allowed(self, job: Job, part: Kind, first: int, last: int) -> Mask:
        """Which of these ways of its kind the job may take."""
        mask = limits(job, part)
        held = self._held[job.kind]
        if held is not None:
            own = _held(part, self._present[job.key])
            mask &= (held[first:last] if own is None else held[first:last] - own) == 0
        return mask


def limits(job: Job, kind: Kind) -> Mask:
    """Which ways keep to everything that the job itself asks for."""
    mask = (kind.starts >= job.earliest) & (kind.starts <= job.latest)
    if job.same_person:
        mask &= kind.leaders == job.leader
    if job.wishes:
        mask &= _meets(job, job.wishes, kind)
    for start, leader in job.refused:
        mask &= (kind.starts != start) | (kind.leaders != leader)
    for span in job.busy:
        mask &= ~overlapping(kind, span)
    return mask


def overlapping(kind: Kind, meeting: Span[int]) -> Mask:
    """Which ways would ask the customer to be in two places at once."""
    return (kind.starts < meeting.end) & (kind.starts + kind.minutes > meeting.start)


def _meets(job: Job, wishes: Wishes, kind: Kind) -> Mask:
    days, hours = kind.walls // DAY, kind.walls % DAY
    mask = np.ones(len(kind.starts), dtype=bool)
    if wishes.days:
        mask &= np.isin((days + EPOCH_WEEKDAY) % 7, sorted(wishes.days))
    if wishes.parts:
        parts = (hours >= NOON).astype(np.int64) + (hours >= EVENING)
        mask &= np.isin(parts, [PARTS.index(part) for part in wishes.parts])
    if wishes.from_day:
        mask &= kind.walls >= midnight(wishes.from_day)
    if wishes.until_day:
        mask &= kind.walls < midnight(wishes.until_day) + DAY
    if wishes.person == "same":
        mask &= kind.leaders == job.leader
    if wishes.sooner:
        mask &= kind.starts < job.start
    return mask


def _held(kind: Kind, present: Sequence[Present]) -> IntArray | None:
    """How many of `present` each way would run into; None where there are none at all."""
    if not present:
        return None
    found = np.zeros(len(kind.starts), dtype=np.int64)
    by_resource: dict[int, list[Present]] = defaultdict(list)
    for one in present:
        by_resource[one.resource].append(one)
    for resource, theirs in by_resource.items():
        rows = np.flatnonzero((kind.resources == resource).any(axis=1))
        begins, ends = (np.array([getattr(one, name) for one in theirs]) for name in ("start", "end"))
        # Each runs into the ways of one stretch: one more from its first on, one less after its last.
        steps = np.zeros(len(rows) + 1, dtype=np.int64)
        np.add.at(steps, kind.starts[rows].searchsorted(begins - kind.minutes - kind.after, "right"), 1)
        np.subtract.at(steps, kind.starts[rows].searchsorted(ends + kind.before, "left"), 1)
        found[rows] += np.cumsum(steps)[:-1]
    return found
