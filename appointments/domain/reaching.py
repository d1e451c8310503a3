"""When customers are reached best by phone, as they said it, and what that means for a call that we owe them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext as _

from appointments.domain.schedule.opening import public_spans
from appointments.domain.schedule.spans import Span, intersect
from appointments.domain.schedule.waking import last_quarter
from appointments.models import Appointment, Location, Promise
from appointments.models.promise import asked_to_be_called

HOURS = {"morning": (8, 11), "midday": (11, 15), "afternoon": (15, 18), "evening": (18, 21)}
"""Parts of a day, on the clock of the place; together they are the hours at which anybody is phoned (`waking`)."""
LEAST = timedelta(minutes=30)
"""With less of such a part left nobody can count on a call in it."""
WAITS = timedelta(days=2)
"""So much later than usual a call may come, to come when they are reached."""
WEEK = timedelta(days=7)
KNOWN_FOR = 300
"""Seconds."""
SHOWN_DIGITS = 3


def to_json(parts: Collection[str]) -> dict[str, Any]:
    """For `Answer.wishes`; `parts_in` reads it back. No part is any time."""
    return {"reached": [part for part in HOURS if part in parts]} if parts else {}


def parts_in(stored: Mapping[str, Any] | None) -> tuple[str, ...]:
    known = (stored or {}).get("reached") or ()
    return tuple(part for part in HOURS if part in known)


def offered(location: Location, *, now: datetime) -> tuple[str, ...]:
    """The parts in which somebody is there to phone, on one of the next seven days at least. One query."""
    week = Span(now, now + WEEK)
    there = public_spans(location, week)
    return tuple(part for part in HOURS if _any_long_enough(intersect(_parts(location, [part], week), there)))


def lately_offered(location: Location, *, now: datetime) -> tuple[str, ...]:
    """The same, known for some minutes: every look at a customer's page asks it, and the hour that is promised in the
    end is looked up anew.
    """
    key = f"reached:{location.pk}"
    known: tuple[str, ...] | None = cache.get(key)
    if known is None:
        known = offered(location, now=now)
        cache.set(key, known, KNOWN_FOR)
    return known


def said_by(appointment: Appointment) -> tuple[str, ...]:
    """What the customer said last; nothing is any time. One query."""
    return parts_in(asked_to_be_called(appointment).values_list("wishes", flat=True).first())


def in_words(parts: Collection[str]) -> str:
    """ "in the morning (8–11) or in the evening (18–21)", in the language of the reader; "" for any time."""
    said = {
        "morning": _("in the morning"),
        "midday": _("around midday"),
        "afternoon": _("later in the afternoon"),
        "evening": _("in the evening"),
    }
    return _(" or ").join(f"{said[part]} ({first}–{last})" for part, (first, last) in HOURS.items() if part in parts)


def due(
    location: Location, parts: Collection[str], *, usual: datetime, before: datetime | None = None, now: datetime
) -> datetime:
    """The latest hour of a call to somebody who is reached best in `parts`: the `usual` one wherever it leaves time for
    that, else the end of the next such time in which we are there, unless it comes too late, or later than `before`.
    """
    if not parts or is_possible(location, parts, until=usual, now=now):
        return usual
    for span in _times(location, parts, Span(now, usual + WAITS)):
        hour = last_quarter(span.end)
        if span.end - span.start >= LEAST and hour > usual and (before is None or hour <= before):
            return hour
    return usual


def is_possible(location: Location, parts: Collection[str], *, until: datetime, now: datetime) -> bool:
    """Whether we are there, and they are reached best, for a while between `now` and `until`."""
    return _any_long_enough(_times(location, parts, Span(now, until)))


def in_their_words(appointment: Appointment) -> str:
    """The same of what the customer said last, in the customer's language."""
    with translation.override(appointment.customer.reads):
        return in_words(said_by(appointment))


def about(promise: Promise, *, now: datetime) -> dict[str, Any]:
    """What a message may say of it: `best_reached`, "" for any time; `in_reach`: that comes before the call is due."""
    appointment, parts = promise.appointment, said_by(promise.appointment)
    return {
        "best_reached": in_their_words(appointment),
        "in_reach": bool(parts) and is_possible(appointment.location, parts, until=promise.due_at, now=now),
    }


def masked(number: str) -> str:
    """A number as the one whom it belongs to knows it again, and nobody else can dial it: country and last digits."""
    return f"{number.split(maxsplit=1)[0]}\N{NO-BREAK SPACE}••••\N{NO-BREAK SPACE}{number[-SHOWN_DIGITS:]}"


def _times(location: Location, parts: Collection[str], window: Span[datetime]) -> list[Span[datetime]]:
    """When both are so inside `window`: the place is open, and it is one of `parts` there. In their order."""
    if window.is_empty:
        return []
    return intersect([window], intersect(_parts(location, parts, window), public_spans(location, window)))


def _parts(location: Location, parts: Collection[str], window: Span[datetime]) -> list[Span[datetime]]:
    """Each of `parts` on each day that `window` touches, uncut."""
    zone = location.tzinfo
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Span(_on(day, start, location), _on(day, end, location))
        for day in days
        for part, (start, end) in HOURS.items()
        if part in parts
    ]


def _any_long_enough(spans: Iterable[Span[datetime]]) -> bool:
    return any(span.end - span.start >= LEAST for span in spans)


def _on(day: date, hour: int, location: Location) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=location.tzinfo)
