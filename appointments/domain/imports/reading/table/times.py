"""When one record of a table begins and ends, or the reasons why that cannot be told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.rows import Problems
from appointments.domain.imports.reading.table import cells
from appointments.domain.imports.reading.table.dates import (
    Order,
    Written,
    abbreviation_fits,
    read_date,
    read_hour,
    settle,
)
from appointments.domain.imports.reading.table.delimited import Record
from appointments.domain.imports.reading.table.headings import Columns
from appointments.domain.imports.reading.table.hours import UNREADABLE, DateError, Hours
from appointments.domain.imports.reading.zones import (
    REPEATED_HOUR,
    SKIPPED_HOUR,
    Zone,
    clock_change,
    find_zone,
    on_the_clock,
    to_utc,
)

_LONGEST_OVERNIGHT = timedelta(hours=12)


class LeftOut(Exception):
    """The record gives no row; the reason is already among the problems."""


@dataclass(frozen=True, slots=True)
class When:
    """A day and an hour on a clock; without `hours` the whole day is meant."""

    day: date
    hours: Hours | None
    zone: Zone

    @property
    def wall(self) -> datetime:
        hour = self.hours.hour if self.hours else time.min
        return datetime.combine(self.day, hour) + timedelta(days=bool(self.hours and self.hours.midnight_after))

    @property
    def instant(self) -> datetime:
        return to_utc(self.wall, self.zone.clock)


class TimeReader:
    """Reads the times of one table. `undecided` are the records whose date depends on an order nobody knows."""

    def __init__(
        self, columns: Columns, default: Zone, order: Order | Literal["unclear", "mixed"], problems: Problems
    ) -> None:
        self.columns, self.default, self.order, self.problems = columns, default, order, problems
        self.undecided: list[tuple[int, str]] = []

    def start(self, record: Record) -> When:
        """Raises `LeftOut`."""
        start = self._start(record, self._zone(record))
        self._check_clock_change(record, start)
        return start

    def end(self, record: Record, start: When) -> datetime | None:
        """The instant; an end that cannot be read or is not later than the start is none, and a problem. A whole day
        ends at the next midnight at the earliest."""
        begin = to_utc(start.wall, start.zone.clock)
        end = self._written_end(record, start)
        if start.hours is None:
            return max(end or begin, to_utc(start.wall + timedelta(days=1), start.zone.clock))
        length = self._length(record)
        if end is None:
            return begin + length if length else None
        if end <= begin:
            self.problems.warning(record.line, _("The end is not after the start, so the row has no end."))
            return begin + length if length else None
        if length and begin + length != end:
            self.problems.warning(record.line, _("The end and the length do not fit each other; the end was taken."))
        return end

    def _length(self, record: Record) -> timedelta | None:
        cell = self._filled(record, "duration")
        if not cell or cell in ("-", "–"):
            return None
        try:
            return cells.length(cell, hours=self.columns.hours)
        except ValueError:
            self.problems.warning(
                record.line, _("The length “{value}” cannot be read, so it was left out."), value=cell
            )
            return None

    def _written_end(self, record: Record, start: When) -> datetime | None:
        texts = [self._filled(record, name) for name in ("end", "end_date", "end_time")]
        if not any(texts):
            until = start.hours.until if start.hours else None
            return self._same_day(start, Hours(until), start.zone) if until else None
        try:
            parts = [read_hour(text[:200]) if text else Written() for text in texts]
            day_part = next((part for part in parts if part.has_date), None)
            hours = next((part.hours for part in (parts[2], parts[0], parts[1]) if part.hours), None)
            if hours is None and start.hours is not None:
                raise DateError(UNREADABLE)
            hours = hours or Hours(time.min)
            zone = hours.zone or start.zone
            if day_part is None:
                return self._same_day(start, hours, zone)
            found = settle(day_part, self.order)
            return to_utc(When(found, hours, zone).wall, zone.clock) if found else None
        except DateError:
            shown = " ".join(filter(None, texts))
            self.problems.warning(record.line, _("The end “{value}” cannot be read, so the row has none."), value=shown)
            return None

    def _same_day(self, start: When, hours: Hours, zone: Zone) -> datetime:
        """An hour alone is on the day of the start, or in the night after it when that is not far."""
        begin = to_utc(start.wall, start.zone.clock)
        day = on_the_clock(begin, zone.clock).date()
        end = to_utc(When(day, hours, zone).wall, zone.clock)
        overnight = to_utc(When(day, hours, zone).wall + timedelta(days=1), zone.clock)
        return overnight if end < begin and overnight - begin <= _LONGEST_OVERNIGHT else end

    def stamp(self, record: Record) -> str:
        """When the row was last changed where it is from, as ISO 8601; what cannot be read says nothing."""
        try:
            written = read_date(self._filled(record, "updated")[:200])
            day = settle(written, self.order)
        except DateError:
            return ""
        if day is None:
            return ""
        return to_utc(When(day, written.hours, self.default).wall, self.default.clock).isoformat()

    def _filled(self, record: Record, name: str) -> str:
        return self.columns.cell(record, name).strip()

    def _zone(self, record: Record) -> Zone:
        cell = self._filled(record, "zone")
        found = find_zone(cell) if cell else None
        if cell and found is None:
            self.problems.warning(
                record.line,
                _("The time zone “{value}” is not known; {used} was used instead. Please check the hour."),
                value=cell,
                used=self.default.name,
            )
        return found or self.default

    def _start(self, record: Record, zone: Zone) -> When:
        texts = [self._filled(record, name) for name in ("start", "date", "time")]
        if not any(texts[:2]) and not texts[2]:
            self.problems.error(record.line, _("This row has no date, so it was left out."))
            raise LeftOut
        whole = self._written(record, texts[0], day_first=True)
        day = self._written(record, texts[1], day_first=True)
        hour = self._written(record, texts[2], day_first=False)
        dated = next((cell for cell in (whole, day, hour) if cell and cell.has_date), None)
        timed = next((cell for cell in (hour, whole, day) if cell and cell.hours), None)
        shown = " ".join(filter(None, texts))
        if dated is None:
            self.problems.error(record.line, _("This row has no date, so it was left out."), value=shown)
            raise LeftOut
        found = self._settled(record, dated, shown)
        self._check_weekday(record, dated, found)
        if cells.is_yes(self.columns.cell(record, "all_day")):
            return When(found, None, zone)
        if timed is None or timed.hours is None:
            self.problems.error(record.line, _("This row has no hour, so it was left out."), value=shown)
            raise LeftOut
        return When(found, timed.hours, self._clock(record, timed.hours, found, zone, shown))

    def _written(self, record: Record, text: str, *, day_first: bool) -> Written | None:
        if not text:
            return None
        try:
            return read_date(text[:200]) if day_first else read_hour(text[:200])
        except DateError as error:
            if day_first and "start" in self.columns.places and "date" in self.columns.places:
                # Beside a column for the date, "Mulai" and "Start" hold only the hour.
                try:
                    return read_hour(text[:200])
                except DateError:
                    pass
            self.problems.error(record.line, error.sentence, value=text)
            raise LeftOut from None

    def _settled(self, record: Record, written: Written, shown: str) -> date:
        try:
            found = settle(written, self.order)
        except DateError as error:
            self.problems.error(record.line, error.sentence, value=shown)
            raise LeftOut from None
        if found is None:
            self.undecided.append((record.line, shown))
            raise LeftOut
        return found

    def _check_weekday(self, record: Record, written: Written, found: date) -> None:
        if written.weekday is not None and written.weekday != found.weekday():
            self.problems.warning(
                record.line,
                _("The day of the week does not fit the date {value}; the date was taken."),
                value=found.isoformat(),
            )

    def _clock(self, record: Record, hours: Hours, day: date, zone: Zone, shown: str) -> Zone:
        if hours.zone is not None:
            return hours.zone if hours.zone.name else Zone(hours.zone.clock, self.default.name)
        if hours.zone_word and not abbreviation_fits(hours.zone_word, day, hours.hour, zone):
            self.problems.error(
                record.line,
                _("Which time zone “{word}” means is not clear, so this row was left out."),
                value=shown,
                word=hours.zone_word,
            )
            raise LeftOut
        return zone

    def _check_clock_change(self, record: Record, start: When) -> None:
        change = clock_change(start.wall, start.zone.clock) if start.hours else ""
        shown = f"{start.wall:%Y-%m-%d %H:%M}"
        if change == "gap":
            self.problems.error(record.line, SKIPPED_HOUR, value=shown)
            raise LeftOut
        if change == "fold":
            self.problems.warning(record.line, REPEATED_HOUR, value=shown)
