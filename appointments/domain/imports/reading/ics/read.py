"""Somebody's calendar file (RFC 5545, and what is called that) → rows to import."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from appointments.domain.imports.reading.ics.event import Event, EventReader
from appointments.domain.imports.reading.ics.floating import FloatingClock
from appointments.domain.imports.reading.ics.lines import Contents, read_contents
from appointments.domain.imports.reading.ics.remarks import remark
from appointments.domain.imports.reading.ics.series import Expander, Occurrence, Series, Window, override_key, window_of
from appointments.domain.imports.reading.ics.zones import ZoneFinder
from appointments.domain.imports.reading.rows import ImportedRow, Person, Problems, Reading, WholeSeries
from appointments.domain.imports.reading.zones import REPEATED_HOUR, SKIPPED_HOUR, Zone, clock_change, find_zone
from appointments.domain.schedule.recurrence import Budget

MAX_BYTES = 20 * 1024 * 1024
MAX_EVENTS = 50_000
MAX_ROWS = 100_000
_STEPS_PER_FILE = 10_000_000
_ANSWERS = frozenset(("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"))
"""What a participant sends the host (RFC 5546, 1.4): it is about an appointment and is none."""


def read_ics(
    data: bytes,
    *,
    default_zone: str,
    window: tuple[date, date],
    zone_is_said: bool = False,
    colleagues: Collection[str] = (),
    max_instances: int = 2000,
    max_bytes: int = MAX_BYTES,
    max_events: int = MAX_EVENTS,
    max_rows: int = MAX_ROWS,
) -> Reading:
    """Every appointment that starts in the window: both days included, midnight on the clock of `default_zone`.

    Whole days are on that clock too, and times without a zone where the calendar names none or whoever imports has
    named it (`zone_is_said`); `floating` says why. `colleagues` are our own addresses and names in lower case: whoever
    has one of them is never the customer. Series are worked out inside the window only, at most `max_instances` dates
    each. Whatever cannot be read is a problem with its line and never costs another entry; no file makes this raise.
    Raises ValueError for a zone that does not exist or a window that ends before it begins.
    """
    zone = find_zone(default_zone)
    if zone is None or window[1] < window[0]:
        raise ValueError(f"unusable default zone or window: {default_zone!r}, {window!r}")
    problems = Problems()
    if len(data) > max_bytes:
        size = max(1, max_bytes // 2**20)
        problems.error(0, _("The file is larger than {limit} MB. Please export a shorter time."), limit=size)
        return Reading((), problems.in_order(), "calendar")
    contents = read_contents(data, problems=problems, max_events=max_events)
    if not remark(contents, data, problems, max_events):
        return Reading((), problems.in_order(), "calendar")
    after = datetime.combine(window[1], time.min) + timedelta(days=1)
    shown = window_of(datetime.combine(window[0], time.min), after, zone)
    zones = ZoneFinder(zone, window, problems)
    reader = EventReader(zones, FloatingClock(zones, window, problems, is_said=zone_is_said), problems)
    expander = Expander(shown, problems, max_instances=max_instances, budget=Budget(_STEPS_PER_FILE))
    all_series = _series_of(_read_events(contents, reader, problems), zone, problems)
    rows = _Rows(expander, problems, max_rows, colleagues).of(all_series)
    found = problems.in_order()
    reading = Reading(tuple(rows), found, "calendar", cut_off=contents.cut_off)
    return replace(reading, series=_whole(all_series, shown)) if reading.is_whole else reading


def _whole(all_series: dict[str, Series], shown: Window) -> dict[str, WholeSeries]:
    return {
        uid: WholeSeries(
            line=series.master.line,
            sequence=series.master.sequence,
            stamp=series.master.stamp,
            elsewhere=frozenset(
                key for key, event in series.overrides.items() if event.start.instant(shown.zone) not in shown
            ),
        )
        for uid, series in all_series.items()
        if series.master is not None
    }


def _read_events(contents: Contents, reader: EventReader, problems: Problems) -> Iterable[Event]:
    for raw in contents.events:
        if not raw.closed:
            problems.error(raw.line, _("The file ends in the middle of this entry, so it was left out."))
            continue
        if raw.scope.method in _ANSWERS:
            sentence = _("This is an answer to an invitation ({method}) and no appointment, so it was left out.")
            problems.error(raw.line, sentence, method=raw.scope.method)
            continue
        try:
            event = reader.read(raw)
        except OverflowError:
            problems.error(raw.line, _("A date of this entry is too far away, so it was left out."))
            continue
        if event is not None:
            yield event


def _series_of(events: Iterable[Event], zone: Zone, problems: Problems) -> dict[str, Series]:
    """Events by UID: the newest of each component, with every override under the date that it replaces."""
    all_series: dict[str, Series] = {}
    overrides: list[Event] = []
    for event in events:
        if event.recurrence_id is not None:
            overrides.append(event)
            continue
        series = all_series.setdefault(event.uid, Series())
        series.master = _newer(series.master, event, problems)
    for event in overrides:
        series = all_series.setdefault(event.uid, Series())
        try:
            key = override_key(event, series.master, zone)
        except OverflowError:
            problems.error(event.line, _("A date of this entry is too far away, so it was left out."))
            continue
        newest = _newer(series.overrides.get(key), event, problems)
        series.overrides[key] = newest
        if series.master is not None:
            _inherit(newest, series.master)
        elif event.rules:
            sentence = _("This replaces one date of a series that is not in the file; its rule was left out.")
            problems.error(event.rules[0][0], sentence, value=event.summary)
    return all_series


def _inherit(moved: Event, master: Event) -> None:
    """Some programs name people, place and kind only once: a moved date without them is still the same customer's."""
    moved.attendees = moved.attendees or master.attendees
    moved.organizer = moved.organizer or master.organizer
    moved.category = moved.category or master.category
    moved.place = moved.place or master.place


