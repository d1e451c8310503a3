"""A series and its moved dates → the dates that fall into a window of time, each known by where the series put it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.ics.event import Event, ExtraDate
from appointments.domain.imports.reading.ics.values import Duration, Moment, days_between, local_day, parse_until
from appointments.domain.imports.reading.rows import Problems
from appointments.domain.imports.reading.zones import SKIPPED_HOUR, Zone, clock_change, on_the_clock, to_utc
from appointments.domain.schedule.recurrence import Budget, TooMuchWork, occurrences
from appointments.domain.schedule.rrule import Rule

_STEPS_PER_RULE = 500_000
_EDGE = timedelta(hours=3)
"""No change of a clock is longer; a wall-clock hour this far outside the window cannot be an instant inside."""


@dataclass(frozen=True, slots=True)
class Window:
    """Half open, in UTC; `zone` is the default zone, whose midnights bound it."""

    begin: datetime
    end: datetime
    zone: Zone

    def __contains__(self, instant: datetime) -> bool:
        return self.begin <= instant < self.end


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of an entry. `teller` is the component that describes it; `key` names it, "" if it is the only one."""

    teller: Event
    key: str
    wall: datetime
    zone: Zone
    starts_at: datetime
    ends_at: datetime | None


@dataclass(slots=True)
class Series:
    """All components of one UID: the entry itself, and those that replace one of its dates by their keys."""

    master: Event | None = None
    overrides: dict[str, Event] = field(default_factory=dict)


def key_of(moment: Moment, default: Zone) -> str:
    """The name of a date of a series: its day, or its instant in UTC. Raises OverflowError."""
    if moment.is_date:
        return f"{moment.wall:%Y%m%d}"
    return f"{moment.instant(default):%Y%m%dT%H%M%SZ}"


def override_key(event: Event, master: Event | None, default: Zone) -> str:
    """Which date an override replaces, in the master's terms even where the override uses others."""
    moment = event.recurrence_id
    if moment is None:
        return ""
    like = master or event
    if like.start.is_date and not moment.is_date:
        return f"{local_day(moment, default):%Y%m%d}"
    if moment.is_date and not like.start.is_date:
        moment = Moment(datetime.combine(moment.wall, like.start.wall.time()), like.zone)
    return key_of(moment.on(like.zone), default)


