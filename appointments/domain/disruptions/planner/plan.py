"""Plans, each cheaper than the last: the first at once, the others while there is time."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from appointments.domain.disruptions.planner.choices import Choices
from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import by_priority, place_in_turn
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.search.improve import improve, settle

NOTHING_PINNED: Mapping[int, Placement] = MappingProxyType({})


@dataclass(frozen=True)
class Plan:
    """Where everybody goes, by key; who is missing has no place.

    `cost`: of those placed, plus `costs.without_a_place` for each who is not.
    """

    placements: Mapping[int, Placement]
    cost: float
    pinned: frozenset[int] = frozenset()
    """Whose placements were given."""


def draft_of(problem: Problem, plan: Plan, *, choices: Choices | None = None) -> Draft:
    """The plan as a draft, to ask what is open beside it. `choices`: those of the problem, where they are known."""
    draft = Draft(problem, pinned={key: plan.placements[key] for key in plan.pinned}, choices=choices)
    draft.keep(plan.placements)
    return draft


def plans(
    problem: Problem,
    *,
    seconds: float,
    pinned: Mapping[int, Placement] = NOTHING_PINNED,
    start: Plan | None = None,
    choices: Choices | None = None,
) -> Iterator[Plan]:
    """Ever cheaper plans until `seconds` are over or nothing better is found; the first, greedy by priority, at once.

    `pinned` stays where it is, be it among the ways or not. With `start`, an earlier plan, everybody stays where they
    were who can. `choices`: those of the problem, where they are known.
    """
    deadline = time.monotonic() + seconds
    draft = Draft(problem, pinned=pinned, choices=choices)
    kept = draft.keep(start.placements) if start else {}
    place_in_turn(draft, by_priority(draft, draft.free))
    keys = frozenset(pinned)
    yield Plan(draft.placements(), draft.cost, keys)
    for _ in settle(draft, kept, deadline=deadline) if start else improve(draft, deadline=deadline):
        yield Plan(draft.placements(), draft.cost, keys)


def plan(
    problem: Problem,
    *,
    seconds: float,
    pinned: Mapping[int, Placement] = NOTHING_PINNED,
    start: Plan | None = None,
    choices: Choices | None = None,
) -> Plan:
    """The best of `plans`."""
    *__, best = plans(problem, seconds=seconds, pinned=pinned, start=start, choices=choices)
    return best
