"""When somebody is there: weekly hours, breaks, closed days and recurring closures → open minutes. Pure, no database.

Hours are thought on the wall of the place and answered in minutes of UTC. Where the rules come from: RFC 5545 for
recurrence, `appointments.models` for what the rows mean.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from appointments.domain.schedule.recurrence import Budget, TooMuchWork, occurrences
from appointments.domain.schedule.rrule import parse_rule
from appointments.domain.schedule.spans import Span, merge, subtract, without
from appointments.domain.schedule.wallclock import DAY, WallClock, midnight, minute_from, minute_of

logger = logging.getLogger(__name__)

TOO_OFTEN = {"HOURLY", "MINUTELY", "SECONDLY"}
# Of work for one rule, about a microsecond each; a rule that never comes true would otherwise look for ever.
STEPS = 20_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  what a wall shows has no zone


class Weekly(NamedTuple):
    """A span of the wall clock that returns every week; `closes` at or before `opens` reaches into the next day."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def span(self) -> Span[int]:
        """Its minutes, counted from midnight of the day it begins on."""
        opens, closes = (clock.hour * 60 + clock.minute for clock in (self.opens, self.closes))
        return Span(opens, closes if closes > opens else closes + DAY)


class Blocked(NamedTuple):
    """A closure or an absence: once, or again and again by a recurrence rule that is thought on the wall."""

    starts_at: datetime
    ends_at: datetime
    rrule: str = ""


class Week(NamedTuple):
    """The weekly hours and breaks of one location or resource. Without `hours` it is there all the time."""

    hours: tuple[Weekly, ...] = ()
    breaks: tuple[Weekly, ...] = ()


def _on_the_wall(rows: Sequence[Weekly], clock: WallClock) -> list[Span[int]]:
    of_weekday: dict[int, list[tuple[Weekly, Span[int]]]] = defaultdict(list)
    for row in rows:
        of_weekday[row.weekday].append((row, row.span()))
    days = clock.days()
    found: list[Span[int]] = []
    # One day earlier, for what reaches over midnight.
    for day in map(date.fromordinal, range(days.start - 1, days.stop)):
        start = midnight(day)
        for row, (opens, closes) in of_weekday.get(day.weekday(), ()):
            if row.is_valid_on(day):
                found.append(Span(start + opens, start + closes))
    return merge(found)


def week_open(week: Week, clock: WallClock, *, closed_days: Collection[date] = ()) -> list[Span[int]]:
    """The open minutes (UTC) of the clock's window: hours − breaks − whole `closed_days`, midnight to midnight."""
    days = clock.days()
    everything = [Span(midnight(date.fromordinal(days.start)), midnight(date.fromordinal(days.stop)))]
    hours = _on_the_wall(week.hours, clock) if week.hours else everything
    closed = [Span(midnight(day), midnight(day) + DAY) for day in closed_days]
    return clock.in_utc(without(hours, merge([*_on_the_wall(week.breaks, clock), *closed])))


def around_hours(
    week: Week, place: Week, around: Span[int], clock: WallClock, *, closed_days: Collection[date] = ()
) -> list[Span[int]]:
    """The minutes (UTC) inside `around`, minutes of a day on the wall, of the days on which both have hours.

    In no break of either, and on no closed day. A night shift belongs to the day it begins on.
    """
    wanted = [
        Span(midnight(day) + around.start, midnight(day) + around.end)
        for day in map(date.fromordinal, clock.days())
        if day not in closed_days and _has_hours(week, day) and _has_hours(place, day)
    ]
    return clock.in_utc(subtract(wanted, [*_on_the_wall(week.breaks, clock), *_on_the_wall(place.breaks, clock)]))


def _has_hours(week: Week, day: date) -> bool:
    return not week.hours or any(row.weekday == day.weekday() and row.is_valid_on(day) for row in week.hours)


def blocked_minutes(rows: Iterable[Blocked], clock: WallClock) -> list[Span[int]]:
    """The minutes (UTC) of the clock's window that a closure or an absence touches."""
    found: list[Span[int]] = []
    for row in rows:
        if row.rrule:
            found += _recurring(row, clock)
        else:
            found.append(Span(minute_of(row.starts_at), minute_from(row.ends_at)).intersect(clock.window))
    return merge(found)


def _recurring(row: Blocked, clock: WallClock) -> list[Span[int]]:
    start = row.starts_at.astimezone(clock.zone).replace(tzinfo=None)
    end = row.ends_at.astimezone(clock.zone).replace(tzinfo=None)
    # Across a change of the clock the wall may show an end that is not after the start: then the true length counts.
    length = end - start if end > start else row.ends_at - row.starts_at
    days = clock.days()
    first, last = datetime.fromordinal(days.start) - length, datetime.fromordinal(days.stop)
    try:
        begins = list(_begins(row.rrule, start, clock.zone, first=first, last=last))
    except (ValueError, TooMuchWork):
        logger.exception("A closure or absence has a rule that cannot be followed, so it counts once: %r", row.rrule)
        return blocked_minutes([Blocked(row.starts_at, row.ends_at)], clock)
    return clock.in_utc(_wall_span(begin, length) for begin in begins)


def _begins(text: str, start: datetime, zone: tzinfo, *, first: datetime, last: datetime) -> Iterator[datetime]:
    """When a rule (with or without its name) begins anew from `first` to `last`, on the wall. Raises ValueError."""
    rule = parse_rule(re.sub("^RRULE:", "", text.strip(), flags=re.IGNORECASE))
    if rule.freq in TOO_OFTEN:
        raise ValueError(f"repeats more often than daily: {text}")
    until = rule.last_on_the_wall(zone)
    return occurrences(rule, start, first=first, last=min(last, until) if until else last, budget=Budget(STEPS))


def _wall_span(begin: datetime, length: timedelta) -> Span[int]:
    minute = timedelta(minutes=1)
    return Span((begin - _EPOCH) // minute, -((_EPOCH - begin - length) // minute))
