"""Where a plan puts everybody, as lines to be kept: a time and others, and why; or what it would take."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from appointments.domain.disruptions.planner.alternatives import Alternatives
from appointments.domain.disruptions.planner.explain import Explanations, Lack
from appointments.domain.disruptions.planner.plan import Placement, Plan
from appointments.domain.disruptions.planner.plan import plan as best_plan
from appointments.domain.disruptions.planner.problem import Kind, Problem
from appointments.domain.disruptions.planning import questions
from appointments.domain.disruptions.planning.questions import Limits
from appointments.domain.moving.drafts import MOST
from appointments.domain.schedule.slots import Slot
from appointments.models import Appointment, DisruptionPlan, PlanLine

DAYS_ASKED = (3, 7, 14)
"""Within how many days a colleague wants to know how many can be placed."""
OPEN_TO_ALL = MOST - 1
"""So many times besides the one that is kept."""
MOST_EXPLAINED, MOST_HELPED = 400, 40
"""Of so many lines it is said why, and of so many without a time what it would take, the soonest first: whoever has
thousands to move reads no more, and waits for the rest.
"""


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
    found = best_plan(problem, seconds=seconds, pinned=pinned, start=start)
    placeable = {str(limits.window_days): len(found.placements)}
    for days in set(DAYS_ASKED) - {limits.window_days}:
        narrow = questions.within(wide, appointments, days=days, now=now)
        placeable[str(days)] = len(best_plan(narrow, seconds=0, pinned=pinned).placements)
    told = Told(problem, found, outside=_kinds_outside(appointments, found, limits, now=now))
    lines = [_line(plan, one, before.get(one.pk), told) for one in appointments]
    callers = {line.appointment.customer_id: line.caller_id for line in before.values() if line.caller_id}
    for line in lines:
        line.caller_id = callers.get(line.appointment.customer_id)
    return lines, placeable


class Told:
    """What is said of a plan besides its times: why, what is missing, and what else can be chosen."""

    def __init__(self, problem: Problem, found: Plan, *, outside: Mapping[int, Kind]) -> None:
        self.found = found
        self._outside = outside
        self._explained = Explanations(problem, found, weighing=False)
        self._left = {"why": MOST_EXPLAINED, "lack": MOST_HELPED}
        self.others = Alternatives(problem, found)

    def why(self, key: int) -> dict[str, Any]:
        return asdict(self._explained.why(key)) if self._may("why") else {}

    def lack(self, key: int) -> dict[str, Any]:
        if not self._may("lack"):
            return {}
        lack: Lack = self._explained.lacking(key, outside=self._outside.get(key))
        helps = {name: value and _stored(value) for name, value in vars(lack).items() if name not in ("ways", "held")}
        return {"ways": lack.ways, "held": asdict(lack.held), **helps}

    def _may(self, what: str) -> bool:
        self._left[what] -= 1
        return self._left[what] >= 0


def _kinds_outside(
    appointments: Sequence[Appointment], found: Plan, limits: Limits, *, now: datetime
) -> Mapping[int, Kind]:
    """For those without a place what there would be outside the open hours, where that is not allowed."""
    left = [one for one in appointments if one.pk not in found.placements]
    if not left or limits.outside_hours:
        return {}
    problem = questions.problem_of(left, replace(limits, outside_hours=True), now=now)
    return {job.key: problem.kinds[job.kind] for job in problem.jobs}


def _line(plan: DisruptionPlan, appointment: Appointment, before: PlanLine | None, told: Told) -> PlanLine:
    key, place = appointment.pk, told.found.placements.get(appointment.pk)
    line = PlanLine(plan=plan, appointment=appointment)
    if before is not None:
        line.is_pinned, line.personal_note = before.is_pinned, before.personal_note
    if place is None:
        line.is_pinned, line.lack = False, told.lack(key)
    else:
        slot = questions.slot_of(place, appointment)
        line.starts_at, line.ends_at, line.provider_id = slot.starts_at, slot.ends_at, slot.provider_id
        line.resource_ids, line.outside_hours = list(slot.resource_ids), slot.outside_hours
        line.why = told.why(key)
    line.others = [_stored(one) for one in told.others.of(key, limit=OPEN_TO_ALL)]
    return line


def _stored(placement: Placement) -> list[Any]:
    return [int(placement.start), int(placement.leader), [int(pk) for pk in placement.resources], placement.outside]


def slot_of(line: PlanLine) -> Slot | None:
    """The time that is kept for this customer; None while there is none."""
    if line.starts_at is None or line.ends_at is None:
        return None
    return Slot(line.starts_at, line.ends_at, line.provider_id, tuple(line.resource_ids), line.outside_hours)


def others_of(line: PlanLine) -> list[Slot]:
    """The times that are open to everybody."""
    return [questions.slot_of(Placement(*stored), line.appointment) for stored in line.others]