class Expander:
    """Puts the dates of series into a window, with bounded work for the whole file."""

    def __init__(self, window: Window, problems: Problems, *, max_instances: int, budget: Budget) -> None:
        self.window, self.problems = window, problems
        self.max_instances, self.budget = max_instances, budget
        self.unfinished = False
        """Whether the series worked out last asked for too much: what lies where is then not known."""

    def inside(self, series: Series) -> list[Occurrence]:
        """The occurrences that start inside the window. Raises OverflowError for dates beyond the calendar."""
        self.unfinished = False
        self._forget_cancelled_moves(series)
        found = [self._occurrence(event, key, event.start) for key, event in series.overrides.items()]
        if series.master is not None:
            found += self._of_master(series.master, series)
        return [occurrence for occurrence in found if occurrence.starts_at in self.window]

    def _of_master(self, master: Event, series: Series) -> Iterator[Occurrence]:
        if not master.repeats:
            if key_of(master.start, self.window.zone) not in series.overrides:
                yield self._occurrence(master, "", master.start)
            return
        changes = _Changes(series, self.window.zone)
        gone = self._cancelled_dates(master, changes)
        seen: set[str] = set(series.overrides)
        skipped: set[datetime] = set()
        taken = 0
        for extra in self._all_dates(master, changes):
            key = key_of(extra.start, self.window.zone)
            if self._is_skipped(extra.start):
                if extra.start.wall not in skipped and key not in gone | series.overrides.keys():
                    skipped.add(extra.start.wall)
                    yield from self._without_its_hour(master, key, extra)
                continue
            if key in seen or key in gone or f"{extra.start.wall:%Y%m%d}" in gone:
                continue
            seen.add(key)
            occurrence = changes.apply(self, master, key, extra)
            if occurrence.starts_at not in self.window:
                continue
            if taken == self.max_instances:
                self.problems.error(
                    master.line,
                    _("This entry repeats too often: only its first {count} dates were taken."),
                    value=master.summary,
                    count=self.max_instances,
                )
                return
            taken += 1
            yield occurrence

    def _is_skipped(self, start: Moment) -> bool:
        clock = (start.zone or self.window.zone).clock
        return not start.is_date and clock_change(start.wall, clock) == "gap"

    def _without_its_hour(self, master: Event, key: str, extra: ExtraDate) -> Iterator[Occurrence]:
        """A date whose hour the clock skips. One that only a rule gives is none (RFC 5545, 3.3.10), which is said; one
        that stands in the file is an entry like any other, and whoever makes rows refuses it.
        """
        occurrence = self._occurrence(master, key, extra.start, extra)
        if not extra.by_rule:
            yield occurrence
        elif occurrence.starts_at in self.window:
            self.problems.warning(master.line, SKIPPED_HOUR, value=f"{extra.start.wall:%Y-%m-%d %H:%M}")

    def _forget_cancelled_moves(self, series: Series) -> None:
        """A date that was moved and later cancelled: some exports still hold the move, beside the newer series."""
        master = series.master
        if master is None or all(event.sequence >= master.sequence for event in series.overrides.values()):
            return
        for key in self._exdates(master) & series.overrides.keys():
            if series.overrides[key].sequence < master.sequence:
                del series.overrides[key]

    def _all_dates(self, master: Event, changes: "_Changes") -> Iterator[ExtraDate]:
        """DTSTART is always the first date (RFC 5545, 3.8.2.4), then the further dates, then what the rules say."""
        yield ExtraDate(master.start)
        yield from (ExtraDate(_like(master.start, extra.start), extra.end, extra.length) for extra in master.rdates)
        for line, rule in master.rules:
            for wall in self._walls(master, line, rule, changes.reach):
                yield ExtraDate(Moment(wall, master.start.zone, master.start.is_date), by_rule=True)
            self._remark_odd_first_date(master, line, rule)

    def _remark_odd_first_date(self, master: Event, line: int, rule: Rule) -> None:
        instant = master.start.instant(self.window.zone)
        if instant not in self.window or len(master.rules) > 1:
            return
        wall = master.start.wall
        hits = occurrences(rule, wall, first=wall, last=wall, budget=Budget(5_000))
        try:
            fits = next(hits, None) is not None and not self._ends_before_it_begins(master, rule)
        except TooMuchWork:
            return
        if not fits:
            self.problems.warning(
                line,
                _("The first date of this series does not follow its own rule; it was taken all the same."),
                value=master.summary,
            )

    def _ends_before_it_begins(self, master: Event, rule: Rule) -> bool:
        try:
            last = parse_until(rule.until, start=master.start, zone=master.zone)[1] if rule.until else None
        except (ValueError, OverflowError):
            return False  # That end was reported where the dates were worked out.
        return last is not None and master.start.instant(self.window.zone) > last

    def _walls(self, master: Event, line: int, rule: Rule, reach: timedelta) -> Iterator[datetime]:
        zone = master.zone
        try:
            first = on_the_clock(self.window.begin, zone.clock) - reach - _EDGE
            last = on_the_clock(self.window.end, zone.clock) + reach + _EDGE
            until: datetime | None = None
            if rule.until:
                last_wall, until = parse_until(rule.until, start=master.start, zone=zone)
                last = min(last, last_wall)
        except (ValueError, OverflowError):
            self.problems.error(line, _("The end “{value}” of this series cannot be read."), value=rule.until)
            return
        purse = Budget(min(_STEPS_PER_RULE, max(0, self.budget.left)))
        before = purse.left
        try:
            for wall in occurrences(rule, master.start.wall, first=first, last=last, budget=purse):
                if until is not None and to_utc(wall, zone.clock) > until:
                    break
                yield wall
        except TooMuchWork:
            self.unfinished = True
            self.problems.error(
                line,
                _("The rule of this series asks for too many dates to work out; some of them are missing."),
                value=master.summary,
            )
        finally:
            self.budget.left -= before - max(0, purse.left)

    def _cancelled_dates(self, master: Event, changes: "_Changes") -> set[str]:
        """Keys of the dates left out: instants, and days where only a day is given or the series is one of days."""
        gone = self._exdates(master)
        for line, rule in master.exrules:
            for wall in self._walls(master, line, rule, changes.reach):
                gone.add(key_of(Moment(wall, master.start.zone, master.start.is_date), self.window.zone))
        return gone

    def _exdates(self, master: Event) -> set[str]:
        days_only = [moment.is_date or master.start.is_date for moment in master.exdates]
        return {
            f"{local_day(moment, self.window.zone):%Y%m%d}" if day_only else key_of(moment, self.window.zone)
            for moment, day_only in zip(master.exdates, days_only, strict=True)
        }

    def _occurrence(self, event: Event, key: str, start: Moment, extra: ExtraDate | None = None) -> Occurrence:
        zone = start.zone or self.window.zone
        starts_at = start.instant(self.window.zone)
        return Occurrence(event, key, start.wall, zone, starts_at, self._end(event, start, starts_at, zone, extra))

    def _end(
        self, event: Event, start: Moment, starts_at: datetime, zone: Zone, extra: ExtraDate | None
    ) -> datetime | None:
        """An end given as a time repeats as exactly as much time later, one given as a duration keeps its days nominal
        (RFC 5545, 3.8.5.3). A day without an end lasts a day; an end that is not later than its start is none."""
        length, end = event.length, event.end
        if extra and extra.end:
            ends_at = extra.end.instant(zone)
        elif extra and extra.length:
            ends_at = extra.length.after(start.wall, zone)
        elif length is not None:
            ends_at = length.after(start.wall, zone)
        elif end is not None and event.start.is_date and end.is_date:
            ends_at = Duration(days_between(event.start, end), timedelta()).after(start.wall, zone)
        elif end is not None:
            ends_at = starts_at + (end.instant(zone) - event.start.instant(self.window.zone))
        elif start.is_date:
            ends_at = Duration(1, timedelta()).after(start.wall, zone)
        else:
            return None
        return ends_at if ends_at > starts_at else None


