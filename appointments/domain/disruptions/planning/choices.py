"""The times that a colleague can put one of many to, without taking from anybody what the plan gives them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from appointments.domain.disruptions.planner.alternatives import Alternatives
from appointments.domain.disruptions.planner.placement import Placement, placement_of
from appointments.domain.disruptions.planner.plan import draft_of
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
    return _choices(questions.slot_of(one, line.appointment) for one in found)


def on(line: PlanLine, day: date, *, now: datetime) -> Sequence[Choice]:
    """All times of that day, in order, that nobody else is to get; the line's own among them."""
    zone = line.appointment.location.tzinfo
    slots = (slot for slot in _open(line, now=now) if slot.starts_at.astimezone(zone).date() == day)
    return _choices(sorted(slots, key=lambda slot: slot.starts_at))


def named(line: PlanLine, key: str, *, now: datetime) -> Slot | None:
    """The time that a form means by `key`; None when it cannot be had, or not any more."""
    return next((slot for slot in _open(line, now=now) if _key(slot) == key), None)


def _open(line: PlanLine, *, now: datetime) -> Iterator[Slot]:
    """Of several rooms for one start and person the first."""
    stands = standing.of(line.plan, now=now, lifted=line.appointment_id)
    if stands is None or line.appointment_id not in stands.appointments:
        return
    draft = draft_of(stands.problem, stands.found, choices=stands.choices)
    number = draft.numbers[line.appointment_id]
    kind = stands.problem.kinds[stands.problem.jobs[number].kind]
    places: dict[tuple[int, int], Placement] = {}
    for way in draft.open_among(number, stands.choices.all(number)).places.tolist():
        place = placement_of(kind, way)
        places.setdefault((place.start, place.leader), place)
    yield from (questions.slot_of(one, line.appointment) for one in places.values())


def _choices(slots: Iterable[Slot]) -> list[Choice]:
    found = list(slots)
    people = Resource.objects.in_bulk({slot.provider_id for slot in found if slot.provider_id})
    return [Choice(_key(slot), slot, people.get(slot.provider_id or 0)) for slot in found]


def _key(slot: Slot) -> str:
    return f"{minute_of(slot.starts_at)}.{slot.provider_id or 0}"
