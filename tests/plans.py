"""Small worlds to plan in, and what is true of a plan by brute force: minute by minute, one placement after another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from appointments.domain.disruptions.planner import costs
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import Plan
from appointments.domain.disruptions.planner.problem import Job, Kind, Problem
from appointments.domain.schedule.wallclock import DAY, day_of
from appointments.domain.schedule.wishes import Wishes, part_of_day

MONDAY = 20_780 * DAY
"""Midnight of Monday, 2026-11-23; the wall shows UTC unless a world says otherwise."""
HOUR = 60

Row = tuple[int, int, tuple[int, ...]]
"""A way: start, leader, what it occupies."""


def clock(text: str, day: int = 0) -> int:
    """The minute of "14:30", so many days after Monday."""
    hour, minute = map(int, text.split(":"))
    return MONDAY + day * DAY + hour * HOUR + minute


def kind(rows: Iterable[Row], *, minutes: int = 30, before: int = 0, after: int = 0, ahead: int = 0) -> Kind:
    """A kind with these ways, in public hours; the wall is `ahead` of UTC by so many minutes."""
    found = sorted(rows)
    starts = np.array([row[0] for row in found], dtype=np.int64)
    resources = np.array([row[2] for row in found], dtype=np.int64)
    return Kind(
        before=before, minutes=minutes, after=after, starts=starts, walls=starts + ahead,
        leaders=np.array([row[1] for row in found], dtype=np.int64),
        resources=resources.reshape(len(found), -1), outside=np.zeros(len(found), dtype=bool),
    )  # fmt: skip


def alone(leader: int, *times: int) -> list[Row]:
    """A way of one provider, who needs nothing else, at each of these times."""
    return [(time, leader, (leader,)) for time in times]


def job(key: int = 1, *, at: int, leader: int = 1, of: int = 0, **others: Any) -> Job:
    return replace(Job(key=key, kind=of, start=at, wall=at, leader=leader), **others)


def faults(problem: Problem, plan: Plan, pinned: Mapping[int, Placement] | None = None) -> list[str]:
    """Everything that is wrong with a plan."""
    pinned = pinned or {}
    jobs = {one.key: one for one in problem.jobs}
    known = [set(ways_of(one)) for one in problem.kinds]
    found = [f"{key} is not where it was pinned" for key in pinned if plan.placements.get(key) != pinned[key]]
    for key, placement in plan.placements.items():
        if key not in pinned:
            found += [f"{key}: {fault}" for fault in own_faults(problem, jobs[key], placement)]
            found += [] if placement in known[jobs[key].kind] else [f"{key}: its kind has no such way"]
    return [
        *found,
        *_overlaps(problem, plan, pinned),
        *_over_limits(problem, plan, pinned),
        *_wrong_cost(problem, plan),
    ]


def own_faults(problem: Problem, job: Job, placement: Placement) -> Iterator[str]:
    """What forbids it to this job, whoever else goes where."""
    if not allows(problem, job, placement):
        yield "its own limits forbid it"
    span = problem.kinds[job.kind].span(placement.start)
    for one in problem.present:
        if one.key != job.key and one.resource in placement.resources and one.start < span.end and span.start < one.end:
            yield f"runs into what {one.key} still occupies"


def ways(problem: Problem, job: Job) -> list[Placement]:
    """Every way of a job's kind."""
    return ways_of(problem.kinds[job.kind])


def ways_of(kind: Kind) -> list[Placement]:
    columns = (kind.starts, kind.leaders, kind.resources, kind.outside)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Placement(start, leader, tuple(occupied), outside) for start, leader, occupied, outside in rows]


def allows(problem: Problem, job: Job, placement: Placement) -> bool:
    """Whether the job itself has nothing against it."""
    meeting = problem.kinds[job.kind].meeting(placement.start)
    return (
        job.earliest <= placement.start <= job.latest
        and (not job.same_person or placement.leader == job.leader)
        and (placement.start, placement.leader) not in job.refused
        and not any(span.start < meeting.end and meeting.start < span.end for span in job.busy)
        and (job.wishes is None or _meets(job, job.wishes, placement, wall_of(problem, placement.start)))
    )


