"""Appointments from a file: all of it or nothing, as often as you like, and the dry run does exactly the same.

Known rows (`register`) are compared (`comparison`) and not doubled; what was moved or cancelled here since is left
alone, and of details only what the file alone has changed is taken over. Nothing is ever sent because of an import.

Who books meanwhile is faster than the file: then it is read against what stands now, from its first line on, so that
the line whose time has gone is told like any other that does not fit.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking
from appointments.domain.actors import IMPORT
from appointments.domain.booking import CalendarEntry, PlannedAppointment
from appointments.domain.history import in_source, record
from appointments.domain.imports import dropped
from appointments.domain.imports.comparison import Changes, Comparison
from appointments.domain.imports.entries import date_of
from appointments.domain.imports.matching import Choices, Directory, Unclear, colleagues
from appointments.domain.imports.placing import Placing
from appointments.domain.imports.reading import ImportedRow, Order, Reading, is_calendar, read_ics, read_table
from appointments.domain.imports.register import Recognised, Register
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.statements import OF_CUSTOMER, WORDS
from appointments.domain.schedule.opening import public_spans
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.domain.transactions import line_up, one_transaction
from appointments.enums import EventKind
from appointments.errors import DomainError, MoveRefused, SlotTaken
from appointments.models import Appointment, Customer, ImportedFile, Statement

Progress = Callable[[int, int], None]
Watching = tuple[Progress, Progress]

TURNS = 3
"""So often a file is compared anew before we say that it has to wait for a quieter moment."""

IMPORTS = (0, 0)
"""Where imports stand in line, one at a time: nobody chooses a time of 1970."""


class _Overtaken(Exception):
    """Somebody else has written what this run was about to write; all of it is taken back."""


@dataclass(frozen=True)
class Options:
    """What the person who imports has decided. `first_day` and `last_day` are days at the location, both included.

    `source` is where the numbers of a table are from, when there are several tables with the same ones; `newest` says
    that the file counts although the very same was imported before a newer one. `ignored` are columns that mean
    nothing, `run_id` is the run of the page, by which what it brings can be told.
    """

    choices: Choices
    filename: str
    first_day: date
    last_day: date
    source: str = ""
    zone: str = ""
    date_order: Order | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    ignored: Collection[str] = ()
    all_day: bool = False
    skip_errors: bool = False
    dry_run: bool = False
    newest: bool = False
    run_id: int | None = None
    most_rows: int = 50_000

    @property
    def days(self) -> Span[datetime]:
        return day_span(self.first_day, self.choices.location.tzinfo, last=self.last_day)


def _unseen(done: int, total: int) -> None:
    """For whoever does not watch."""


def run(
    data: bytes, options: Options, *, now: datetime, progress: Progress = _unseen, placed: Progress = _unseen
) -> Report:
    """Reads the file and writes what it says in one transaction. The report tells of every row. `progress` hears how
    many rows have been compared, and then `placed` how many of the new ones have a time.
    """
    reading = _read(data, options)
    digest = hashlib.sha256(data).hexdigest()
    for _turn in range(TURNS):
        try:
            return _once(reading, options, digest=digest, now=now, watching=(progress, placed))
        except _Overtaken:
            continue
    report = _what_was_read(reading)
    report.say(0, "error", _("Others keep booking the same times. Nothing was written; please run it again."))
    return report


@one_transaction
def _once(reading: Reading, options: Options, *, digest: str, now: datetime, watching: Watching) -> Report:
    report = _what_was_read(reading)
    line_up(*IMPORTS)
    before = None if options.newest else ImportedFile.objects.filter(digest=digest).first()
    comparison = Comparison(Directory(options.choices), Placing(), report, options.source, before, now)
    rows = _wanted(reading, options, report)
    recognised = _compare(reading, rows, options, comparison, watching)
    gone = dropped.find(reading, rows, recognised, _asked(rows, options, comparison))
    dropped.say(gone, report)
    # The very same file stays as old as it was when it came first: what came after it is newer still.
    file = before or ImportedFile.objects.create(
        name=options.filename[-150:], digest=digest, imported_at=now, follows_id=gone.follows
    )
    _write(comparison.changes, file, run_id=options.run_id, now=now)
    report.file_id, report.created = file.pk, [one.pk for one in comparison.directory.created]
    report.new_customers = len(report.created)
    _remark(comparison)
    is_fit = not report.errors or (options.skip_errors and bool(reading.rows))
    report.written = is_fit and not options.dry_run
    if not report.written:
        transaction.set_rollback(True)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _compare(
    reading: Reading, rows: list[ImportedRow], options: Options, comparison: Comparison, watching: Watching
) -> Recognised:
    register = Register(options.source, comparison.directory.location)
    recognised = register.recognise(rows, series=reading.series, present=_identities(reading), asked=options.days)
    comparison.placing.load(rows, now=comparison.now)
    comparison.prepare(recognised)
    for done, row in enumerate(rows, start=1):
        try:
            if unclear := recognised.unclear.get(row.identity):
                raise unclear
            if row.identity not in recognised.ended:
                comparison.compare(row, recognised.known.get(row.identity))
        except (Unclear, DomainError) as problem:
            comparison.fail(row, problem)
        watching[0](done, len(rows))
    for appointment, said_by in recognised.vanished:
        comparison.vanish(appointment, said_by)
    taken = Appointment.objects.exclude(uid="").filter(uid__in={row.uid for row in rows})
    comparison.place({CalendarEntry(uid, date) for uid, date in taken.values_list("uid", "recurrence_id")}, watching[1])
    return recognised


def _asked(rows: list[ImportedRow], options: Options, comparison: Comparison) -> dropped.Asked:
    places = {comparison.directory.location(row) for row in rows}
    here, before = options.choices.location, comparison.same_file
    return dropped.Asked(options.source, here, options.days, places, before, comparison.now)


def _identities(reading: Reading) -> set[str]:
    return {row.identity for row in reading.rows}


def _what_was_read(reading: Reading) -> Report:
    """A report of the file alone, before anything is compared with what is known here."""
    report = Report(reading.kind, problems=list(reading.problems))
    for problem in reading.errors:
        report.counts[Outcome.FAILED] += 1 if problem.line else 0
    return report


def _read(data: bytes, options: Options) -> Reading:
    zone = options.zone or options.choices.location.zone
    if is_calendar(data, filename=options.filename):
        days = (options.first_day, options.last_day)
        said = bool(options.zone)
        return read_ics(
            data, default_zone=zone, zone_is_said=said, window=days, colleagues=colleagues(), max_rows=options.most_rows
        )
    return read_table(
        data,
        filename=options.filename,
        default_zone=zone,
        mapping=options.mapping or None,
        ignored=options.ignored,
        date_order=options.date_order,
        colleagues=colleagues(),
        max_rows=options.most_rows,
    )


def _wanted(reading: Reading, options: Options, report: Report) -> list[ImportedRow]:
    """The rows that are appointments of the asked days; the others are counted with their reason."""
    asked = options.days
    wanted: dict[str, ImportedRow] = {}
    for row in reading.rows:
        if not asked.start <= row.starts_at < asked.end:
            report.leave_out(_("outside the asked days"))
        elif _is_whole_days(row, options) and not options.all_day:
            report.leave_out(_("whole days, which are rarely appointments"), line=row.line)
        elif row.transparent:
            report.leave_out(_("marked as free time"), line=row.line)
        elif row.declined:
            report.leave_out(_("declined by whoever was invited"), line=row.line)
        elif row.identity in wanted:
            report.leave_out(_("twice in the file"), line=row.line)
        else:
            wanted[row.identity] = row
    return list(wanted.values())


def _is_whole_days(row: ImportedRow, options: Options) -> bool:
    """From midnight to midnight is what some programs write for them."""
    if row.all_day or row.ends_at is None:
        return row.all_day
    clocks = (ZoneInfo(row.zone), options.choices.location.tzinfo)
    both = [[moment.astimezone(clock).time() for moment in (row.starts_at, row.ends_at)] for clock in clocks]
    return [time.min, time.min] in both


def _write(changes: Changes, file: ImportedFile, *, run_id: int | None, now: datetime) -> None:
    """What lies in the way now, or has changed, was not so when the lines were compared."""
    try:
        for appointment in changes.cancelled:
            booking.cancel(appointment, by=IMPORT, now=now, note=noop("cancelled in the imported file"))
        booking.move_many(changes.moved, by=IMPORT, now=now)
        for appointment, slot, sequence in changes.reinstated:
            booking.reinstate(appointment, to=slot, by=IMPORT, now=now, sequence=sequence)
        booked = booking.book_many(changes.booked, by=IMPORT, now=now)
        _correct(changes, now=now)
    except (SlotTaken, MoveRefused) as error:
        raise _Overtaken from error
    except IntegrityError as error:
        if "unique constraint" not in str(error).lower():
            raise
        raise _Overtaken from error
    _remember(changes, booked, file, run_id)


def _correct(changes: Changes, *, now: datetime) -> None:
    for appointment, row in changes.renamed:
        date = date_of(row) if row.has_own_uid else appointment.recurrence_id
        Appointment.objects.filter(pk=appointment.pk).update(external_id=row.identity, recurrence_id=date)
    for correction in changes.corrected:
        of_customer = {name: value for name, value in correction.taken.items() if name in OF_CUSTOMER}
        if of_customer:
            customer = Customer.objects.get(pk=correction.appointment.customer_id)
            for name, value in of_customer.items():
                setattr(customer, name, value)
            customer.save(update_fields=of_customer)
        if said := correction.taken.get("note"):
            Appointment.objects.filter(pk=correction.appointment.pk).update(note=said)
        note = ", ".join(in_source(partial(WORDS.get, name)) for name in correction.taken)
        record(correction.appointment, EventKind.CORRECTED, by=IMPORT, now=now, note=note)


def _remember(changes: Changes, booked: list[Appointment], file: ImportedFile, run_id: int | None) -> None:
    new = iter(booked)
    statements = []
    for appointment, statement in changes.statements:
        if appointment is None:
            statement.brought_by_id = run_id
        statement.appointment, statement.file = appointment or next(new), file
        statements.append(statement)
    fields = ["file", "sequence", "stamp", "said"]
    Statement.objects.bulk_create(
        statements, batch_size=500, update_conflicts=True, unique_fields=["appointment"], update_fields=fields
    )


def _remark(comparison: Comparison) -> None:
    """What is worth a look but no error, once for each line of the file."""
    for (line, service), count in comparison.guesses.items():
        sentence = _("%(count)d taken as “%(service)s”, whose length is nearest. Say which it is, if it is another.")
        comparison.report.say(line, "note", sentence % {"count": count, "service": service}, remedy="service")
    if outside := _outside_hours(comparison.changes.booked):
        sentence = _("%(count)d lie outside the open hours. They are kept as they are.")
        comparison.report.say(0, "note", sentence % {"count": outside})


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
