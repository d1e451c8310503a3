"""Where a plan puts everybody, as lines to be kept: a time and others, and why; or what it would take."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from appointments.domain.disruptions.planner.alternatives import Alternatives
from appointments.domain.disruptions.planner.choices import Choices
from appointments.domain.disruptions.planner.plan import Placement, Plan
from appointments.domain.disruptions.planner.plan import plan as best_plan
from appointments.domain.disruptions.planning import explained, questions
from appointments.domain.disruptions.planning.questions import Limits
from appointments.domain.moving.drafts import MOST
from appointments.domain.schedule.slots import Slot
from appointments.models import Appointment, DisruptionPlan, PlanLine

DAYS_ASKED = (3, 7, 14)
"""Within how many days a colleague wants to know how many can be placed."""
OPEN_TO_ALL = MOST - 1
"""So many times besides the one that is kept."""


def placed(
    plan: DisruptionPlan,
    appointments: Sequence[Appointment],
    before: Mapping[int, PlanLine],
    *,
    now: datetime,
    seconds: float,
    anew: bool,
) -> tuple[list[PlanLine], dict[str, int]]:
    """A line for each of `appointments`, not saved, and how many could have a time within how many days.

    `before`: the lines there are, by appointment. What is pinned in them stays, and what need not change unless it is
    `anew`; what colleagues have said of each stays in any case.
    """
    if not appointments:
        return [], {}
    limits = Limits.of(plan)
    wide = questions.problem_of(appointments, limits, now=now, most_days=max(*DAYS_ASKED, limits.window_days))
    problem = questions.within(wide, appointments, days=limits.window_days, now=now)
    stood = {key: questions.placement_of(slot) for key, line in before.items() if (slot := slot_of(line))}
    keys = {one.pk for one in appointments}
    pinned = {key: stood[key] for key, line in before.items() if line.is_pinned and key in stood and key in keys}
    start = None if anew or not before else Plan({key: one for key, one in stood.items() if key in keys}, 0.0)
    choices = Choices(problem)
    found = best_plan(problem, seconds=seconds, pinned=pinned, start=start, choices=choices)
    placeable = {str(limits.window_days): len(found.placements)}
    for days in set(DAYS_ASKED) - {limits.window_days}:
        narrow = questions.within(wide, appointments, days=days, now=now)
        placeable[str(days)] = len(best_plan(narrow, seconds=0, pinned=pinned).placements)
    others = Alternatives(problem, found, choices=choices)
    lines = [_line(plan, one, before.get(one.pk), found, others) for one in appointments]
    explained.explain(lines[: explained.AT_ONCE], problem, found, limits=limits, choices=choices, now=now)
    callers = {line.appointment.customer_id: line.caller_id for line in before.values() if line.caller_id}
    for line in lines:
        line.caller_id = callers.get(line.appointment.customer_id)
    return lines, placeable


def _line(
    plan: DisruptionPlan, appointment: Appointment, before: PlanLine | None, found: Plan, others: Alternatives
) -> PlanLine:
    key, place = appointment.pk, found.placements.get(appointment.pk)
    line = PlanLine(plan=plan, appointment=appointment)
    if before is not None:
        line.is_pinned, line.personal_note = before.is_pinned and place is not None, before.personal_note
    if place is not None:
        slot = questions.slot_of(place, appointment)
        line.starts_at, line.ends_at, line.provider_id = slot.starts_at, slot.ends_at, slot.provider_id
        line.resource_ids, line.outside_hours = list(slot.resource_ids), slot.outside_hours
    line.others = [explained.stored(one) for one in others.of(key, limit=OPEN_TO_ALL)]
    return line


def slot_of(line: PlanLine) -> Slot | None:
    """The time that is kept for this customer; None while there is none."""
    if line.starts_at is None or line.ends_at is None:
        return None
    return Slot(line.starts_at, line.ends_at, line.provider_id, tuple(line.resource_ids), line.outside_hours)


def others_of(line: PlanLine) -> list[Slot]:
    """The times that are open to everybody."""
    return [questions.slot_of(Placement(*stored), line.appointment) for stored in line.others]