def _meets(job: Job, wishes: Wishes, placement: Placement, wall: int) -> bool:
    day = day_of(wall)
    return (
        (not wishes.days or day.weekday() in wishes.days)
        and (not wishes.parts or part_of_day(wall % DAY) in wishes.parts)
        and (wishes.from_day is None or day >= wishes.from_day)
        and (wishes.until_day is None or day <= wishes.until_day)
        and (wishes.person != "same" or placement.leader == job.leader)
        and (not wishes.sooner or placement.start < job.start)
    )


def wall_of(problem: Problem, minute: int) -> int:
    """What the wall shows, in worlds whose clock does not change."""
    return minute + problem.jobs[0].wall - problem.jobs[0].start


def _overlaps(problem: Problem, plan: Plan, pinned: Mapping[int, Placement]) -> Iterator[str]:
    """Two of which at least one could have been elsewhere, on one resource or with one customer at one time."""
    of = {job.key: problem.kinds[job.kind] for job in problem.jobs}
    holders: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    groups = [(number, key) for number, group in enumerate(problem.same_customer) for key in group]
    for key, placement in plan.placements.items():
        for minute in range(*of[key].span(placement.start)):
            for resource in placement.resources:
                holders["resource", resource, minute].append(key)
    for number, key in groups:
        if key in plan.placements:
            for minute in range(*of[key].meeting(plan.placements[key].start)):
                holders["customer", number, minute].append(key)
    clashes = {tuple(keys) for keys in holders.values() if len(keys) > 1 and not set(keys) <= pinned.keys()}
    yield from (f"{' and '.join(map(str, keys))} overlap" for keys in sorted(clashes))


def _over_limits(problem: Problem, plan: Plan, pinned: Mapping[int, Placement]) -> Iterator[str]:
    """A day that holds more than it may, if not by pinned appointments alone."""
    count: Counter[tuple[int, int]] = Counter()
    minutes: Counter[tuple[int, int]] = Counter()
    own: set[tuple[int, int]] = set()
    kinds = {job.key: problem.kinds[job.kind] for job in problem.jobs}
    for key, placement in plan.placements.items():
        for resource in placement.resources:
            pair = (resource, wall_of(problem, placement.start) // DAY)
            count[pair] += 1
            minutes[pair] += kinds[key].occupied
            own |= set() if key in pinned else {pair}
    for limits, used in ((problem.most, count), (problem.minutes_left, minutes)):
        yield from (f"{pair} holds {used[pair]}" for pair, most in limits.items() if used[pair] > most and pair in own)


def price(problem: Problem, job: Job, placement: Placement) -> float:
    """The cost of one placement, as the rule says it."""
    delay = abs(placement.start - job.start)
    hours = abs(wall_of(problem, placement.start) % DAY - job.wall % DAY)
    another = job.leader != -1 and placement.leader != job.leader
    return job.priority * delay + min(hours, DAY - hours) + (120 if another else 0)


def _wrong_cost(problem: Problem, plan: Plan) -> Iterator[str]:
    true = sum(
        price(problem, job, plan.placements[job.key]) if job.key in plan.placements else costs.without_a_place(job)
        for job in problem.jobs
    )
    if abs(true - plan.cost) > 1e-9 * max(true, 1):
        yield f"it costs {true}, not {plan.cost}"


def optimum(problem: Problem, pinned: Mapping[int, Placement] | None = None) -> float:
    """The least cost of all plans without a fault, by trying all."""
    pinned = pinned or {}
    open_to: list[Sequence[Placement | None]] = [
        [pinned[job.key]] if job.key in pinned
        else [None, *(way for way in ways(problem, job) if not list(own_faults(problem, job, way)))]
        for job in problem.jobs
    ]  # fmt: skip
    best = float("inf")
    for chosen in product(*open_to):
        placements = {job.key: one for job, one in zip(problem.jobs, chosen, strict=True) if one is not None}
        cost = sum(
            price(problem, job, placements[job.key]) if job.key in placements else costs.without_a_place(job)
            for job in problem.jobs
        )
        if cost < best and not faults(problem, Plan(placements, cost), pinned):
            best = cost
    return best
