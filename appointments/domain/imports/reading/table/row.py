"""One record of a table → one row, or the reasons why not."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.rows import ImportedRow, Problems, bounded_uid, derived_uid
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
from appointments.domain.imports.reading.text import clean_line
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


class _LeftOut(Exception):
    """The record gives no row; the reason is already among the problems."""


@dataclass(frozen=True, slots=True)
class _When:
    """A day and an hour on a clock; without `hours` the whole day is meant."""

    day: date
    hours: Hours | None
    zone: Zone

    @property
    def wall(self) -> datetime:
        hour = self.hours.hour if self.hours else time.min
        return datetime.combine(self.day, hour) + timedelta(days=bool(self.hours and self.hours.midnight_after))


class RowReader:
    """Reads the records of one table. `undecided` are those whose date depends on an order nobody knows."""

    def __init__(
        self, columns: Columns, default: Zone, order: Order | Literal["unclear", "mixed"], problems: Problems
    ) -> None:
        self.columns, self.default, self.order, self.problems = columns, default, order, problems
        self.undecided: list[tuple[int, str]] = []

    def read(self, record: Record) -> ImportedRow | None:
        try:
            zone = self._zone(record)
            start = self._start(record, zone)
            self._check_clock_change(record, start)
            return self._row(record, start, self._end(record, start))
        except _LeftOut:
            return None

    def _cell(self, record: Record, name: str) -> str:
        place = self.columns.places.get(name)
        return record.cells[place] if place is not None and place < len(record.cells) else ""

    def _filled(self, record: Record, name: str) -> str:
        return self._cell(record, name).strip()

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

    def _start(self, record: Record, zone: Zone) -> _When:
        texts = [self._filled(record, name) for name in ("start", "date", "time")]
        if not any(texts[:2]) and not texts[2]:
            self.problems.error(record.line, _("This row has no date, so it was left out."))
            raise _LeftOut
        whole = self._written(record, texts[0], day_first=True)
        day = self._written(record, texts[1], day_first=True)
        hour = self._written(record, texts[2], day_first=False)
        dated = next((cell for cell in (whole, day, hour) if cell and cell.has_date), None)
        timed = next((cell for cell in (hour, whole, day) if cell and cell.hours), None)
        shown = " ".join(filter(None, texts))
        if dated is None:
            self.problems.error(record.line, _("This row has no date, so it was left out."), value=shown)
            raise _LeftOut
        found = self._settled(record, dated, shown)
        self._check_weekday(record, dated, found)
        if cells.is_yes(self._cell(record, "all_day")):
            return _When(found, None, zone)
        if timed is None or timed.hours is None:
            self.problems.error(record.line, _("This row has no hour, so it was left out."), value=shown)
            raise _LeftOut
        return _When(found, timed.hours, self._clock(record, timed.hours, found, zone, shown))

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
            raise _LeftOut from None

    def _settled(self, record: Record, written: Written, shown: str) -> date:
        try:
            found = settle(written, self.order)
        except DateError as error:
            self.problems.error(record.line, error.sentence, value=shown)
            raise _LeftOut from None
        if found is None:
            self.undecided.append((record.line, shown))
            raise _LeftOut
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
            raise _LeftOut
        return zone

    def _end(self, record: Record, start: _When) -> datetime | None:
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

    def _written_end(self, record: Record, start: _When) -> datetime | None:
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
            return to_utc(_When(found, hours, zone).wall, zone.clock) if found else None
        except DateError:
            shown = " ".join(filter(None, texts))
            self.problems.warning(record.line, _("The end “{value}” cannot be read, so the row has none."), value=shown)
            return None

    def _same_day(self, start: _When, hours: Hours, zone: Zone) -> datetime:
        """An hour alone is on the day of the start, or in the night after it when that is not far."""
        begin = to_utc(start.wall, start.zone.clock)
        day = on_the_clock(begin, zone.clock).date()
        end = to_utc(_When(day, hours, zone).wall, zone.clock)
        overnight = to_utc(_When(day, hours, zone).wall + timedelta(days=1), zone.clock)
        return overnight if end < begin and overnight - begin <= _LONGEST_OVERNIGHT else end

    def _row(self, record: Record, start: _When, ends_at: datetime | None) -> ImportedRow:
        text = {name: self._text(record, name) for name in ("service", "provider", "location", "summary")}
        long = {name: self._text(record, name, many_lines=True) for name in ("description", "note")}
        name, email, phone = self._customer(record, text["summary"])
        starts_at = to_utc(start.wall, start.zone.clock)
        uid = clean_line(self._cell(record, "uid"), limit=2000)
        who = (name.lower(), email.lower(), phone)
        derived = derived_uid(starts_at.isoformat(), *who, text["service"], text["provider"], text["location"])
        return ImportedRow(
            line=record.line,
            uid=bounded_uid(uid) if uid else derived,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=start.zone.name or self.default.name,
            all_day=start.hours is None,
            cancelled=cells.is_cancelled(self._cell(record, "status"))
            or cells.says_cancelled(self._cell(record, "cancelled")),
            summary=text["summary"],
            description=long["description"],
            place=text["location"],
            customer_name=name,
            customer_email=email,
            customer_phone=phone,
            customer_language=self._language(record),
            service=text["service"],
            provider=text["provider"],
            location=text["location"],
            note=long["note"],
            says_service=bool(text["service"]),
        )

    def _text(self, record: Record, name: str, *, many_lines: bool = False) -> str:
        text, was_formula = cells.plain_text(self._cell(record, name), many_lines=many_lines)
        if was_formula:
            self.problems.warning(
                record.line, _("A formula was taken as plain text: “{value}”."), value=self._cell(record, name)
            )
        return text

    def _customer(self, record: Record, summary: str) -> tuple[str, str, str]:
        parts = [self._text(record, name) for name in ("first_name", "last_name")]
        name = self._text(record, "customer_name") or " ".join(filter(None, parts))
        email = self._email(record)
        phone, rounded = cells.phone(self._cell(record, "customer_phone"))
        written = self._filled(record, "customer_phone")
        if rounded:
            self.problems.warning(record.line, cells.ROUNDED, value=written)
        elif written and not phone and written not in ("-", "–"):
            self.problems.warning(record.line, cells.NO_NUMBER, value=written)
        name = name or email or phone or summary
        if not name:
            self.problems.error(record.line, _("This row names no customer, so it was left out."))
            raise _LeftOut
        return name, email, phone

    def _email(self, record: Record) -> str:
        written = self._filled(record, "customer_email")
        email = cells.email(written)
        if "@" in written and not email:
            self.problems.error(record.line, cells.NOT_ONE_ADDRESS, value=written)
            raise _LeftOut
        if written and not email and written not in ("-", "–"):
            self.problems.warning(record.line, cells.NO_ADDRESS, value=written)
        return email

    def _language(self, record: Record) -> str:
        written = self._filled(record, "customer_language")
        found = cells.language(written)
        if written and not found:
            self.problems.warning(record.line, cells.NO_LANGUAGE, value=written)
        return found

    def _check_clock_change(self, record: Record, start: _When) -> None:
        change = clock_change(start.wall, start.zone.clock) if start.hours else ""
        shown = f"{start.wall:%Y-%m-%d %H:%M}"
        if change == "gap":
            self.problems.error(record.line, SKIPPED_HOUR, value=shown)
            raise _LeftOut
        if change == "fold":
            self.problems.warning(record.line, REPEATED_HOUR, value=shown)
