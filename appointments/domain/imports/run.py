"""Appointments from a file: all of it or nothing, as often as you like, and the dry run does exactly the same.

A row is known by its source and its identity in the file. Known rows are compared and not doubled; what was moved or
cancelled here since is left alone. Nothing is ever sent because of an import.

Who books meanwhile is faster than the file: then it is read against what stands now, from its first line on, so that
the line whose time has gone is told like any other that does not fit.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking
from appointments.domain.actors import IMPORT
from appointments.domain.booking import PlannedAppointment
from appointments.domain.imports.entries import CalendarEntry, entry_of
from appointments.domain.imports.matching import Choices, Directory, Unclear, number_of
from appointments.domain.imports.reading import ImportedRow, Order, Problem, Reading, is_calendar, read_ics, read_table
from appointments.domain.imports.timeline import Taken, Timeline
from appointments.domain.schedule.opening import public_spans
from appointments.domain.schedule.requirements import Needs, needs_of
from appointments.domain.schedule.slot_search import assign
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.domain.transactions import line_up, one_transaction
from appointments.enums import ActorKind, AppointmentState, EventKind
from appointments.errors import DomainError, SlotTaken
from appointments.models import Appointment, AppointmentEvent, Location, Resource, Service

Progress = Callable[[int, int], None]

TURNS = 3
"""So often a file is compared anew before we say that it has to wait for a quieter moment."""

IMPORTS = (0, 0)
"""Where imports stand in line, one at a time: nobody chooses a time of 1970."""


class _Overtaken(Exception):
    """Somebody else has written what this run was about to write; all of it is taken back."""


class Outcome(StrEnum):
    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"
    FAILED = "failed"


@dataclass(frozen=True)
class Options:
    """What the person who imports has decided. `first_day` and `last_day` are days at the location, both included."""

    choices: Choices
    source: str
    filename: str
    first_day: date
    last_day: date
    zone: str = ""
    date_order: Order | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    all_day: bool = False
    skip_errors: bool = False
    dry_run: bool = False


@dataclass
class Report:
    """What was done, or would be. `written` is False for a dry run and for a file refused because of errors."""

    kind: str
    counts: Counter[Outcome] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    new_customers: int = 0
    written: bool = False

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]

    def say(self, line: int, level: str, message: str) -> None:
        self.problems.append(Problem(line, level, message))  # type: ignore[arg-type]  # one of the three levels

    def leave_out(self, why: str) -> None:
        self.counts[Outcome.LEFT_OUT] += 1
        self.left_out[why] += 1


def run(data: bytes, options: Options, *, now: datetime, progress: Progress = lambda done, total: None) -> Report:
    """Reads the file and writes what it says in one transaction. The report tells of every row."""
    reading = _read(data, options)
    for _turn in range(TURNS):
        try:
            return _once(reading, options, now=now, progress=progress)
        except _Overtaken:
            continue
    report = _what_was_read(reading)
    report.say(0, "error", _("Others keep booking the same times. Nothing was written; please run it again."))
    return report


@one_transaction
def _once(reading: Reading, options: Options, *, now: datetime, progress: Progress) -> Report:
    report = _what_was_read(reading)
    line_up(*IMPORTS)
    _Import(options, report, now).of(_wanted(reading, options, report), progress)
    report.written = not options.dry_run and (options.skip_errors or not report.errors)
    if not report.written:
        transaction.set_rollback(True)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _what_was_read(reading: Reading) -> Report:
    """A report of the file alone, before anything is compared with what is known here."""
    report = Report(reading.kind, problems=list(reading.problems))
    for problem in reading.errors:
        report.counts[Outcome.FAILED] += 1 if problem.line else 0
    return report


def _read(data: bytes, options: Options) -> Reading:
    zone = options.zone or options.choices.location.zone
    if is_calendar(data, filename=options.filename):
        return read_ics(data, default_zone=zone, window=(options.first_day, options.last_day))
    return read_table(
        data,
        filename=options.filename,
        default_zone=zone,
        mapping=options.mapping or None,
        date_order=options.date_order,
    )


def _wanted(reading: Reading, options: Options, report: Report) -> list[ImportedRow]:
    """The rows that are appointments of the asked days; the others are counted with their reason."""
    tz = options.choices.location.tzinfo
    asked = day_span(options.first_day, tz, last=options.last_day)
    wanted: dict[str, ImportedRow] = {}
    for row in reading.rows:
        if not asked.start <= row.starts_at < asked.end:
            report.leave_out(_("outside the asked days"))
        elif row.all_day and not options.all_day:
            report.leave_out(_("whole days, which are rarely appointments"))
        elif row.transparent:
            report.leave_out(_("marked as free time"))
        elif row.identity in wanted:
            report.leave_out(_("twice in the file"))
        else:
            wanted[row.identity] = row
    return list(wanted.values())


class _Import:
    """One run over the rows. The timeline is kept in memory, so that checking a row asks the database nothing."""

    def __init__(self, options: Options, report: Report, now: datetime) -> None:
        self.options, self.report, self.now = options, report, now
        self.directory = Directory(options.choices)
        self.needs: dict[tuple[int, int], Needs] = {}
        self.timeline = Timeline()
        self.guesses: Counter[tuple[int, Service]] = Counter()
        self.names = dict(Resource.objects.values_list("pk", "name"))
        self.plans: list[PlannedAppointment] = []

    def of(self, rows: list[ImportedRow], progress: Progress) -> None:
        known = self._known(rows)
        self._load_timeline(rows)
        touched = _touched_here(known.values())
        taken = Appointment.objects.filter(uid__in={row.uid for row in rows})
        entries = {CalendarEntry(uid, date) for uid, date in taken.values_list("uid", "recurrence_id")}
        for done, row in enumerate(rows, start=1):
            try:
                self._row(row, known.get(row.identity), touched, entries)
            except (Unclear, DomainError) as problem:
                self.report.counts[Outcome.FAILED] += 1
                self.report.say(row.line, "error", f"{self._moment(row)}: {problem}")
            progress(done, len(rows))
        self._write()
        self.report.new_customers = len(self.directory.created)
        self._remark()

    def _write(self) -> None:
        """What lies in the way now was not there when the lines were compared."""
        try:
            booking.book_many(self.plans, by=IMPORT, now=self.now)
        except SlotTaken as error:
            raise _Overtaken from error
        except IntegrityError as error:
            if "unique constraint" not in str(error).lower():
                raise
            raise _Overtaken from error

    def _remark(self) -> None:
        """What is worth a look but no error, once for each line of the file."""
        for (line, service), count in self.guesses.items():
            sentence = _("%(count)d taken as “%(service)s”, whose length is nearest. Say --service if it is another.")
            self.report.say(line, "note", sentence % {"count": count, "service": service})
        outside = _outside_hours(self.plans)
        if outside:
            sentence = _("%(count)d lie outside the open hours. They are kept as they are.")
            self.report.say(0, "note", sentence % {"count": outside})

    def _row(
        self, row: ImportedRow, appointment: Appointment | None, touched: Collection[int], entries: set[CalendarEntry]
    ) -> None:
        if appointment is not None:
            self._compare(row, appointment, appointment.pk in touched)
        elif row.cancelled:
            self._cancel_series(row)
        else:
            self._plan(row, entries)

    def _compare(self, row: ImportedRow, appointment: Appointment, touched: bool) -> None:
        ends_at = row.ends_at or row.starts_at + appointment.service.duration
        same = (appointment.starts_at, appointment.ends_at) == (row.starts_at, ends_at)
        gone = appointment.state != AppointmentState.BOOKED
        stands = appointment.state != AppointmentState.CANCELLED  # what took place since is still what the file says
        if (gone and row.cancelled) or (stands and not row.cancelled and same):
            self.report.counts[Outcome.UNCHANGED] += 1
        elif gone or touched:
            self.report.leave_out(_("moved, cancelled or over here since, and left alone"))
        elif row.cancelled:
            booking.cancel(appointment, by=IMPORT, now=self.now, note=noop("cancelled in the imported file"))
            self.timeline.forget(appointment.pk)
            self.report.counts[Outcome.CANCELLED] += 1
        else:
            self._move(row, appointment, ends_at)

    def _cancel_series(self, row: ImportedRow) -> None:
        """A cancelled entry without a date of its own stands for all the dates of its series."""
        dates = Appointment.objects.filter(
            source=self.options.source,
            external_id__startswith=f"{row.uid}#",
            state=AppointmentState.BOOKED,
            starts_at__gt=self.now,
        )
        known = list(dates.for_display()) if not row.recurrence_id else []
        touched = _touched_here(known)
        for appointment in known:
            self._compare(row, appointment, appointment.pk in touched)
        if not known:
            self.report.leave_out(_("cancelled in the file, and not known here"))

    def _move(self, row: ImportedRow, appointment: Appointment, ends_at: datetime) -> None:
        own = self.timeline.forget(appointment.pk)
        try:
            slot = self._slot(row, ends_at, appointment.service, appointment.location, appointment.provider)
            booking.move(appointment, to=slot, by=IMPORT, now=self.now, bare=True)
        except DomainError:
            for taken in own:
                self.timeline.add(taken)
            raise
        self._remember(slot)
        self.report.counts[Outcome.MOVED] += 1

    def _plan(self, row: ImportedRow, entries: set[CalendarEntry]) -> None:
        location = self.directory.location(row)
        service, guessed = self.directory.service(row, location)
        provider = self.directory.provider(row, service, location)
        ends_at = row.ends_at or row.starts_at + service.duration
        slot = self._slot(row, ends_at, service, location, provider)
        customer = self.directory.customer(row)
        if row.customer_phone and not number_of(row.customer_phone):
            sentence = _("“%(number)s” is not a telephone number that can be called, so it was left out.")
            self.report.say(row.line, "warning", sentence % {"number": row.customer_phone})
        if guessed:
            self.guesses[row.line, service] += 1
        entry = entry_of(row, known=entries)
        entries.add(entry)
        past = ends_at <= self.now
        self.plans.append(
            PlannedAppointment(
                customer=customer,
                service=service,
                location=location,
                slot=slot,
                state=AppointmentState.COMPLETED if past else AppointmentState.BOOKED,
                booked_at=self.now,
                source=self.options.source,
                external_id=row.identity,
                note=row.note or row.description[:500],
                entry=entry,
                bare=True,
            )
        )
        self._remember(slot)
        self.report.counts[Outcome.NEW] += 1

    def _slot(
        self, row: ImportedRow, ends_at: datetime, service: Service, location: Location, provider: Resource | None
    ) -> Slot:
        """Who and what is free then. Without the service's buffers: elsewhere it was booked without them."""
        needs = self.needs.setdefault((service.pk, location.pk), needs_of(service, location))
        if not needs.can_be_met:
            raise Unclear(_("“%(service)s” is not given at %(place)s.") % {"service": service, "place": location})
        leaders: Collection[int] = needs.each[needs.leading].candidates
        if provider is not None and needs.has_provider:
            leaders = [provider.pk] if provider.pk in leaders else leaders
        span = Span(row.starts_at, ends_at)
        free = [[pk for pk in need.candidates if not self.timeline.busy(pk, span)] for need in needs.each]
        for leader in leaders:
            chosen = (
                assign(free, leading=needs.leading, leader=leader) if not self.timeline.busy(leader, span) else None
            )
            if chosen:
                return Slot(row.starts_at, ends_at, leader if needs.has_provider else None, chosen)
        raise SlotTaken(self._in_the_way(span, leaders, needs))

    def _in_the_way(self, span: Span[datetime], leaders: Iterable[int], needs: Needs) -> str:
        for pk in [*leaders, *needs.resource_ids]:
            if taken := self.timeline.busy(pk, span):
                number = taken.appointment_id
                what = _("appointment %(number)s") % {"number": number} if number else _("another line of this file")
                return _("%(name)s is busy then: %(what)s.") % {"name": self.names[pk], "what": what}
        return _("Not everything that this needs is free then.")

    def _remember(self, slot: Slot) -> None:
        for pk in slot.resource_ids:
            self.timeline.add(Taken(pk, Span(slot.starts_at, slot.ends_at), None))

    def _load_timeline(self, rows: Collection[ImportedRow]) -> None:
        if not rows:
            return
        first = min(row.starts_at for row in rows) - timedelta(days=1)
        last = max(row.ends_at or row.starts_at for row in rows) + timedelta(days=2)
        self.timeline.load(Span(first, last), now=self.now)

    def _known(self, rows: Collection[ImportedRow]) -> dict[str, Appointment]:
        wanted = Appointment.objects.filter(source=self.options.source).for_display()
        identities = {row.identity for row in rows}
        return {one.external_id: one for one in wanted if one.external_id in identities}

    def _moment(self, row: ImportedRow) -> str:
        return f"{row.starts_at.astimezone(self.options.choices.location.tzinfo):%Y-%m-%d %H:%M}"


def _touched_here(known: Iterable[Appointment]) -> set[int]:
    """Those that somebody here has moved or begun to move: the file does not know better any more."""
    ids = [appointment.pk for appointment in known]
    moved = AppointmentEvent.objects.filter(appointment__in=ids).exclude(actor_kind=ActorKind.IMPORT)
    moved = moved.filter(kind__in=(EventKind.MOVED, EventKind.CANCELLED, EventKind.OFFERED))
    return set(moved.values_list("appointment_id", flat=True))


def _outside_hours(plans: Collection[PlannedAppointment]) -> int:
    """How many are not wholly inside the public hours of their location."""
    count = 0
    for location in {plan.location for plan in plans}:
        here = [plan.slot for plan in plans if plan.location == location]
        window = Span(min(slot.starts_at for slot in here), max(slot.ends_at for slot in here))
        opened = public_spans(location, window)
        starts = [span.start for span in opened]
        for slot in here:
            at = bisect_right(starts, slot.starts_at) - 1
            count += at < 0 or opened[at].end < slot.ends_at
    return count
