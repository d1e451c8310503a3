"""An appointment that is carried over the week of a place: who has how many free times for it on which day, and what
is against a day without any. Reads only, in a constant number of queries.
"""

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from appointments.domain.moving.phone import agreed
from appointments.domain.pages.diary.place import Cell, PlaceWeek, Row
from appointments.domain.schedule.requirements import providers_for
from appointments.domain.schedule.slots import Slot, free_for
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import ResourceKind
from appointments.models import Appointment, Location

Against = Literal["", "passed", "closed", "off", "away", "unable", "full"]


@dataclass(frozen=True)
class Spot:
    """One resource on one day: so many times begin then that are free for it; `against` says why there are none."""

    free: int
    against: Against = ""


@dataclass(frozen=True)
class Carried:
    """The appointment, and every cell on which it can be put down or must not be, by resource and day. Where a person
    does it, people alone have cells: which room it takes follows from that.
    """

    appointment: Appointment
    spots: Mapping[tuple[int, date], Spot]


def carry(appointment: Appointment, over: PlaceWeek, *, now: datetime) -> Carried:
    place = over.location
    slots = free_between(appointment, place, over.first, over.last, now=now)
    counted = Counter(
        (resource, slot.starts_at.astimezone(place.tzinfo).date())
        for slot in slots
        for resource in ([slot.provider_id] if slot.provider_id else slot.resource_ids)
    )
    able = set(providers_for(appointment.service, place).values_list("pk", flat=True))
    today = now.astimezone(place.tzinfo).date()
    spots = {
        (row.resource.pk, cell.day): _spot(row, cell, counted[row.resource.pk, cell.day], able=able, today=today)
        for row in over.rows
        for cell in row.cells
        if _counts(row, able) or counted[row.resource.pk, cell.day]
    }
    return Carried(appointment, spots)


def free_between(appointment: Appointment, place: Location, first: date, last: date, *, now: datetime) -> list[Slot]:
    """The free times at `place` on these days, for an appointment that may be booked elsewhere now."""
    asked = copy.copy(appointment)
    asked.location = place
    outages = agreed.out_of_reach(appointment, place, appointment.manner)
    return free_for(asked, window=day_span(first, place.tzinfo, last=last), now=now, outages=outages)


def _counts(row: Row, able: set[int]) -> bool:
    """Whether a row is told what is against it: people are, where people do it."""
    return bool(able) and row.resource.kind == ResourceKind.PROVIDER


def _spot(row: Row, cell: Cell, free: int, *, able: set[int], today: date) -> Spot:
    if free:
        return Spot(free)
    if able and row.resource.pk not in able:
        return Spot(0, "unable")
    if cell.day < today:
        return Spot(0, "passed")
    if cell.presence in ("closed", "off", "away"):
        return Spot(0, cell.presence)
    return Spot(0, "full")
