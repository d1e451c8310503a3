"""Why each line of a plan is as it is, or what it would take: of as many as anybody reads.

Of thousands the soonest are explained as the plan is made, and any others when they are shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from appointments.domain.disruptions.planner.choices import Choices
from appointments.domain.disruptions.planner.explain import Explanations
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import Plan
from appointments.domain.disruptions.planner.problem import Kind, Problem
from appointments.domain.disruptions.planning import questions
from appointments.domain.disruptions.planning.questions import Limits
from appointments.models import Appointment, PlanLine

AT_ONCE = 400
"""So many lines are explained as a plan is made."""


def explain(
    lines: Sequence[PlanLine], problem: Problem, found: Plan, *, limits: Limits, choices: Choices, now: datetime
) -> None:
    """Sets `why` or `lack` of each of `lines`, whose times are those of `found`. Saves nothing."""
    without = [line.appointment for line in lines if line.appointment_id not in found.placements]
    outside = _kinds_outside(without, limits, now=now)
    told = Explanations(problem, found, weighing=False, outside=outside, choices=choices)
    for line in lines:
        if line.appointment_id in found.placements:
            line.why = asdict(told.why(line.appointment_id))
        else:
            lack = vars(told.lacking(line.appointment_id))
            helps = {name: value and stored(value) for name, value in lack.items() if name not in ("ways", "held")}
            line.lack = {"ways": lack["ways"], **helps}


def missing_in(lines: Iterable[PlanLine]) -> list[PlanLine]:
    """Those of which nothing is said yet."""
    return [line for line in lines if not (line.why if line.starts_at else line.lack)]


def stored(placement: Placement) -> list[Any]:
    """As JSON; `Placement(*stored)` is the way back."""
    return [int(placement.start), int(placement.leader), [int(pk) for pk in placement.resources], placement.outside]


def _kinds_outside(left: Collection[Appointment], limits: Limits, *, now: datetime) -> Mapping[int, Kind]:
    """For those without a place what there would be outside the open hours, where that is not allowed."""
    if not left or limits.outside_hours:
        return {}
    problem = questions.problem_of(list(left), replace(limits, outside_hours=True), now=now)
    return {job.key: problem.kinds[job.kind] for job in problem.jobs}
