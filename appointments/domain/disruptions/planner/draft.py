"""A plan while it is being made: who has which way, and what is still open to each of the others."""

from collections.abc import Iterable, Mapping, Sequence

from appointments.domain.disruptions.planner.choices import Choices, Ways, overlapping
from appointments.domain.disruptions.planner.costs import cost, without_a_place
from appointments.domain.disruptions.planner.placement import Placement, Walls, placement_of, way_of
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.taken import Taken
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import DAY

NO_WAY = -1


class Draft:
    """Jobs are known by their place in `problem.jobs`. Whoever is pinned stays where they are, be it one of the ways or
    not, and stands against the others.
    """

    def __init__(self, problem: Problem, *, pinned: Mapping[int, Placement], choices: Choices | None = None) -> None:
        self.problem = problem
        self.choices = choices or Choices(problem)
        self.taken = Taken(problem)
        self.numbers = {job.key: number for number, job in enumerate(problem.jobs)}
        self.ways = [NO_WAY] * len(problem.jobs)
        self.costs = [without_a_place(job) for job in problem.jobs]
        self.pinned = {self.numbers[key]: placement for key, placement in pinned.items()}
        self.groups = [[self.numbers[key] for key in group if key in self.numbers] for group in problem.same_customer]
        self._companions = _companions(self.groups)
        self._pin(Walls(problem))

    @property
    def cost(self) -> float:
        return sum(self.costs)

    @property
    def free(self) -> list[int]:
        """Who is not pinned."""
        return [number for number in range(len(self.ways)) if number not in self.pinned]

    def put(self, number: int, way: int, its_cost: float) -> None:
        """Give a job that has none the way, which is open to it and costs so much."""
        self.ways[number] = way
        self.costs[number] = its_cost
        self.taken.add(*self._occupation(number, way))

    def lift(self, number: int) -> None:
        """Take a job's way from it, if it has one."""
        way = self.ways[number]
        if way != NO_WAY:
            self.taken.remove(*self._occupation(number, way))
            self.ways[number] = NO_WAY
            self.costs[number] = without_a_place(self.problem.jobs[number])

    def open_among(self, number: int, ways: Ways, *, of: int | None = None) -> Ways:
        """Those of the job's ways that nothing in the draft stands against, itself included; or of ways `of` another
        kind.
        """
        kind = self.problem.jobs[number].kind if of is None else of
        mask = self.taken.counts[kind][ways.places] == 0
        for meeting in self.meetings_beside(number):
            mask &= ~overlapping(self.problem.kinds[kind], meeting)[ways.places]
        return Ways(ways.places[mask], ways.costs[mask])

    def is_open(self, number: int, way: int) -> bool:
        """Whether nothing in the draft stands against this one way of the job's kind."""
        kind = self.problem.jobs[number].kind
        if self.taken.counts[kind][way]:
            return False
        meeting = self.problem.kinds[kind].meeting(int(self.problem.kinds[kind].starts[way]))
        return not any(meeting.overlaps(other) for other in self.meetings_beside(number))

    def cheapest_open(self, number: int) -> tuple[int, float] | None:
        """The cheapest way that is open to a job without one."""
        for ways in self.choices.widening(number):
            left = self.open_among(number, ways)
            if len(left.places):
                return int(left.places[0]), float(left.costs[0])
        return None

    def meetings_beside(self, number: int) -> list[Span[int]]:
        """When the same customer is somewhere else by this draft."""
        return [
            self.problem.kinds[self.problem.jobs[other].kind].meeting(placement.start)
            for other in self.companions(number)
            if (placement := self.placement(other))
        ]

    def companions(self, number: int) -> Sequence[int]:
        """The other jobs of the same customer."""
        return self._companions.get(number, ())

    def placement(self, number: int) -> Placement | None:
        if number in self.pinned:
            return self.pinned[number]
        if self.ways[number] == NO_WAY:
            return None
        return placement_of(self.problem.kinds[self.problem.jobs[number].kind], self.ways[number])

    def placements(self) -> dict[int, Placement]:
        """By key; who has no place is missing."""
        return {
            job.key: placement
            for number, job in enumerate(self.problem.jobs)
            if (placement := self.placement(number)) is not None
        }

    def keep(self, placements: Mapping[int, Placement]) -> dict[int, int]:
        """Put those who are not pinned where an earlier plan had them, as far as that is still open to them.

        Who could stay, and their ways.
        """
        for number in self.free:
            job = self.problem.jobs[number]
            placement = placements.get(job.key)
            way = None if placement is None else way_of(self.problem.kinds[job.kind], placement)
            if way is not None and self.choices.allows(number, way) and self.is_open(number, way):
                self.put(number, way, self.choices.cost(number, way))
        return {number: self.ways[number] for number in self.free if self.ways[number] != NO_WAY}

    def _occupation(self, number: int, way: int) -> tuple[int, int, Iterable[int], int]:
        kind = self.problem.jobs[number].kind
        ways = self.problem.kinds[kind]
        return kind, int(ways.starts[way]), ways.resources[way].tolist(), int(ways.walls[way]) // DAY

    def _pin(self, walls: Walls) -> None:
        for number, placement in self.pinned.items():
            job = self.problem.jobs[number]
            wall = walls.at(placement.start)
            self.costs[number] = cost(job, start=placement.start, wall=wall, leader=placement.leader)
            self.taken.add(job.kind, placement.start, placement.resources, wall // DAY)


def _companions(groups: Iterable[Sequence[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for group in groups:
        for number in group:
            found.setdefault(number, []).extend(other for other in group if other != number)
    return found
