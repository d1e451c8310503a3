"""Open times besides the guaranteed one: cheap, on different days, and for as few customers at once as can be."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from appointments.domain.disruptions.planner.choices import Choices
from appointments.domain.disruptions.planner.placement import Placement, placement_of
from appointments.domain.disruptions.planner.plan import Plan, draft_of
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.schedule.wallclock import DAY
from appointments.domain.schedule.wishes import part_of_day

CROWDED = 60
"""How many minutes a time may cost more that one customer fewer has been offered."""


class _Choice(NamedTuple):
    """Sorts by cost and crowd, then by time."""

    cost: float
    way: int
    placement: Placement
    wall: int


def alternatives(problem: Problem, plan: Plan, key: int, *, limit: int) -> list[Placement]:
    """At most so many, in the order of time; see `Alternatives`, which does it for many."""
    return Alternatives(problem, plan).of(key, limit=limit)


class Alternatives:
    """Open times for one customer after another: what one has been offered the next gets only where it is worth it.

    Each keeps to the customer's own limits and overlaps nothing that the plan gives to anybody, this customer included.
    """

    def __init__(self, problem: Problem, plan: Plan, *, choices: Choices | None = None) -> None:
        self._problem = problem
        self._draft = draft_of(problem, plan, choices=choices)
        self._offered: Counter[tuple[int, int]] = Counter()
        """(resource, quarter of an hour): to how many."""

    def of(self, key: int, *, limit: int) -> list[Placement]:
        """The cheapest of as many days as there are; then of other parts of these days; then any."""
        number = self._draft.numbers[key]
        choices = sorted(self._choices(number))
        picked: list[_Choice] = []
        rules: tuple[Callable[[_Choice], object], ...] = (
            lambda choice: choice.wall // DAY,
            lambda choice: (choice.wall // DAY, part_of_day(choice.wall % DAY)),
            lambda choice: choice.placement.start,
        )
        for rule in rules:
            used = {rule(choice) for choice in picked}
            for choice in choices:
                if len(picked) < limit and rule(choice) not in used:
                    used.add(rule(choice))
                    picked.append(choice)
        for choice in picked:
            self._offered.update(self._quarters(number, choice.placement))
        return sorted(choice.placement for choice in picked)

    def _choices(self, number: int) -> Iterator[_Choice]:
        kind = self._problem.kinds[self._problem.jobs[number].kind]
        ways = self._draft.open_among(number, self._draft.choices.all(number))
        own = self._draft.placement(number)
        for way, cost in zip(ways.places.tolist(), ways.costs.tolist(), strict=True):
            placement = placement_of(kind, way)
            if own is None or (placement.start, placement.leader) != (own.start, own.leader):
                crowd = max(self._offered[quarter] for quarter in self._quarters(number, placement))
                yield _Choice(cost + CROWDED * crowd, way, placement, int(kind.walls[way]))

    def _quarters(self, number: int, placement: Placement) -> Iterator[tuple[int, int]]:
        span = self._problem.kinds[self._problem.jobs[number].kind].span(placement.start)
        for resource in placement.resources:
            for quarter in range(span.start // 15, -(-span.end // 15)):
                yield resource, quarter
