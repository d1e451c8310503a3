"""The free times that a customer can move to by themselves: the nearest first, then all of them, day by day.

At each start there is one choice: whom the appointment is with now, else the first colleague on the board. Nothing
that the customer refused before, that a plan is about to give to others, or that lies in what is written down.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Q

from appointments.domain.moving import causes
from appointments.domain.moving.offers import soonest_for
from appointments.domain.moving.wished import refused_by
from appointments.domain.schedule.slots import Alternative, Slot, find_alternatives, free_for
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import ResourceKind
from appointments.errors import NotOffered, SlotTaken
from appointments.models import Appointment, Occupancy

WhenAndWhom = tuple[datetime, int | None]

NEAREST = 6
DAYS_AT_ONCE = 3
MOST_A_DAY = 40
"""A page has an end: of more starts on one day every second or third is shown."""


@dataclass(frozen=True)
class Day:
    day: date
    slots: Sequence[Slot]


def nearest(appointment: Appointment, *, now: datetime) -> list[Alternative]:
    """The few that suit best, ranked as what we offer is."""
    return find_alternatives(
        appointment,
        now=now,
        limit=NEAREST,
        excluding=refused_by(appointment),
        not_before=soonest_for(appointment, now),
        outages=causes.out_of_reach_of(appointment),
    )


def free_days(appointment: Appointment, *, first: date, now: datetime) -> list[Day]:
    """The next days from `first` on with free times; [] after the last one."""
    zone = appointment.location.tzinfo
    last = now + timedelta(days=appointment.service.horizon_days)
    if first > last.astimezone(zone).date():
        return []
    today = now.astimezone(zone).date()
    start = max(day_span(max(first, today), zone).start, soonest_for(appointment, now))
    found = _choices(appointment, Span(start, max(start, last)), now=now)
    days = groupby(found, key=lambda slot: slot.starts_at.astimezone(zone).date())
    return [Day(day, _thinned(list(slots))) for day, slots in days][:DAYS_AT_ONCE]


def slot_for(appointment: Appointment, wanted: WhenAndWhom, *, now: datetime) -> Slot:
    """The slot that a customer has chosen on the page by start and provider.

    Raises `SlotTaken` for one that somebody else has, and `NotOffered` for one that no page offers: past, too near,
    outside the hours, not on the grid, with somebody else than the page would say.
    """
    start, _provider = wanted
    if start <= now or start - now > timedelta(days=appointment.service.horizon_days):
        raise NotOffered
    span = Span(start, start + appointment.duration)
    for slot in _all(appointment, span, now=now):
        if slot.when_and_whom == wanted:
            return slot
    raise SlotTaken if _is_taken(appointment, wanted, now=now) else NotOffered


def _is_taken(appointment: Appointment, wanted: WhenAndWhom, *, now: datetime) -> bool:
    start, provider = wanted
    service = appointment.service
    needed = Q(resource=provider) | ~Q(resource__kind=ResourceKind.PROVIDER) if provider else Q()
    there = Occupancy.objects.in_force(now).exclude(appointment=appointment)
    there = there.filter(needed, resource__requirements__service=service)
    return bool(there.overlapping(start - service.before, start + appointment.duration + service.after).exists())


def _choices(appointment: Appointment, window: Span[datetime], *, now: datetime) -> list[Slot]:
    """One for each start."""
    chosen: dict[datetime, Slot] = {}
    for slot in _all(appointment, window, now=now):
        if slot.starts_at not in chosen or slot.provider_id == appointment.provider_id:
            chosen[slot.starts_at] = slot
    return list(chosen.values())


def _all(appointment: Appointment, window: Span[datetime], *, now: datetime) -> list[Slot]:
    """Of each start whom it is with now and the first colleague, as the ranking has it: nothing else is ever shown."""
    refused, outages = refused_by(appointment), causes.out_of_reach_of(appointment)
    found = free_for(appointment, window=window, now=now, outages=outages)
    return [slot for slot in _same_and_first(found, appointment) if slot.when_and_whom not in refused]


def _same_and_first(slots: Iterable[Slot], appointment: Appointment) -> Iterable[Slot]:
    present, others_at = (appointment.starts_at, appointment.provider_id), None
    for slot in slots:
        if slot.provider_id == appointment.provider_id:
            if slot.when_and_whom != present:
                yield slot
        elif slot.starts_at != others_at:
            others_at = slot.starts_at
            yield slot


def _thinned(slots: list[Slot]) -> list[Slot]:
    return slots[:: -(-len(slots) // MOST_A_DAY)]