def _newer(one: Event | None, other: Event, problems: Problems) -> Event:
    """The one with the higher SEQUENCE, then the later stamp, then the later place in the file."""
    if one is None:
        return other
    old, new = sorted((one, other), key=lambda event: (event.sequence, event.stamp, event.line))
    sentence = _("The same entry is in the file twice; the newer one, in line {kept}, was taken.")
    if old.sequence == new.sequence and old.start != new.start:
        problems.warning(old.line, sentence, value=old.summary, kept=new.line)
    else:
        problems.note(old.line, sentence, value=old.summary, kept=new.line)
    if new.cancelled and not new.repeats and old.repeats:
        # A cancellation names the series without repeating its rule.
        new.rules, new.rdates, new.exdates, new.exrules = old.rules, old.rdates, old.exdates, old.exrules
        new.start, new.zone = old.start, old.zone
        new.end, new.length = old.end, old.length
    return new


class _Rows:
    """Turns series into rows and counts what lies outside the window."""

    def __init__(self, expander: Expander, problems: Problems, max_rows: int, colleagues: Collection[str] = ()) -> None:
        self.expander, self.problems, self.max_rows = expander, problems, max_rows
        self.colleagues = colleagues
        self.past = self.later = 0

    def of(self, all_series: dict[str, Series]) -> list[ImportedRow]:
        rows: list[ImportedRow] = []
        for uid, series in all_series.items():
            try:
                found = self.expander.inside(series)
            except OverflowError:
                line = series.master.line if series.master else min(event.line for event in series.overrides.values())
                self.problems.error(line, _("A date of this entry is too far away, so it was left out."))
                continue
            if not self.expander.unfinished:
                self._count_outside(series, found)
            rows += [self._row(uid, occurrence) for occurrence in found if self._has_its_hour(occurrence)]
            if len(rows) > self.max_rows:
                self.problems.error(
                    0, _("There are more than {limit} appointments; the rest was left out."), limit=self.max_rows
                )
                del rows[self.max_rows :]
                break
        self._report_outside()
        return sorted(rows, key=lambda row: (row.starts_at, row.line, row.identity))

    def _count_outside(self, series: Series, found: list[Occurrence]) -> None:
        window, tellers = self.expander.window, {id(occurrence.teller) for occurrence in found}
        alone = list(series.overrides.values())
        if series.master is not None and not (series.master.repeats and (found or alone)):
            alone.append(series.master)
        for event in alone:
            if id(event) in tellers:
                continue
            if event.start.instant(window.zone) >= window.end:
                self.later += 1
            else:
                self.past += 1

    def _report_outside(self) -> None:
        if self.past:
            past = ngettext_lazy(
                "{count} entry in the past was left out.", "{count} entries in the past were left out.", self.past
            )
            self.problems.note(0, past, count=self.past)
        if self.later:
            later = ngettext_lazy(
                "{count} entry too far in the future was left out.",
                "{count} entries too far in the future were left out.",
                self.later,
            )
            self.problems.note(0, later, count=self.later)

    def _row(self, uid: str, occurrence: Occurrence) -> ImportedRow:
        event = occurrence.teller
        invited = [person for person in _invited(event) if not person.is_one_of(self.colleagues)]
        coming = [person for person in invited if not person.declined]
        customer = next(iter(coming), Person())
        return ImportedRow(
            line=event.line,
            uid=uid,
            recurrence_id=occurrence.key,
            starts_at=occurrence.starts_at,
            ends_at=occurrence.ends_at,
            zone=occurrence.zone.name or self.expander.window.zone.name,
            all_day=event.start.is_date or event.all_day_mark,
            cancelled=event.cancelled,
            summary=event.summary,
            description=event.description,
            place=event.place,
            organizer=event.organizer,
            attendees=event.attendees,
            guests=tuple(coming[1:]),
            customer_name=customer.name or customer.email or event.summary,
            customer_email=customer.email,
            customer_phone=customer.phone,
            customer_language=customer.language,
            service=event.category or (event.summary if customer != Person() else ""),
            provider=self._provider(event),
            location=event.place,
            sequence=event.sequence,
            stamp=event.stamp,
            transparent=event.transparent,
            declined=bool(invited) and not coming,
            note=event.note,
        )

    def _provider(self, event: Event) -> str:
        """The colleague who is invited, else the host."""
        for person in _invited(event):
            if person.is_one_of(self.colleagues):
                return person.name or person.email
        return (event.organizer.name or event.organizer.email) if event.organizer else ""

    def _has_its_hour(self, occurrence: Occurrence) -> bool:
        """Whether the clock shows that hour; one that it shows twice is remarked."""
        event = occurrence.teller
        whole_day = event.start.is_date or event.all_day_mark
        change = "" if whole_day else clock_change(occurrence.wall, occurrence.zone.clock)
        shown = f"{occurrence.wall:%Y-%m-%d %H:%M}"
        if change == "gap":
            self.problems.error(event.line, SKIPPED_HOUR, value=shown)
        elif change == "fold":
            self.problems.warning(event.line, REPEATED_HOUR, value=shown)
        return change != "gap"


def _invited(event: Event) -> Iterator[Person]:
    """The people invited who are neither the host nor a room."""
    host = event.organizer.email.lower() if event.organizer else ""
    for person in event.attendees:
        if person.kind in ("individual", "unknown") and (not person.email or person.email.lower() != host):
            yield person
