"""Which ways each job may take, whoever else takes what: its limits, wishes and refusals, what others still hold."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appointments.domain.disruptions.planner.costs import FloatArray, cost, costs
from appointments.domain.disruptions.planner.problem import IntArray, Job, Kind, Present, Problem
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import DAY, midnight
from appointments.domain.schedule.wishes import EVENING, NOON, PARTS, Wishes

FEW = 500
"""How many of its cheapest ways a job looks at before it looks at all."""
EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""
Mask = NDArray[np.bool_]


class Ways(NamedTuple):
    """Places in the arrays of the job's kind and what each costs, the cheapest first."""

    places: IntArray
    costs: FloatArray


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
        """At most `FEW` of the job's ways."""
        if number not in self._few:
            self._few[number] = self._weighed(number, most=FEW)
        return self._few[number]

    def all(self, number: int) -> Ways:
        few = self.cheapest(number)
        return few if len(few.places) < FEW else self._weighed(number, most=None)

    def allowed(self, number: int) -> Mask:
        """Which ways of its kind the job may take."""
        job = self._problem.jobs[number]
        kind = self._problem.kinds[job.kind]
        mask = limits(job, kind)
        held = self._held[job.kind]
        if held is not None:
            own = _held(kind, self._present[job.key])
            mask &= (held if own is None else held - own) == 0
        return mask

    def cost(self, number: int, way: int) -> float:
        job = self._problem.jobs[number]
        kind = self._problem.kinds[job.kind]
        return cost(job, start=int(kind.starts[way]), wall=int(kind.walls[way]), leader=int(kind.leaders[way]))

    def _weighed(self, number: int, *, most: int | None) -> Ways:
        job = self._problem.jobs[number]
        kind = self._problem.kinds[job.kind]
        places = np.flatnonzero(self.allowed(number))
        weights = costs(job, kind)[places]
        if most is not None and len(places) > most:
            nearest = np.sort(np.argpartition(weights, most)[:most])
            places, weights = places[nearest], weights[nearest]
        order = np.argsort(weights, kind="stable")
        return Ways(places[order], weights[order])


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
        starts = kind.starts[rows]
        for one in theirs:
            first = np.searchsorted(starts, one.start - kind.minutes - kind.after, side="right")
            last = np.searchsorted(starts, one.end + kind.before, side="left")
            found[rows[first:last]] += 1
    return found
