"""How many appointments a day a resource may have at most: its own day, on the clock of its place.

An appointment counts on the day it starts, and what is held for a customer on the day it would start: each appointment
once a day, however many times are held for it. Pure, no database.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, tzinfo

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.occupancy import Started
from appointments.domain.schedule.wallclock import (
    DAY,
    WallClock,
    day_of,
    day_span,
    midnight,
    minute_from,
    minute_of,
)


def whole_days(zone: tzinfo, window: Span[int]) -> WallClock:
    """The clock of `zone` over all of each day that `window` (minutes of UTC) touches."""
    days = WallClock(zone, window).days()
    span = day_span(date.fromordinal(days.start), zone, last=date.fromordinal(days.stop - 1))
    return WallClock(zone, Span(minute_of(span.start), minute_from(span.end)))


def left(most_a_day: Mapping[int, int], started: Started, clock: WallClock) -> dict[tuple[int, date], int]:
    """How many more each resource of `most_a_day` may take on each day of `clock`; nothing where it has too many."""
    days = [date.fromordinal(day) for day in clock.days()]
    found: dict[tuple[int, date], int] = {}
    for pk, most in most_a_day.items():
        has = Counter(day for __, day in {(one, day_of(clock.wall(minute))) for one, minute in started[pk]})
        found |= {(pk, day): max(0, most - has[day]) for day in days}
    return found


def full(most_a_day: Mapping[int, int], started: Started, clock: WallClock) -> dict[int, list[Span[int]]]:
    """The minutes (UTC) in which nothing more may start, by resource; a resource without any is left out."""
    days: dict[int, list[Span[int]]] = {}
    for (pk, day), more in left(most_a_day, started, clock).items():
        if not more:
            days.setdefault(pk, []).append(Span(midnight(day), midnight(day) + DAY))
    return {pk: clock.in_utc(found) for pk, found in days.items()}
