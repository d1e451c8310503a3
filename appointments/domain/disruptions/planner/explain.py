"""Why somebody got this place and no better one, and what it would take to place those who have none.

Everything said here is checked against the plan: a time counts as somebody's only if that one stands in its way.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from appointments.domain.disruptions.planner import costs
from appointments.domain.disruptions.planner.choices import Choices, Ways
from appointments.domain.disruptions.planner.draft import NO_WAY, Draft
from appointments.domain.disruptions.planner.greedy import place_in_turn
from appointments.domain.disruptions.planner.placement import Placement, Walls, placement_of
from appointments.domain.disruptions.planner.plan import Plan, draft_of
from appointments.domain.disruptions.planner.problem import FAR_AWAY, Job, Kind, Problem
from appointments.domain.schedule.spans import Span

NOTHING_OUTSIDE: Mapping[int, Kind] = MappingProxyType({})


@dataclass(frozen=True)
class Held:
    """What stands against some times (each a start and a leader), counted once.

    `pinned`: somebody pinned, whatever else. `more_urgent`: else somebody with a higher priority. `limits`: a full day,
    or the customer's own other appointment. `others`: anybody else; with `dearer` of these all together would pay more
    if the time changed hands and its holders went to the cheapest places that are then left. `nobody`: it is open, as
    happens when the seconds were few.
    """

    pinned: int = 0
    more_urgent: int = 0
    others: int = 0
    dearer: int = 0
    limits: int = 0
    nobody: int = 0


@dataclass(frozen=True)
class Reasons:
    """What a placement costs, in minutes, and how many times would have cost this customer less."""

    delay: int
    shift: int
    another_person: int
    priority: float
    cost: float
    cheaper: int
    held: Held

    @property
    def is_cheapest(self) -> bool:
        """Whether it is the cheapest of all times that the customer could have had."""
        return self.cheaper == 0


@dataclass(frozen=True)
class Lack:
    """Why somebody has no place. `ways`: how many times keep to all that the job itself asks for; `held`: by whom.

    The others are the cheapest placement that is open beside the plan, if there is one, when one thing is given up: the
    last day, the person, the wishes, the share that is kept free for new bookings, the public hours.
    """

    ways: int
    held: Held
    later: Placement | None
    another_person: Placement | None
    other_wishes: Placement | None
    share_given_up: Placement | None
    outside: Placement | None

    @property
    def has_no_way(self) -> bool:
        """Whether there would be no place even if nobody else needed one."""
        return self.ways == 0


def why(problem: Problem, plan: Plan, key: int) -> Reasons:
    return Explanations(problem, plan).why(key)


def lacking(problem: Problem, plan: Plan, key: int, *, outside: Kind | None = None) -> Lack:
    """`outside`: the ways of the same kind when the public hours are left aside."""
    return Explanations(problem, plan, outside={} if outside is None else {key: outside}).lacking(key)


class Explanations:
    """Answers about one plan for any number of people. `outside`: of whom it is asked, the ways of their kind when the
    public hours are left aside.

    Not `weighing`: nobody asks what would be `dearer`, nor who holds what somebody without a place could have had;
    both take longer than all the rest.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        *,
        weighing: bool = True,
        outside: Mapping[int, Kind] = NOTHING_OUTSIDE,
        choices: Choices | None = None,
    ) -> None:
        self._problem, self._plan, self._weighing = problem, plan, weighing
        self._outside = outside
        self._draft = draft_of(problem, plan, choices=choices)
        self._walls = Walls(problem)

    def why(self, key: int) -> Reasons:
        """Raises KeyError for somebody without a place."""
        placement = self._plan.placements[key]
        number = self._draft.numbers[key]
        job, cost = self._problem.jobs[number], self._draft.costs[number]
        better = self._draft.choices.within(number, cost)
        return Reasons(
            delay=costs.delay(job, placement.start),
            shift=costs.shift(job, self._walls.at(placement.start)),
            another_person=costs.another_person(job, placement.leader),
            priority=job.priority,
            cost=cost,
            cheaper=len(self._times(number, better)),
            held=self._held(number, better),
        )

    def lacking(self, key: int) -> Lack:
        """Raises KeyError for somebody who has a place."""
        if key in self._plan.placements:
            raise KeyError(key)
        number = self._draft.numbers[key]
        job, ways = self._problem.jobs[number], self._draft.choices.all(number)
        wishes = job.wishes and replace(job.wishes, person="any")
        return Lack(
            ways=len(self._times(number, ways)),
            held=self._held(number, ways) if self._weighing else Held(),
            later=self._if_it_were(number, replace(job, latest=FAR_AWAY)),
            another_person=self._if_it_were(number, replace(job, same_person=False, wishes=wishes)),
            other_wishes=self._if_it_were(number, replace(job, wishes=None)),
            share_given_up=_cheapest(self._generous, number, ways),
            outside=self._if_outside(number, job),
        )

    @cached_property
    def _generous(self) -> Draft:
        """The same plan in a world that keeps no share free."""
        return draft_of(replace(self._problem, minutes_left={}), self._plan, choices=self._draft.choices)

    def _if_it_were(self, number: int, job: Job) -> Placement | None:
        if job == self._problem.jobs[number]:
            return _cheapest(self._draft, number, self._draft.choices.all(number))
        return _cheapest(self._draft, number, self._draft.choices.if_it_were(job))

    def _if_outside(self, number: int, job: Job) -> Placement | None:
        if job.key not in self._outside:
            return None
        draft, places = self._late_and_early
        kind = places[id(self._outside[job.key])]
        return _cheapest(draft, number, draft.choices.if_it_were(replace(job, kind=kind)), of=kind)

    @cached_property
    def _late_and_early(self) -> tuple[Draft, dict[int, int]]:
        """The plan in a world that knows the ways outside the public hours too, and where those of each kind stand."""
        kinds = {id(kind): kind for kind in self._outside.values()}
        places = {one: len(self._problem.kinds) + place for place, one in enumerate(kinds)}
        return draft_of(replace(self._problem, kinds=(*self._problem.kinds, *kinds.values())), self._plan), places

    def _times(self, number: int, ways: Ways) -> dict[tuple[int, int], list[int]]:
        """The ways of each start and leader."""
        kind = self._problem.kinds[self._problem.jobs[number].kind]
        found: dict[tuple[int, int], list[int]] = {}
        for way in ways.places.tolist():
            found.setdefault((int(kind.starts[way]), int(kind.leaders[way])), []).append(way)
        return found

    def _held(self, number: int, ways: Ways) -> Held:
        """Of several rooms at one time the one that is easiest to have counts."""
        count = dict.fromkeys(Held.__dataclass_fields__, 0)
        own = self._draft.ways[number], self._draft.costs[number]
        self._draft.lift(number)
        for same_time in self._times(number, ways).values():
            standing = [self._against(number, way) for way in same_time]
            name = min(standing, key=EASIEST_FIRST.index)
            count[name] += 1
            if name == "others" and self._weighing:
                count["dearer"] += all(
                    self._is_dearer(number, way, own[1])
                    for way, one in zip(same_time, standing, strict=True)
                    if one == "others"
                )
        if own[0] != NO_WAY:
            self._draft.put(number, *own)
        return Held(**count)

    def _against(self, number: int, way: int) -> str:
        if self._draft.is_open(number, way):
            return "nobody"
        holders = list(self._holders(number, way))
        if any(holder in self._draft.pinned for holder in holders):
            return "pinned"
        jobs = self._problem.jobs
        if any(jobs[holder].priority > jobs[number].priority for holder in holders):
            return "more_urgent"
        return "others" if holders else "limits"

    def _holders(self, number: int, way: int) -> Iterator[int]:
        """Whose placements share time and a resource with this way."""
        kind = self._problem.kinds[self._problem.jobs[number].kind]
        span = kind.span(int(kind.starts[way]))
        found = {
            other
            for resource in kind.resources[way].tolist()
            for other in _touching(self._timelines.get(resource, ()), span)
        }
        yield from sorted(found - {number})

    @cached_property
    def _timelines(self) -> dict[int, list[tuple[int, int, int]]]:
        """By resource what the plan puts there, in the order of time: from, until, whose."""
        timelines: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for key, placement in self._plan.placements.items():
            number = self._draft.numbers[key]
            span = self._problem.kinds[self._problem.jobs[number].kind].span(placement.start)
            for resource in placement.resources:
                timelines[resource].append((span.start, span.end, number))
        return {resource: sorted(timeline) for resource, timeline in timelines.items()}

    def _is_dearer(self, number: int, way: int, own_cost: float) -> bool:
        """Whether all together would pay more if this one had the way and its holders the cheapest that is left."""
        draft = self._draft
        holders = list(self._holders(number, way))
        before = [(holder, draft.ways[holder], draft.costs[holder]) for holder in holders]
        for holder in holders:
            draft.lift(holder)
        paid = own_cost + sum(cost for *__, cost in before)
        is_dearer = False
        if draft.is_open(number, way):
            draft.put(number, way, draft.choices.cost(number, way))
            place_in_turn(draft, holders)
            is_dearer = draft.costs[number] + sum(draft.costs[holder] for holder in holders) > paid
        self._put_back(number, before)
        return is_dearer

    def _put_back(self, number: int, before: Iterable[tuple[int, int, float]]) -> None:
        self._draft.lift(number)
        for holder, *__ in before:
            self._draft.lift(holder)
        for one in before:
            self._draft.put(*one)


def _touching(timeline: Sequence[tuple[int, int, int]], span: Span[int]) -> Iterator[int]:
    """Whose part of the timeline overlaps `span`; pinned ones may overlap each other, so all before it are looked at
    until one ends far enough ahead of it.
    """
    place = bisect_left(timeline, (span.end,))
    for start, end, number in reversed(timeline[max(0, place - NEAR) : place]):
        if end > span.start and start < span.end:
            yield number


NEAR = 64
"""So many parts of a timeline before a span can reach into it: a day has fewer."""
EASIEST_FIRST = ("nobody", "others", "limits", "more_urgent", "pinned")


def _cheapest(draft: Draft, number: int, ways: Ways, *, of: int | None = None) -> Placement | None:
    """`of`: the kind whose ways they are, if not the job's own."""
    left = draft.open_among(number, ways, of=of)
    kind = draft.problem.kinds[draft.problem.jobs[number].kind if of is None else of]
    return placement_of(kind, int(left.places[0])) if len(left.places) else None
