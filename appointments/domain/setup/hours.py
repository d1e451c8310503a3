"""The hours of a week as one line a day, "09:00–12:30, 13:00–17:00", and the rows they stand for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from appointments.domain.schedule import spans
from appointments.domain.schedule.spans import Span
from appointments.domain.transactions import one_transaction
from appointments.enums import Weekday
from appointments.errors import DomainError
from appointments.models import Break, Location, Resource, WeeklyHours
from appointments.models.resources import WeeklySpan

SPAN = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|until|sampai|s/d)\s*(\d{1,2})(?:[:.](\d{2}))?\s*")
MIDNIGHT = 24 * 60
WHOLE_WEEK = 7 * MIDNIGHT
Week = Mapping[int, str]
"""A line of hours by weekday; "" is closed."""


class NotHours(DomainError):
    """What was typed cannot be read as hours, or says something that no hours can be."""


@dataclass(frozen=True)
class Opened:
    opens_at: time
    closes_at: time
    overnight: bool = False

    @property
    def minutes(self) -> tuple[int, int]:
        """From and until, counted from the midnight before it opens."""
        first = self.opens_at.hour * 60 + self.opens_at.minute
        last = self.closes_at.hour * 60 + self.closes_at.minute
        return first, last + MIDNIGHT if self.overnight or last == 0 else last


def read(line: str, *, nights: bool = False) -> list[Opened]:
    """`nights`: what ends before it begins goes on until the next day. Raises NotHours with the reason."""
    found = sorted((_read_one(part, nights=nights) for part in re.split("[,;]", line) if part.strip()), key=_from)
    for one, other in pairwise(found):
        if other.minutes[0] < one.minutes[1]:
            raise NotHours(_("%(one)s and %(other)s overlap.") % {"one": _written(one), "other": _written(other)})
    return found


def _read_one(part: str, *, nights: bool) -> Opened:
    matched = SPAN.fullmatch(part.lower())
    if not matched:
        raise NotHours(_("“%(part)s” is not a span of hours. Write it like 09:00–17:00.") % {"part": part.strip()})
    opens, closes = (_clock(matched[number], matched[number + 1]) for number in (1, 3))
    overnight = nights and closes <= opens and closes != time.min
    try:
        WeeklySpan.clean(WeeklyHours(opens_at=opens, closes_at=closes, overnight=overnight))
    except ValidationError as error:
        raise NotHours(" ".join(error.messages)) from error
    return Opened(opens, closes, overnight)


def _clock(hour: str, minute: str | None) -> time:
    if (int(hour), int(minute or 0)) == (24, 0):
        return time.min
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        said = f"{hour}:{minute or '00'}"
        raise NotHours(_("%(hour)s is not an hour of the day.") % {"hour": said}) from error


def _from(one: Opened) -> int:
    return one.minutes[0]


def _written(one: Opened) -> str:
    until = "24:00" if one.closes_at == time.min else f"{one.closes_at:%H:%M}"
    return f"{one.opens_at:%H:%M}–{until}"


def week_of(owner: Location | Resource, *, today: date) -> dict[int, str]:
    """What is valid `today`, without its breaks, as it would be typed."""
    opened, paused = _rows(WeeklyHours, owner, today), _rows(Break, owner, today)
    return {day: _line(opened[day], paused[day]) for day in range(7)}


def says_the_same(week: Week, other: Week) -> bool:
    """Whether both mean the same hours, however they are typed."""
    return all(read(week.get(day, ""), nights=True) == read(other.get(day, ""), nights=True) for day in range(7))


def beyond(week: Week, place: Week, *, nights: bool = False) -> dict[int, str]:
    """By weekday, what of `week` lies outside of the hours of the `place`, where nothing can be booked. A place without
    any hours is open day and night.
    """
    opened = [span for day in range(7) for span in _in_the_week(place, day, nights=True)]
    every_week = spans.merge(
        Span(one.start + by, one.end + by) for one in opened for by in (-WHOLE_WEEK, 0, WHOLE_WEEK)
    )
    left = {day: spans.subtract(_in_the_week(week, day, nights=nights), every_week) for day in range(7)}
    found = {day: [(one.start - day * MIDNIGHT, one.end - day * MIDNIGHT) for one in left[day]] for day in left}
    return {day: _typed(outside) for day, outside in found.items() if outside and opened}


def _in_the_week(week: Week, day: int, *, nights: bool) -> list[Span[int]]:
    """In minutes from Monday on; a night of Sunday goes on behind the last of them."""
    found = (one.minutes for one in read(week.get(day, ""), nights=nights))
    return [Span(day * MIDNIGHT + first, day * MIDNIGHT + last) for first, last in found]


def works_at_night(owner: Location | Resource) -> bool:
    return WeeklyHours.objects.filter(**_is_of(owner), overnight=True).exists()


@one_transaction
def write(owner: Location | Resource, week: Week, *, nights: bool = False, today: date) -> None:
    """Only days whose line has changed are written anew, so what somebody entered in more detail stays.

    Raises NotHours for a day on which hours change at a date: that is for whoever knows the dates.
    """
    before = week_of(owner, today=today)
    for day, line in week.items():
        wanted = read(line, nights=nights)
        if wanted == read(before[day], nights=True):
            continue
        for table in (WeeklyHours, Break):
            rows = table._default_manager.filter(**_is_of(owner), weekday=day)
            if rows.exclude(valid_from=None, valid_until=None).exists():
                raise NotHours(
                    _("On %(day)s the hours change at a date. Change them in the administration.")
                    % {"day": Weekday(day).label}
                )
            rows.delete()
        WeeklyHours.objects.bulk_create(
            WeeklyHours(
                **_is_of(owner), weekday=day, opens_at=one.opens_at, closes_at=one.closes_at, overnight=one.overnight
            )
            for one in wanted
        )


def _is_of(owner: Location | Resource) -> dict[str, Location | Resource]:
    return {"location" if isinstance(owner, Location) else "resource": owner}


def _rows(table: type[WeeklySpan], owner: Location | Resource, today: date) -> dict[int, list[Opened]]:
    found: dict[int, list[Opened]] = {day: [] for day in range(7)}
    for row in table._default_manager.filter(**_is_of(owner)):
        is_past = row.valid_until and row.valid_until < today
        if not is_past and not (row.valid_from and row.valid_from > today):
            found[row.weekday].append(Opened(row.opens_at, row.closes_at, row.overnight))
    return found


def _line(opened: list[Opened], paused: list[Opened]) -> str:
    opened_at = sorted(one.minutes for one in opened)
    for first, last in sorted(one.minutes for one in paused):
        opened_at = [
            part
            for start, end in opened_at
            for part in ((start, min(end, first)), (max(start, last), end))
            if part[0] < part[1]
        ]
    return _typed(opened_at)


def _typed(minutes: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{_clock_of(start % MIDNIGHT)}–{_clock_of(end)}" for start, end in minutes)


def _clock_of(minute: int) -> str:
    inside = minute if minute <= MIDNIGHT else minute - MIDNIGHT
    return f"{inside // 60:02}:{inside % 60:02}"