def _like(start: Moment, other: Moment) -> Moment:
    """A further date, said on the clock of the series, so that all its dates are of one kind."""
    if start.is_date:
        return Moment(other.wall.replace(hour=0, minute=0, second=0), None, is_date=True)
    if other.zone is None or start.zone is None:
        return other.on(start.zone) if start.zone else other
    return Moment(on_the_clock(to_utc(other.wall, other.zone.clock), start.zone.clock), start.zone)


class _Changes:
    """What overrides with RANGE=THISANDFUTURE say about all later dates: another description, and a shift in time."""

    def __init__(self, series: Series, default: Zone) -> None:
        self.from_key = sorted((key, event) for key, event in _lasting(series))
        self.shifts = {key: _shift(event, default) for key, event in self.from_key}
        self.reach = max((abs(shift) for shift in self.shifts.values()), default=timedelta())

    def apply(self, expander: Expander, master: Event, key: str, extra: ExtraDate) -> Occurrence:
        since = [(begin, event) for begin, event in self.from_key if begin <= key]
        if not since:
            return expander._occurrence(master, key, extra.start, extra)
        begin, event = since[-1]
        start = Moment(extra.start.wall + self.shifts[begin], extra.start.zone, extra.start.is_date)
        return expander._occurrence(event, key, start)


def _lasting(series: Series) -> Iterator[tuple[str, Event]]:
    return ((key, event) for key, event in series.overrides.items() if event.and_future)


def _shift(event: Event, default: Zone) -> timedelta:
    replaced = event.recurrence_id
    if replaced is None or replaced.is_date != event.start.is_date:
        return timedelta()
    if event.start.is_date or replaced.zone is None or event.start.zone is None:
        return event.start.wall - replaced.wall
    return event.start.wall - on_the_clock(replaced.instant(default), event.start.zone.clock)


def window_of(first: datetime, last: datetime, zone: Zone) -> Window:
    """From midnight to midnight of two naive days on the clock of a zone, the second one excluded."""
    return Window(to_utc(first, zone.clock), to_utc(last, zone.clock), zone)
