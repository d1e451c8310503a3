"""RFC 5545 recurrence rules in wall-clock time, with work that is bounded whatever the rule says.

python-dateutil gives the same answers (the tests hold the two together) but walks from the first date to the year 9999
when a rule never matches. Imported rules are strangers' input: here one goes straight to the period asked for, and
every step is paid for from a budget.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from appointments.domain.schedule.rrule import Rule

_SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_ONE_DAY = timedelta(days=1)


class TooMuchWork(Exception):
    """A rule asks for more steps than are left."""


@dataclass(slots=True)
class Budget:
    """Steps that may still be taken; one is about a microsecond of work. Shared by all the rules of one file."""

    left: int

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


def occurrences(rule: Rule, start: datetime, *, first: datetime, last: datetime, budget: Budget) -> Iterator[datetime]:
    """The wall-clock times (naive) of a rule from `first` to `last`, both included, in order, none before `start`.

    COUNT counts from `start`. UNTIL is the caller's: only an instant can be compared with it. Raises TooMuchWork.
    """
    if start > last:
        return
    plan = _Plan(rule, start)
    skipped = plan.periods_before(first)
    remaining = rule.count
    if remaining is not None:
        skipped = skipped if plan.one_each else 0
        remaining -= skipped
        if remaining <= 0:
            return
    for wall in plan.walk(skipped, last, budget):
        budget.spend(1)
        if wall < start:
            continue
        if wall > last:
            return
        if wall >= first:
            yield wall
        if remaining is not None:
            remaining -= 1
            if remaining <= 0:
                return


class _Plan:
    """A rule made complete by what DTSTART implies (RFC 5545, 3.3.10), ready to be walked period by period."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule, self.start = rule, start
        self.by = dict(rule.by)
        nth_counts = rule.freq == "MONTHLY" or (rule.freq == "YEARLY" and "BYWEEKNO" not in rule.by)
        self.days = rule.days if nth_counts else frozenset((0, weekday) for _, weekday in rule.days)
        self.nth_in_month = rule.freq == "MONTHLY" or "BYMONTH" in rule.by
        self.one_each = not rule.by and (not rule.days or self._only_its_own_weekday()) and self._every_period_has_it()
        self._imply_days()

    def _only_its_own_weekday(self) -> bool:
        return self.rule.freq == "WEEKLY" and self.rule.days == {(0, self.start.weekday())}

    def _every_period_has_it(self) -> bool:
        return self.rule.freq not in ("YEARLY", "MONTHLY") or self.start.day <= 28

    def _imply_days(self) -> None:
        rule, start = self.rule, self.start
        if rule.days or self.by.keys() & {"BYYEARDAY", "BYMONTHDAY"}:
            return
        if rule.freq == "WEEKLY" or "BYWEEKNO" in self.by:
            if rule.freq in ("YEARLY", "MONTHLY", "WEEKLY"):
                self.days = frozenset({(0, start.weekday())})
        elif rule.freq == "YEARLY":
            self.by.setdefault("BYMONTH", frozenset({start.month}))
            self.by["BYMONTHDAY"] = frozenset({start.day})
        elif rule.freq == "MONTHLY":
            self.by["BYMONTHDAY"] = frozenset({start.day})

    def _times_of_day(self, budget: Budget) -> list[time]:
        hours = sorted(self.by.get("BYHOUR", {self.start.hour}))
        minutes = sorted(self.by.get("BYMINUTE", {self.start.minute}))
        seconds = sorted(self.by.get("BYSECOND", {self.start.second}))
        budget.spend(len(hours) * len(minutes) * len(seconds))
        return [time(hour, minute, second) for hour in hours for minute in minutes for second in seconds]

    def periods_before(self, moment: datetime) -> int:
        """How many whole periods (of INTERVAL) may be left out because they end before `moment`."""
        if moment <= self.start:
            return 0
        rule, start = self.rule, self.start
        if rule.freq == "YEARLY":
            passed = moment.year - start.year
        elif rule.freq == "MONTHLY":
            passed = (moment.year - start.year) * 12 + moment.month - start.month
        elif rule.freq == "WEEKLY":
            passed = (self._week_of(moment.date()) - self._week_of(start.date())).days // 7
        elif rule.freq == "DAILY":
            passed = (moment.date() - start.date()).days
        else:
            passed = int((moment - start).total_seconds()) // _SECONDS[rule.freq]
        return passed // rule.interval

    def walk(self, skipped: int, last: datetime, budget: Budget) -> Iterator[datetime]:
        if self.rule.freq in _SECONDS:
            yield from self._walk_grid(skipped, last, budget)
            return
        times = self._times_of_day(budget)
        number = skipped * self.rule.interval
        while True:
            days = self._days_of(number)
            if days is None or days[0] > last.date():
                return
            budget.spend(len(days) + 1)
            matching = [day for day in days if self._matches(day)]
            for index in self._chosen(len(matching) * len(times)):
                yield datetime.combine(matching[index // len(times)], times[index % len(times)])
            number += self.rule.interval

    def _chosen(self, size: int) -> Iterable[int]:
        """Which of the `size` moments of a period BYSETPOS leaves, in order."""
        positions = self.by.get("BYSETPOS")
        if not positions:
            return range(size)
        indexes = {place - 1 if place > 0 else size + place for place in positions}
        return (index for index in sorted(indexes) if 0 <= index < size)

    def _days_of(self, number: int) -> list[date] | None:
        """The days of the period that many units after the first one; None beyond the end of the calendar."""
        try:
            first, length = self._period(number)
            return [first + timedelta(days=offset) for offset in range(length)]
        except (OverflowError, ValueError):
            return None

    def _period(self, number: int) -> tuple[date, int]:
        start, freq = self.start.date(), self.rule.freq
        if freq == "YEARLY":
            year = start.year + number
            return date(year, 1, 1), 366 if isleap(year) else 365
        if freq == "MONTHLY":
            year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
            return date(year, month + 1, 1), monthrange(year, month + 1)[1]
        if freq == "WEEKLY":
            return self._week_of(start) + timedelta(weeks=number), 7
        return start + timedelta(days=number), 1

    def _week_of(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.rule.week_start) % 7)

    def _walk_grid(self, skipped: int, last: datetime, budget: Budget) -> Iterator[datetime]:
        """Hours, minutes and seconds: the days are filtered first, then the grid is laid over each day that is left."""
        stride = self.rule.interval * _SECONDS[self.rule.freq]
        begin = self.start + timedelta(seconds=skipped * stride)
        day = begin.date()
        while day <= last.date():
            budget.spend(1)
            if self._matches(day):
                yield from self._grid_of(day, max(begin, datetime.combine(day, time.min)), stride, budget)
            day = self._next_day(day, stride)

    def _next_day(self, day: date, stride: int) -> date:
        """The day of the first grid point after `day`."""
        since = (datetime.combine(day, time.min) + _ONE_DAY - self.start).total_seconds()
        steps = max(0, -(-int(since) // stride))
        return (self.start + timedelta(seconds=steps * stride)).date()

    def _grid_of(self, day: date, begin: datetime, stride: int, budget: Budget) -> Iterator[datetime]:
        since = int((begin - self.start).total_seconds())
        point = self.start + timedelta(seconds=-(-since // stride) * stride)
        by, step = self.by, timedelta(seconds=stride)
        while point.date() == day:
            budget.spend(1)
            fits = point.hour in by.get("BYHOUR", {point.hour})
            if fits and self.rule.freq != "HOURLY":
                fits = point.minute in by.get("BYMINUTE", {point.minute})
            if fits and self.rule.freq == "SECONDLY":
                fits = point.second in by.get("BYSECOND", {point.second})
            if fits:
                inside = self._inside(point)
                budget.spend(len(inside))
                yield from (inside[index] for index in self._chosen(len(inside)))
            point += step

    def _inside(self, point: datetime) -> list[datetime]:
        """A grid hour holds the minutes and seconds of its BY… parts, a grid minute the seconds."""
        minutes: Iterable[int] = (point.minute,)
        seconds: Iterable[int] = (point.second,)
        if self.rule.freq == "HOURLY":
            minutes = sorted(self.by.get("BYMINUTE", {self.start.minute}))
        if self.rule.freq in ("HOURLY", "MINUTELY"):
            seconds = sorted(self.by.get("BYSECOND", {self.start.second}))
        return [point.replace(minute=minute, second=second) for minute in minutes for second in seconds]

    def _matches(self, day: date) -> bool:
        by = self.by
        if "BYMONTH" in by and day.month not in by["BYMONTH"]:
            return False
        if "BYMONTHDAY" in by and not _counted(day.day, monthrange(day.year, day.month)[1], by["BYMONTHDAY"]):
            return False
        if "BYYEARDAY" in by:
            length = 366 if isleap(day.year) else 365
            if not _counted(day.timetuple().tm_yday, length, by["BYYEARDAY"]):
                return False
        if "BYWEEKNO" in by and not _counted(*_week_number(day, self.rule.week_start), by["BYWEEKNO"]):
            return False
        return not self.days or self._weekday_matches(day)

    def _weekday_matches(self, day: date) -> bool:
        weekday = day.weekday()
        if (0, weekday) in self.days:
            return True
        if self.nth_in_month:
            number, length = day.day, monthrange(day.year, day.month)[1]
        else:
            number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
        forwards, backwards = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
        return (forwards, weekday) in self.days or (backwards, weekday) in self.days


def _counted(number: int, length: int, wanted: frozenset[int]) -> bool:
    """Whether the `number`th of `length` is among those wanted, counted from the beginning or (negative) the end."""
    return number in wanted or number - length - 1 in wanted


@cache
def _first_week(year: int, week_start: int) -> date:
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)


def _week_number(day: date, week_start: int) -> tuple[int, int]:
    """The number of the week a day is in, and how many weeks that week's year has (four days make a week a year's)."""
    monday = day - timedelta(days=(day.weekday() - week_start) % 7)
    year = (monday + timedelta(days=3)).year
    begin = _first_week(year, week_start)
    return (monday - begin).days // 7 + 1, (_first_week(year + 1, week_start) - begin).days // 7
