"""Times that are open to everybody, beside the one that a plan guarantees: cheap, and spread over days."""

from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.placement import Placement, placement_of
from appointments.domain.disruptions.planner.plan import Plan
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.schedule.wallclock import DAY


def alternatives(problem: Problem, plan: Plan, key: int, *, limit: int) -> list[Placement]:
    draft = Draft(problem, pinned={one: place for one, place in plan.placements.items() if one != key})
    number = draft.numbers[key]
    kind = problem.kinds[problem.jobs[number].kind]
    own = plan.placements.get(key)
    left = draft.open_among(number, draft.choices.all(number))
    seen = {(own.start, own.leader)} if own else set()
    found, days = [], set()
    for spread in (True, False):
        for way in left.places.tolist():
            place = placement_of(kind, way)
            day = int(kind.walls[way]) // DAY
            if len(found) >= limit:
                return found
            if (place.start, place.leader) in seen or (spread and day in days):
                continue
            seen.add((place.start, place.leader))
            days.add(day)
            found.append(place)
    return found
