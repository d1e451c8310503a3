"""One VEVENT → what it says, with a problem for everything it says badly."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.ics.floating import FloatingClock
from appointments.domain.imports.reading.ics.lines import Property, RawEvent
from appointments.domain.imports.reading.ics.values import (
    Duration,
    Moment,
    days_between,
    parse_duration,
    parse_moment,
    parse_person,
    parse_time_of_day,
    stamp,
    unescape,
)
from appointments.domain.imports.reading.ics.zones import ZoneFinder
from appointments.domain.imports.reading.rows import Person, Problems, bounded_uid, derived_uid
from appointments.domain.imports.reading.text import LONGEST_TEXT, clean_line, clean_text
from appointments.domain.imports.reading.zones import Zone
from appointments.domain.schedule.rrule import Rule, RuleError, parse_rule

_MOST_PEOPLE = 200

T = TypeVar("T")


@dataclass(slots=True)
class ExtraDate:
    """One RDATE, of which a PERIOD brings its own end, or a date that only a rule gives."""

    start: Moment
    end: Moment | None = None
    length: Duration | None = None
    by_rule: bool = False


@dataclass(slots=True)
class Event:
    """A VEVENT, understood. `zone` is the clock of DTSTART (the default one where it floats all the same)."""

    line: int
    uid: str
    start: Moment
    zone: Zone
    end: Moment | None = None
    length: Duration | None = None
    recurrence_id: Moment | None = None
    and_future: bool = False
    rules: list[tuple[int, Rule]] = field(default_factory=list)
    exrules: list[tuple[int, Rule]] = field(default_factory=list)
    rdates: list[ExtraDate] = field(default_factory=list)
    exdates: list[Moment] = field(default_factory=list)
    all_day_mark: bool = False
    cancelled: bool = False
    transparent: bool = False
    sequence: int = 0
    stamp: str = ""
    summary: str = ""
    description: str = ""
    place: str = ""
    category: str = ""
    note: str = ""
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.rdates)


class EventReader:
    """Reads the events of one file."""

    def __init__(self, zones: ZoneFinder, floating: FloatingClock, problems: Problems) -> None:
        self.zones, self.floating, self.problems = zones, floating, problems

    def read(self, raw: RawEvent) -> Event | None:
        """None when the entry has no usable start; the reason is then among the problems."""
        said: dict[str, list[Property]] = {}
        for item in raw.properties:
            said.setdefault(item.name, []).append(item)
        recurrence_id, readable = self._recurrence_id(raw, said)
        start = self._start(raw, said, recurrence_id)
        if start is not None:
            line = next((item.line for item in said.get("DTSTART", [])), raw.line)
            start = self.floating.place(start, raw.scope, line, repeats=bool(said.keys() & {"RRULE", "RDATE"}))
        if start is None:
            return None
        zone = start.zone or self.zones.default
        uid = _uid(said, start)
        if not readable:
            uid = derived_uid(uid, start.wall.isoformat())
        event = Event(line=raw.line, uid=uid, start=start, zone=zone, recurrence_id=recurrence_id)
        event.and_future = any("THISANDFUTURE" in item.param("RANGE").upper() for item in said.get("RECURRENCE-ID", []))
        self._read_texts(event, said)
        self._read_state(event, said, raw)
        self._read_end(event, said, raw)
        self._read_repeats(event, said, raw)
        return event

    def _moment(self, item: Property, raw: RawEvent, *, value: str | None = None, zone: Zone | None = None) -> Moment:
        tzid = item.param("TZID")
        text = item.value if value is None else value
        date_wanted = item.param("VALUE").upper() == "DATE"
        moment = parse_moment(text, None, date_wanted=date_wanted)
        if moment.is_date or moment.zone:
            return moment
        return moment.on(self.zones.zone(tzid, raw.scope, item.line)) if tzid else (moment.on(zone) if zone else moment)

    def _recurrence_id(self, raw: RawEvent, said: dict[str, list[Property]]) -> tuple[Moment | None, bool]:
        for item in said.get("RECURRENCE-ID", [])[:1]:
            try:
                return self._moment(item, raw), True
            except ValueError:
                self.problems.warning(
                    item.line,
                    _("The date of the series that this entry replaces cannot be read; it was taken as a new entry."),
                    value=item.value,
                )
                return None, False
        return None, True

    def _start(self, raw: RawEvent, said: dict[str, list[Property]], fallback: Moment | None) -> Moment | None:
        starts = said.get("DTSTART", [])
        if not starts:
            if fallback is None:
                self.problems.error(raw.line, _("This entry has no start, so it was left out."), value=_title(said))
            else:
                self.problems.warning(
                    raw.line, _("This entry has no start; the date that it replaces was taken."), value=_title(said)
                )
            return fallback
        try:
            start = self._moment(starts[0], raw)
            self.zones.check(starts[0].param("TZID"), raw.scope, start, starts[0].line)
            return start
        except ValueError:
            self.problems.error(
                starts[0].line,
                _("“{value}” is not a date that exists, so this entry was left out."),
                value=starts[0].value,
            )
            return None

    def _read_end(self, event: Event, said: dict[str, list[Property]], raw: RawEvent) -> None:
        for name in ("DTEND", "DURATION"):
            for item in said.get(name, [])[:1]:
                try:
                    if name == "DTEND":
                        event.end = self._moment(item, raw, zone=event.start.zone)
                    elif event.end is None:
                        event.length = parse_duration(item.value)
                except ValueError:
                    self.problems.warning(
                        item.line, _("The end “{value}” cannot be read, so the entry has none."), value=item.value
                    )

        self._check_end(event)

    def _check_end(self, event: Event) -> None:
        """Raises OverflowError."""
        if event.length is not None:
            length = timedelta(days=event.length.days) + event.length.rest
        elif event.end is not None and event.start.is_date and event.end.is_date:
            length = timedelta(days=days_between(event.start, event.end))
        elif event.end is not None:
            length = event.end.instant(event.zone) - event.start.instant(self.zones.default)
        else:
            return
        if length < timedelta():
            self.problems.warning(
                event.line,
                _("The end is before the start, so the entry has no end. Please check it."),
                value=event.summary,
            )
        elif not length:
            self.problems.note(event.line, _("This entry ends when it starts, so its length is not known."))

    def _read_repeats(self, event: Event, said: dict[str, list[Property]], raw: RawEvent) -> None:
        for name, rules in (("RRULE", event.rules), ("EXRULE", event.exrules)):
            for item in said.get(name, []):
                if not item.value.strip():
                    continue
                try:
                    rules.append((item.line, self._rule(item, event)))
                except RuleError:
                    self.problems.error(
                        item.line,
                        _("The rule “{value}” cannot be understood; the dates it stands for are missing."),
                        value=item.value,
                    )
        event.rdates += self._dates(said.get("RDATE", []), lambda item, value: self._extra(item, value, event, raw))
        event.exdates += self._dates(
            said.get("EXDATE", []), lambda item, value: self._moment(item, raw, value=value, zone=event.start.zone)
        )

    def _rule(self, item: Property, event: Event) -> Rule:
        rule = parse_rule(item.value)
        if not event.start.is_date:
            return rule
        if rule.freq in ("HOURLY", "MINUTELY", "SECONDLY"):
            raise RuleError(item.value)
        # RFC 5545, 3.3.10: hours and minutes must be ignored in a series of days.
        kept = {name: numbers for name, numbers in rule.by.items() if name not in ("BYHOUR", "BYMINUTE", "BYSECOND")}
        return replace(rule, by=kept)

    def _dates(self, items: list[Property], read: Callable[[Property, str], T]) -> Iterator[T]:
        """One warning for each line, however many of its dates are wrong."""
        for item in items:
            bad = ""
            for value in filter(None, (part.strip() for part in item.value.split(","))):
                try:
                    yield read(item, value)
                except ValueError:
                    bad = bad or value
            if bad:
                self.problems.error(
                    item.line, _("“{value}” in the list of further or cancelled dates cannot be read."), value=bad
                )

    def _extra(self, item: Property, value: str, event: Event, raw: RawEvent) -> ExtraDate:
        """An RDATE: a moment, a period, a mere day, or (seen in the wild) a mere time of the first day."""
        kind, zone = item.param("VALUE").upper(), event.start.zone
        if kind == "TIME":
            if item.param("TZID"):
                zone = self.zones.zone(item.param("TZID"), raw.scope, item.line)
            return ExtraDate(parse_time_of_day(value, event.start, zone))
        begin, _slash, rest = value.partition("/")
        start = self._moment(item, raw, value=begin, zone=zone)
        if start.is_date and not event.start.is_date:
            start = Moment(datetime.combine(start.wall, event.start.wall.time()), zone)
        if not rest:
            return ExtraDate(start)
        if "P" in rest.upper():
            return ExtraDate(start, length=parse_duration(rest))
        return ExtraDate(start, end=self._moment(item, raw, value=rest, zone=zone))

    def _read_state(self, event: Event, said: dict[str, list[Property]], raw: RawEvent) -> None:
        status = _first(said, "STATUS").strip().upper()
        event.cancelled = status in ("CANCELLED", "CANCELED") or raw.scope.method == "CANCEL"
        shown_as = _first(said, "TRANSP") or _first(said, "X-MICROSOFT-CDO-BUSYSTATUS")
        event.transparent = shown_as.strip().upper() in ("TRANSPARENT", "FREE")
        event.all_day_mark = _first(said, "X-MICROSOFT-CDO-ALLDAYEVENT").strip().upper() == "TRUE"
        sequence = _first(said, "SEQUENCE").strip()
        event.sequence = min(int(sequence), 2**31 - 1) if re.fullmatch(r"\d{1,15}", sequence, re.ASCII) else 0
        event.stamp = max(stamp(_first(said, "LAST-MODIFIED")), stamp(_first(said, "DTSTAMP")))

    def _read_texts(self, event: Event, said: dict[str, list[Property]]) -> None:
        event.summary = _title(said)
        event.description = clean_text(unescape(_first(said, "DESCRIPTION")))
        event.place = clean_line(unescape(_first(said, "LOCATION")))
        event.category = clean_line(unescape(re.split(r"(?<!\\),", _first(said, "CATEGORIES"))[0]))
        event.note = clean_text(unescape(_first(said, "COMMENT")))
        event.organizer = next((parse_person(item) for item in said.get("ORGANIZER", [])), None)
        event.attendees = tuple(parse_person(item) for item in said.get("ATTENDEE", [])[:_MOST_PEOPLE])


def _first(said: dict[str, list[Property]], name: str) -> str:
    """The beginning of the first value: nothing that is kept is longer."""
    found = said.get(name)
    return found[0].value[: 4 * LONGEST_TEXT] if found else ""


def _uid(said: dict[str, list[Property]], start: Moment) -> str:
    uid = clean_line(_first(said, "UID"), limit=2000)
    if uid:
        return bounded_uid(uid)
    names = ("DTSTART", "RECURRENCE-ID", "RRULE", "SUMMARY", "LOCATION", "ATTENDEE")
    return derived_uid(start.wall.isoformat(), *(item.value for name in names for item in said.get(name, [])))


def _title(said: dict[str, list[Property]]) -> str:
    return clean_line(unescape(_first(said, "SUMMARY")))
