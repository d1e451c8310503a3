"""What a booked customer can do by themselves, as their page says it: limits, the way back, times to choose from."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.messages.context import customer_of
from appointments.domain.moving.own_choice.allowed import allowed, stays_open
from appointments.domain.moving.own_choice.times import DAYS_AT_ONCE, Day, free_days, nearest
from appointments.domain.moving.own_choice.way_back import way_back
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, RequestState
from appointments.models import Appointment, Business, RescheduleRequest, Resource


class With(NamedTuple):
    """Times of one day with one person; no `person` where the service needs nobody in particular."""

    person: Resource | None
    slots: Sequence[Slot]


class Shown(NamedTuple):
    """A day as it is shown: whom the appointment is with now comes first."""

    day: date
    groups: Sequence[With]


def by_themselves(appointment: Appointment, round_: RescheduleRequest | None, *, now: datetime) -> dict[str, Any]:
    """`own`: what they may do, where the time stands; `back`: the time they can go back to."""
    if round_ is not None and round_.is_live:
        return {"own": None, "back": None}
    may = allowed(appointment, now=now) if appointment.is_coming(now) else None
    comes = appointment.is_coming(now) or appointment.state == AppointmentState.CANCELLED
    back = way_back(round_, now=now) if comes else None
    return {"own": may, "back": back, "was_cancelled": bool(back and round_ and round_.state == RequestState.CANCELLED)}


def somebody() -> str:
    """Who answers whoever has not been in touch with anybody yet."""
    return name_of(desk_colleagues().first())


def own_times(appointment: Appointment, *, first: date | None, now: datetime) -> dict[str, Any] | None:
    """The times to move to: the nearest, or all of the days from `first` on. None where they may not move it."""
    may = allowed(appointment, now=now)
    if not may.can_move:
        return None
    today = now.astimezone(appointment.location.tzinfo).date()
    near = sorted(nearest(appointment, now=now), key=lambda one: one.slot.starts_at) if first is None else []
    days = free_days(appointment, first=first, now=now) if first is not None else []
    slots = [one.slot for one in near] + [slot for day in days for slot in day.slots]
    people, open_from = _people(slots), stays_open(appointment, now=now)
    return {
        "appointment": appointment,
        "customer": customer_of(appointment, tone=Business.current().tone),
        "zone": appointment.location.zone,
        "own": may,
        "nearest": [(one, people.get(one.slot.provider_id)) for one in near],
        "days": [_shown(day, appointment, people) for day in days],
        "too_near": open_from if any(slot.starts_at <= open_from for slot in slots) else None,
        "by_day": first is not None,
        "today": today,
        "later": days[-1].day + timedelta(days=1) if len(days) == DAYS_AT_ONCE else None,
        "now": now,
    }


def _people(slots: Sequence[Slot]) -> dict[int | None, Resource]:
    return dict(Resource.objects.in_bulk({slot.provider_id for slot in slots if slot.provider_id}))


def _shown(day: Day, appointment: Appointment, people: dict[int | None, Resource]) -> Shown:
    def order(slot: Slot) -> tuple[bool, int]:
        return slot.provider_id != appointment.provider_id, slot.provider_id or 0

    grouped = groupby(sorted(day.slots, key=order), key=lambda slot: slot.provider_id)
    return Shown(day.day, [With(people.get(pk), list(slots)) for pk, slots in grouped])
