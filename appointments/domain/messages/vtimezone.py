"""How a calendar file explains the clock of a zone: VTIMEZONE (RFC 5545, 3.6.5), in the form that programs do read."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)
LONG_AGO = datetime.combine(date(1970, 1, 1), time.min)
YEARS_OF_A_RULE = 8
"""So many years in a row tell the fourth Sunday of a month from the last."""


@cache
def vtimezone(tzid: str, year: int) -> Timezone:
    """The VTIMEZONE of a zone for an appointment in `year`: a rule for each yearly change of the clock, as far as it
    keeps one, else every change around that year.

    Not `Timezone.from_tzid`: it lists dates (RDATE) of decades. Outlook skips such lists and others read only the first
    date, so that summer appointments were an hour late.
    """
    zone = ZoneInfo(tzid)
    years = [_changes(zone, year + more) for more in range(-1, YEARS_OF_A_RULE - 1)]
    found = Timezone()
    found.add("tzid", tzid)
    rules = [_rule(list(same)) for same in zip(*years, strict=False)]
    if rules and all(rules) and len({len(changes) for changes in years}) == 1:
        for change, rule in zip(years[0], rules, strict=True):
            found.add_component(_observance(change, rule))
        return found
    before = datetime(year - 1, 1, 1, tzinfo=UTC)
    offset = _offset(before, zone)
    first = _Change(LONG_AGO, offset, offset, before.astimezone(zone).tzname())
    for change in [first, *years[0], *years[1], *years[2]]:
        found.add_component(_observance(change, None))
    return found


@dataclass(frozen=True)
class _Change:
    """The clock shows `wall` and `before` is over: from now on it is `after` ahead of UTC."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str | None

    @cached_property
    def places(self) -> set[str]:
        """Its weekday as a rule may count it: from the beginning of the month, and the last one also from its end."""
        weekday, length = WEEKDAYS[self.wall.weekday()], monthrange(self.wall.year, self.wall.month)[1]
        last = {f"-1{weekday}"} if self.wall.day + 7 > length else set[str]()
        return last | {f"{(self.wall.day - 1) // 7 + 1}{weekday}"}

    def like(self, other: _Change) -> bool:
        """Whether the two may be of one rule, as far as that does not depend on the day."""
        mine, others = ((one.wall.month, one.wall.time(), one.before, one.after) for one in (self, other))
        return mine == others


def _changes(zone: ZoneInfo, year: int) -> list[_Change]:
    """What happens to a clock in a year, to the minute."""
    midnight = datetime(year, 1, 1, tzinfo=UTC)
    found = []
    for day, next_day in pairwise(midnight + DAY * number for number in range(367)):
        before, after = _offset(day, zone), _offset(next_day, zone)
        if before == after:
            continue
        minutes = [day + timedelta(minutes=number) for number in range(24 * 60 + 1)]
        at = minutes[bisect_left(minutes, True, key=lambda at: _offset(at, zone) != before)]
        found.append(_Change(at.replace(tzinfo=None) + before, before, after, at.astimezone(zone).tzname()))
    return found


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _rule(changes: list[_Change]) -> vRecur | None:
    """The yearly rule that gives these changes of consecutive years, or None."""
    first = changes[0]
    places = set.intersection(*(change.places for change in changes))
    if not places or not all(change.like(first) for change in changes):
        return None
    return vRecur(FREQ="YEARLY", BYMONTH=first.wall.month, BYDAY=min(places))


def _observance(change: _Change, rule: vRecur | None) -> TimezoneStandard | TimezoneDaylight:
    found = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    found.add("dtstart", change.wall)
    if rule:
        found.add("rrule", rule)
    found.add("tzname", change.name)
    found.add("tzoffsetfrom", change.before)
    found.add("tzoffsetto", change.after)
    return found
