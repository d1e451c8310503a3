"""The times that a colleague can put one of many to, without taking from anybody what the plan gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appointments.domain.disruptions.planner.alternatives import Alternatives
from appointments.domain.disruptions.planning import questions, standing
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.wallclock import minute_of
from appointments.models import PlanLine, Resource

SHOWN = 12


@dataclass(frozen=True)
class Choice:
    """One time to choose; `key` is how a form names it."""

    key: str
    slot: Slot
    provider: Resource | None


def of(line: PlanLine, *, now: datetime) -> Sequence[Choice]:
    """At most `SHOWN` times for this customer, the least inconvenient first, that nobody else is to get."""
    stands = standing.of(line.plan, now=now)
    if stands is None or line.appointment_id not in stands.appointments:
        return []
    places = Alternatives(stands.problem, stands.found, choices=stands.choices)
    found = places.of(line.appointment_id, limit=SHOWN)
    slots = [questions.slot_of(one, line.appointment) for one in found]
    people = Resource.objects.in_bulk({slot.provider_id for slot in slots if slot.provider_id})
    return [Choice(_key(slot), slot, people.get(slot.provider_id or 0)) for slot in slots]


def _key(slot: Slot) -> str:
    return f"{minute_of(slot.starts_at)}.{slot.provider_id or 0}"
