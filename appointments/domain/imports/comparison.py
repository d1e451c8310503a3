"""The rows of a file beside what stands here: what is to be cancelled, moved, corrected, booked. Nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.domain.booking import CalendarEntry, PlannedAppointment, PlannedMove
from appointments.domain.imports.entries import entry_of, sequence_of
from appointments.domain.imports.matching import (
    Directory,
    Unclear,
    note_of,
    number_of,
)
from appointments.domain.imports.placing import Placing, Wish
from appointments.domain.imports.reading import ImportedRow, WholeSeries
from appointments.domain.imports.register import FILE, Recognised, cancelled_by_file, touched_here
from appointments.domain.imports.remarks import remarks_on
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.rooms import Rooms
from appointments.domain.imports.statements import (
    OF_TIME,
    WORDS,
    Said,
    difference,
    here,
    is_older,
    moment,
    statement_about,
    statement_of,
    why_not_read,
)
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState
from appointments.errors import DomainError
from appointments.models import Appointment, ImportedFile, Service, Statement


@dataclass(frozen=True)
class Correction:
    """Details that the file has changed and we have not: of the customer, and the note for staff."""

    appointment: Appointment
    taken: dict[str, str]


@dataclass
class Changes:
    """What is to be written, in this order: who goes makes room for who comes."""

    cancelled: list[Appointment] = field(default_factory=list)
    moved: list[PlannedMove] = field(default_factory=list)
    reinstated: list[tuple[Appointment, Slot, int]] = field(default_factory=list)
    booked: list[PlannedAppointment] = field(default_factory=list)
    corrected: list[Correction] = field(default_factory=list)
    renamed: list[tuple[Appointment, ImportedRow]] = field(default_factory=list)
    """Dates that their calendar knows by another name now."""
    statements: list[tuple[Appointment | None, Statement]] = field(default_factory=list)
    """What to remember; for what is new here in the order of `booked`, without an appointment yet."""


@dataclass(frozen=True)
class _Wanted:
    """A known appointment, where it is to be, and what is to be remembered and told then."""

    row: ImportedRow
    appointment: Appointment
    wish: Wish
    taken: Mapping[str, Any]
    statement: Statement


@dataclass
class Comparison:
    """One run over the rows: begin with `prepare`, give every row to `compare`, end with `place`.

    `same_file` is the last import of the very same bytes, unless the file counts as the newest.
    """

    directory: Directory
    placing: Placing
    report: Report
    source: str
    same_file: ImportedFile | None
    now: datetime
    changes: Changes = field(default_factory=Changes)
    guesses: Counter[tuple[int, Service]] = field(default_factory=Counter)
    rooms: Rooms = field(init=False)
    _moving: list[_Wanted] = field(default_factory=list)
    _returning: list[_Wanted] = field(default_factory=list)
    _new: list[ImportedRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rooms = Rooms(self.directory.choices)

    def prepare(self, recognised: Recognised) -> None:
        known = [*recognised.known.values(), *(one for one, _who in recognised.vanished)]
        self.touched, self.cancelled_by_file = touched_here(known), cancelled_by_file(known)

    def compare(self, row: ImportedRow, appointment: Appointment | None) -> None:
        """Raises `Unclear` for a row that cannot be understood."""
        if appointment is not None:
            self._known(row, appointment)
        elif row.cancelled:
            self.report.leave_out(_("cancelled in the file, and not known here"))
        else:
            self._new.append(row)

    def vanish(self, appointment: Appointment, said_by: ImportedRow | WholeSeries) -> None:
        """A date that its series does not have any more."""
        before = statement_about(appointment)
        is_old = before is not None and is_older(said_by, before, same_file=self.same_file)
        if appointment.state != AppointmentState.BOOKED or appointment.starts_at <= self.now or is_old:
            return
        if appointment.pk in self.touched:
            self.report.leave_out(_("no longer in its series, but moved here since, and left alone"), line=said_by.line)
            return
        self._cancel(appointment)
        sentence = _("%(moment)s is no longer in its series, so it is cancelled here as well.")
        self.report.say(said_by.line, "note", sentence % {"moment": self._moment(appointment.starts_at)})

    def place(self, entries: set[CalendarEntry], placed: Callable[[int, int], None]) -> None:
        """Finds a time for all that move, come back or are new. `entries` are in use; those of new ones are added."""
        self._place_moving()
        self._place_returning()
        for done, row in enumerate(self._new, start=1):
            try:
                self._book(row, entries)
            except (Unclear, DomainError) as problem:
                self.fail(row, problem)
            placed(done, len(self._new))

    def _known(self, row: ImportedRow, appointment: Appointment) -> None:
        before = statement_about(appointment)
        if why := why_not_read(row, before, appointment, same_file=self.same_file):
            self.report.leave_out(why, line=row.line)
            return
        said = self._said(row, appointment)
        if row.identity != appointment.external_id:
            self.changes.renamed.append((appointment, row))
        if row.cancelled:
            self._cancelled(row, appointment)
            return
        self._compare_details(row, appointment, said, Said.of(before) if before else None)

    def _compare_details(self, row: ImportedRow, appointment: Appointment, said: Said, before: Said | None) -> None:
        taken = self.placing.timeline.resources_of(appointment.pk)
        wanted = self.rooms.ours.get(said.room or 0)
        found = difference(said, before, here(appointment, room=self.rooms.had(wanted, before, taken)))
        if found.kept:
            names = ", ".join(str(WORDS[name]) for name in found.kept)
            sentence = _("Changed here and in the file, and left as it is here: %(details)s.")
            self.report.say(row.line, "warning", sentence % {"details": names})
        wish = self._wish(row, appointment, found.taken)._replace(room=None if "room" in found.kept else wanted)
        self._decide(_Wanted(row, appointment, wish, found.taken, statement_of(row, said)))

    def _wish(self, row: ImportedRow, appointment: Appointment, taken: Mapping[str, Any]) -> Wish:
        service = _one_of(self.directory.services, taken.get("service")) or appointment.service
        location = _one_of(self.directory.locations, taken.get("location")) or appointment.location
        provider = _one_of(self.directory.providers, taken.get("provider")) or appointment.provider
        span = Span(row.starts_at, row.ends_at or row.starts_at + service.duration)
        return Wish(span, service, location, provider)

    def _decide(self, wanted: _Wanted) -> None:
        appointment, span = wanted.appointment, wanted.wish.span
        is_gone = appointment.state == AppointmentState.CANCELLED
        is_same = span == Span(appointment.starts_at, appointment.ends_at) and not wanted.taken.keys() & set(OF_TIME)
        if is_gone and appointment.pk in self.cancelled_by_file and span.start > self.now:
            self._returning.append(wanted)
        elif is_same and not is_gone:
            self._done(wanted, Outcome.CHANGED if wanted.taken else Outcome.UNCHANGED)
        elif appointment.state != AppointmentState.BOOKED or appointment.pk in self.touched:
            self.report.leave_out(_("moved, cancelled or over here since, and left alone"), line=wanted.row.line)
        else:
            self._moving.append(wanted)

    def _cancelled(self, row: ImportedRow, appointment: Appointment) -> None:
        if appointment.state == AppointmentState.CANCELLED:
            self.report.counts[Outcome.UNCHANGED] += 1
        elif appointment.state != AppointmentState.BOOKED or appointment.pk in self.touched:
            self.report.leave_out(_("moved, cancelled or over here since, and left alone"), line=row.line)
        else:
            self._cancel(appointment)
            before = statement_about(appointment)
            said = Said.of(before) if before else Said()
            self.changes.statements.append((appointment, statement_of(row, said)))

    def _cancel(self, appointment: Appointment) -> None:
        self.placing.timeline.forget(appointment.pk)
        self.changes.cancelled.append(appointment)
        self.report.counts[Outcome.CANCELLED] += 1

    def _place_moving(self) -> None:
        placed, refused = self.placing.rearrange({wanted.appointment.pk: wanted.wish for wanted in self._moving})
        for wanted in self._moving:
            appointment, wish = wanted.appointment, wanted.wish
            if problem := refused.get(appointment.pk):
                self.fail(wanted.row, problem)
                continue
            slot, sequence = placed[appointment.pk], sequence_of(wanted.row)
            self.changes.moved.append(PlannedMove(appointment, slot, wish.service, wish.location, sequence))
            self._done(wanted, Outcome.MOVED if slot.starts_at != appointment.starts_at else Outcome.CHANGED)

    def _place_returning(self) -> None:
        for wanted in self._returning:
            try:
                slot = self.placing.find(wanted.wish)
            except (DomainError, Unclear) as problem:
                self.fail(wanted.row, problem)
                continue
            self.placing.take(slot)
            self.changes.reinstated.append((wanted.appointment, slot, sequence_of(wanted.row)))
            self._done(wanted, Outcome.REINSTATED)

    def _done(self, wanted: _Wanted, outcome: Outcome) -> None:
        self.report.counts[outcome] += 1
        before, new = statement_about(wanted.appointment), wanted.statement
        if before is None or (before.sequence, before.stamp, before.said) != (new.sequence, new.stamp, new.said):
            self.changes.statements.append((wanted.appointment, new))
        if wanted.taken:
            names = ", ".join(str(WORDS[name]) for name in wanted.taken)
            self.report.say(wanted.row.line, "note", _("Taken over: %(details)s.") % {"details": names})
        own = {name: value for name, value in wanted.taken.items() if name not in OF_TIME}
        if own:
            self.changes.corrected.append(Correction(wanted.appointment, own))

    def _said(self, row: ImportedRow, appointment: Appointment | None) -> Said:
        location = self.directory.said_location(row)
        service = self.directory.said_service(row)
        at = location or (appointment.location if appointment else self.directory.choices.location)
        given = service or (appointment.service if appointment else None)
        provider = self.directory.said_provider(row, given, at) if given else None
        room = self.rooms.said(row, given, at) if given else None
        is_title = not row.names_customer or row.customer_name == row.summary
        return Said(
            name="" if is_title else row.customer_name[:150],
            email=row.customer_email[:254],
            phone=number_of(row.customer_phone),
            service=service.pk if service else None,
            provider=provider.pk if provider else None,
            location=location.pk if location else None,
            room=room.pk if room else None,
            note=note_of(row),
            starts_at=moment(row.starts_at),
            ends_at=moment(row.ends_at),
        )

    def _book(self, row: ImportedRow, entries: set[CalendarEntry]) -> None:
        location = self.directory.location(row)
        service, guessed = self.directory.service(row, location)
        provider = self.directory.provider(row, service, location)
        ends_at = row.ends_at or row.starts_at + service.duration
        room = self.rooms.said(row, service, location)
        slot = self.placing.find(Wish(Span(row.starts_at, ends_at), service, location, provider, room))
        customer = self.directory.customer(row)
        self._remark(row, service if guessed else None)
        entry = entry_of(row, known=entries)
        entries.add(entry)
        self.changes.booked.append(
            PlannedAppointment(
                customer=customer,
                service=service,
                location=location,
                slot=slot,
                state=AppointmentState.COMPLETED if ends_at <= self.now else AppointmentState.BOOKED,
                booked_at=self.now,
                source=self.source or FILE,
                external_id=row.identity,
                note=note_of(row),
                entry=entry,
                bare=True,
            )
        )
        self.changes.statements.append((None, statement_of(row, self._said(row, None))))
        self.placing.take(slot)
        self.report.counts[Outcome.NEW] += 1

    def _remark(self, row: ImportedRow, guessed: Service | None) -> None:
        for sentence in remarks_on(row):
            self.report.say(row.line, "warning", sentence)
        if guessed:
            self.guesses[row.line, guessed] += 1

    def fail(self, row: ImportedRow, problem: Exception) -> None:
        self.report.fail(row.line, self._moment(row.starts_at), problem)

    def _moment(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.directory.choices.location.tzinfo):%Y-%m-%d %H:%M}"


def _one_of(known: Iterable[Any], pk: int | None) -> Any:
    return next((one for one in known if one.pk == pk), None)
