"""A plan as it stands, put to the planner: what was asked, and who is where. For whatever is said of it afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from appointments.domain.disruptions.planner.choices import Choices
from appointments.domain.disruptions.planner.plan import Plan
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planning import placing, plans, questions
from appointments.domain.disruptions.planning.questions import Limits
from appointments.models import Appointment, DisruptionPlan, PlanLine


@dataclass(frozen=True)
class Standing:
    """`appointments` by key: all who have to move; `found` has those of them who have a time."""

    appointments: Mapping[int, Appointment]
    problem: Problem
    found: Plan
    choices: Choices


def of(plan: DisruptionPlan, *, now: datetime, lifted: int | None = None) -> Standing | None:
    """None when nobody has to move any more. `lifted`: as if that one had no time yet.

    A number of queries that does not depend on how many have to move.
    """
    appointments = {one.pk: one for one in plans.whom(plan.disruption)}
    if not appointments:
        return None
    problem = questions.problem_of(list(appointments.values()), Limits.of(plan), now=now)
    lines = [one for one in plan.lines.all() if one.appointment_id in appointments and one.appointment_id != lifted]
    return Standing(appointments, problem, _found(lines), Choices(problem))


def _found(lines: Iterable[PlanLine]) -> Plan:
    """What is pinned may lie anywhere; the others are where the planner has put them."""
    placed = {one: questions.placement_of(slot) for one in lines if (slot := placing.slot_of(one))}
    return Plan(
        {line.appointment_id: placement for line, placement in placed.items()},
        0.0,
        frozenset(line.appointment_id for line in placed if line.is_pinned),
    )
