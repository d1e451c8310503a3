"""The last place of a day: who and what takes so many a day at most takes none beyond, however many ask at once.

What is booked or held already stays, and so does what comes from another calendar: only what is new is asked for room.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.domain.schedule.availability import full_days
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import minute_of
from appointments.errors import SlotTaken
from appointments.models import Appointment


def must_have_room(
    slots: Iterable[Slot], appointment: Appointment, *, most_a_day: Mapping[int, int | None], now: datetime
) -> None:
    """Raises `SlotTaken` when one of `slots` lies on a day that has no room left for `appointment`.

    `most_a_day`: of those that they occupy, locked by the caller, so that nobody else counts at the same time.
    """
    if on_full_days(slots, appointment, most_a_day=most_a_day, now=now):
        raise SlotTaken(_("That day has filled up in the meantime. Please choose another time."))


def on_full_days(
    slots: Iterable[Slot], appointment: Appointment, *, most_a_day: Mapping[int, int | None], now: datetime
) -> list[Slot]:
    """Those of `slots` on a day on which somebody or something they need takes no more; the appointment itself does
    not count. One query, and none where nobody has a limit.
    """
    wanted = list(slots)
    needed = {pk for slot in wanted for pk in slot.resource_ids}
    limited = {pk: most for pk, most in most_a_day.items() if most and pk in needed}
    if not limited:
        return []
    minutes = [minute_of(slot.starts_at) for slot in wanted]
    zone, starts = appointment.location.tzinfo, Span(min(minutes), max(minutes) + 1)
    full = full_days(limited, zone=zone, starts=starts, now=now, ignoring=[appointment.pk])
    return [
        slot
        for slot, minute in zip(wanted, minutes, strict=True)
        if any(day.start <= minute < day.end for pk in slot.resource_ids for day in full.get(pk, ()))
    ]
