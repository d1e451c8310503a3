"""The ways that are open to several jobs together, and which of them are cheapest at which prices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from appointments.domain.disruptions.planner.choices import A_LOOK_AROUND, FARTHER, FEW, Ways, overlapping
from appointments.domain.disruptions.planner.costs import A_YEAR, FloatArray
from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.problem import IntArray

DEAREST = 1e7
"""What leaving somebody out costs at most while plans are weighed in floating point: more than any chain of moves that
makes room, and little enough for a minute to count beside it.
"""


class Columns(NamedTuple):
    """Ways under consideration: whose (a place among the jobs), which (counted through all kinds), what each costs."""

    lines: IntArray
    ways: IntArray
    costs: FloatArray

    def with_also(self, other: "Columns") -> "Columns":
        return Columns(
            np.concatenate((self.lines, other.lines)),
            np.concatenate((self.ways, other.ways)),
            np.concatenate((self.costs, other.costs)),
        )


class Pool:
    """What is open to each of `numbers`; in the draft none of them has a way while this is made.

    `firsts`: where the ways of each kind begin when all are counted through. `stay`: the way of a job that costs it
    nothing more, while every other costs `surcharge` more.
    """

    def __init__(
        self,
        draft: Draft,
        numbers: Sequence[int],
        firsts: Sequence[int],
        *,
        stay: Mapping[int, int],
        surcharge: float = 0,
    ) -> None:
        self._problem, self._choices = draft.problem, draft.choices
        self._numbers, self._firsts = numbers, firsts
        self._stay, self._surcharge = stay, surcharge
        self._is_open = [counts == 0 for counts in draft.taken.counts]
        self._beside = {number: draft.meetings_beside(number) for number in numbers if draft.companions(number)}
        few = [draft.choices.cheapest(number) for number in numbers]
        self._ways = [self._open(line, ways) for line, ways in enumerate(few)]
        self._beyond = [float(ways.costs[-1]) if len(ways.costs) >= FEW else np.inf for ways in few]
        """From what cost on a job may have ways that are not here yet."""
        self.without = self._without()
        """What it costs to leave each of them out."""

    def table(self, *, nowhere: int) -> tuple[IntArray, FloatArray]:
        """A line for each job: its ways and costs, then what it costs to go beyond them (to `nowhere`); filled up with
        what nobody can afford.
        """
        width = max(len(ways.places) for ways in self._ways) + 1
        places = np.full((len(self._ways), width), nowhere, dtype=np.int64)
        costs = np.full((len(self._ways), width), np.inf)
        for line, ways in enumerate(self._ways):
            count = len(ways.places)
            places[line, :count], costs[line, :count] = ways
            costs[line, count] = min(self._beyond[line], self.without[line])
        return places, costs

    def known(self) -> tuple[Columns, FloatArray]:
        """All ways that are here, and what each job would pay for any other or for none, at the least."""
        lines = np.repeat(np.arange(len(self._ways)), [len(ways.places) for ways in self._ways])
        places, costs = zip(*self._ways, strict=True)
        others = np.minimum(self._beyond, self.without)
        return Columns(lines, np.concatenate(places), np.concatenate(costs)), others

    def reach_farther(self, lines: Iterable[int]) -> bool:
        """Bring in dearer ways of these jobs; False when none of them could have any that is cheaper than none."""
        short = [line for line in lines if self._beyond[line] < self.without[line]]
        for line in short:
            limit = FARTHER * max(self._beyond[line], A_LOOK_AROUND)
            self._reach(line, limit if limit < self._choices.dearest(self._numbers[line]) else np.inf)
        return bool(short)

    def cheapest(self, at: FloatArray, most: int, *, below: FloatArray) -> tuple[Columns, FloatArray]:
        """At most so many ways of each job that cost less than `below` with the prices `at` (of each way) added, and
        for each job what the cheapest of all, or going without, costs so.
        """
        found: list[Ways] = []
        least = self.without.copy()
        for line, ways in enumerate(self._ways):
            full = ways.costs + at[ways.places]
            least[line] = min(least[line], full.min(initial=np.inf))
            # Prices are never negative: what costs more than these could change nothing here.
            limit = min(float(below[line]), float(least[line]))
            if limit > self._beyond[line]:
                ways = self._reach(line, limit)
                full = ways.costs + at[ways.places]
                least[line] = min(least[line], full.min(initial=np.inf))
            fitting = np.flatnonzero(full < below[line])
            if len(fitting) > most:
                fitting = fitting[np.argpartition(full[fitting], most)[:most]]
            found.append(Ways(ways.places[fitting], ways.costs[fitting]))
        lines = np.repeat(np.arange(len(found)), [len(ways.places) for ways in found])
        places, costs = zip(*found, strict=True)
        return Columns(lines, np.concatenate(places), np.concatenate(costs)), least

    def _reach(self, line: int, limit: float) -> Ways:
        """The ways of a job that cost less than `limit`, from now on kept."""
        self._ways[line] = self._open(line, self._choices.within(self._numbers[line], limit))
        self._beyond[line] = limit
        return self._ways[line]

    def _open(self, line: int, ways: Ways) -> Ways:
        number, kind = self._numbers[line], self._kind(line)
        mask = self._is_open[kind][ways.places]
        for meeting in self._beside.get(number, ()):
            mask &= ~overlapping(self._problem.kinds[kind], meeting)[ways.places]
        places, costs = ways.places[mask], ways.costs[mask]
        if number in self._stay:
            costs = costs + self._surcharge * (places != self._stay[number])
        return Ways(places + self._firsts[kind], costs)

    def _kind(self, line: int) -> int:
        return self._problem.jobs[self._numbers[line]].kind

    def _without(self) -> FloatArray:
        """More than all others together could save by it, as far as numbers allow; then by how urgent it is."""
        dearest = sum(float(ways.costs.max()) for ways in self._ways if len(ways.costs))
        urgency = np.array([self._problem.jobs[number].priority for number in self._numbers])
        return min(dearest + 1, DEAREST) + urgency * A_YEAR
