"""Which appointment here a row of a file is: by what identifies it, if it is the same customer's.

An identifier of a calendar (RFC 5545, 3.8.4.7) is one for the whole world. A number in a table is not: two branches
both have a number 1. It means the same appointment only in the source that was named, or without a name at the same
place, and only when the customers agree. What a file is called says nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from appointments.domain.imports.entries import date_of
from appointments.domain.imports.matching import NoSource, Unclear, agree, number_of
from appointments.domain.imports.reading import ImportedRow, WholeSeries
from appointments.domain.imports.reading.rows import DERIVED, is_worldwide
from appointments.domain.imports.statements import moment, statement_about, time_there
from appointments.domain.schedule.spans import Span
from appointments.enums import ActorKind, AppointmentState, EventKind
from appointments.models import Appointment, AppointmentEvent, Location
from appointments.models.appointment import AppointmentQuerySet

FILE = "file"
"""What appointments come from when nobody has named a source."""

FARTHEST_SHIFT = timedelta(days=7)
"""A date of a series that its calendar has put further away is another date."""

_BATCH = 500

T = TypeVar("T")


@dataclass
class Recognised:
    """Rows by their identity: those known here, and those that nobody can tell. `vanished` are appointments whose
    series no longer has their date, with who says so.
    """

    known: dict[str, Appointment] = field(default_factory=dict)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    vanished: list[tuple[Appointment, ImportedRow | WholeSeries]] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    """Rows that cancel a series as a whole: its dates are among those that vanished."""


@dataclass
class Register:
    """The appointments that rows of one file may be. `location_of` tells where a row is, `source` what was named."""

    source: str
    location_of: Callable[[ImportedRow], Location]
    claimed: set[int] = field(default_factory=set)

    def recognise(
        self,
        rows: Collection[ImportedRow],
        *,
        series: Mapping[str, WholeSeries],
        present: Set[str],
        asked: Span[datetime],
    ) -> Recognised:
        """`series` is that of the reading and `present` the identities of all its rows, wanted or not; `asked` are its
        days: what lies outside may still be in the series.
        """
        found = Recognised()
        self._by_identity(rows, found)
        left = [row for row in rows if row.identity not in found.known and row.identity not in found.unclear]
        self._by_what_it_says([row for row in left if row.uid.startswith(DERIVED) and not row.recurrence_id], found)
        pool = self._by_series(rows, left, series.keys(), found)
        for uid, whole in series.items():
            elsewhere = {f"{uid}#{key}" for key in whole.elsewhere}
            for one in pool.get(uid, ()):
                is_asked = one.recurrence_id is not None and asked.start <= one.recurrence_id < asked.end
                is_there = one.pk in self.claimed or one.external_id in present or one.external_id in elsewhere
                if is_asked and not is_there:
                    found.vanished.append((one, whole))
        return found

    def _by_identity(self, rows: Collection[ImportedRow], found: Recognised) -> None:
        there: dict[str, list[Appointment]] = defaultdict(list)
        for some in _in_turn({row.identity for row in rows}):
            for one in _imported().filter(external_id__in=some):
                there[one.external_id].append(one)
        for row in rows:
            try:
                chosen = self._choose(row, there[row.identity])
            except Unclear as unclear:
                found.unclear[row.identity] = unclear
                continue
            if chosen is not None:
                self._claim(row, chosen, found)

    def _choose(self, row: ImportedRow, there: list[Appointment]) -> Appointment | None:
        """Raises `Unclear` where the identifier and the customer contradict each other."""
        if row.has_own_uid:
            same = [one for one in there if _same_customer(row, one)]
            if there and not same and row.customer_email:
                raise Unclear(
                    _(
                        "This entry is another customer's appointment here. Cancel that one first, or give the entry "
                        "an identifier of its own."
                    )
                )
            return next(iter(same or there), None)
        near = [one for one in there if self._is_from_here(row, one)]
        same = [one for one in near if _same_customer(row, one)]
        if not same and any(_shares_an_address(row, one) for one in near):
            raise Unclear(
                _(
                    "This number is the appointment of somebody here with the same address or phone, but with another "
                    "name. Correct the name at the desk, or give the row a number of its own."
                )
            )
        if not self.source and not same and not near and any(_same_customer(row, one) for one in there):
            raise NoSource(
                _("This customer has an appointment with the same number at another place. Name the source if so.")
            )
        return next(iter(same), None)

    def _is_from_here(self, row: ImportedRow, one: Appointment) -> bool:
        if self.source:
            return one.source == self.source or (one.source == FILE and one.location_id == self.location_of(row).pk)
        return one.location_id == self.location_of(row).pk

    def _by_what_it_says(self, rows: Collection[ImportedRow], found: Recognised) -> None:
        """A row without an identifier whose details were corrected: the same customer at the same place, when it is
        here or when it was in the file before somebody here moved it.
        """
        if not rows:
            return
        there: dict[tuple[datetime, int], list[Appointment]] = defaultdict(list)
        without = _imported().filter(external_id__startswith=DERIVED)
        first, last = min(row.starts_at for row in rows), max(row.starts_at for row in rows)
        is_told_of = Q(told__gte=moment(first), told__lte=moment(last))
        near = Q(starts_at__gte=first, starts_at__lte=last) | is_told_of
        told = Cast(KeyTextTransform("starts_at", "statement__said"), TextField())
        for known in without.alias(told=told).filter(near):
            for time in {time_there(known), known.starts_at}:
                there[time, known.location_id].append(known)
        for row in rows:
            for one in there[row.starts_at, self.location_of(row).pk]:
                if one.pk not in self.claimed and _same_customer(row, one):
                    self._claim(row, one, found)
                    break

    def _by_series(
        self, rows: Iterable[ImportedRow], left: Iterable[ImportedRow], series: Collection[str], found: Recognised
    ) -> dict[str, list[Appointment]]:
        """Dates that their calendar has put elsewhere with the whole series. Returns all that are known of each."""
        example = {row.uid: row for row in rows}
        singles = {row.uid for row in rows if not row.recurrence_id and row.identity in found.known}
        pool = self._dates_known((example.keys() | series) - singles, example)
        for row in left:
            if row.identity in found.known:
                continue
            if row.cancelled and not row.recurrence_id and pool.get(row.uid):
                found.ended.add(row.identity)
                found.vanished += [(one, row) for one in pool[row.uid] if one.pk not in self.claimed]
                self.claimed |= {one.pk for one in pool[row.uid]}
            elif nearest := self._nearest(row, pool.get(row.uid, ())):
                self._claim(row, nearest, found)
        return pool

    def _dates_known(self, uids: Iterable[str], example: Mapping[str, ImportedRow]) -> dict[str, list[Appointment]]:
        """What stands here of these identifiers. `example` is some row of each, if there is any."""
        pool: dict[str, list[Appointment]] = defaultdict(list)
        wanted = [uid for uid in uids if not uid.startswith(DERIVED)]
        for some in _in_turn(uid for uid in wanted if is_worldwide(uid)):
            for one in _imported().filter(uid__in=some):
                pool[one.uid].append(one)
        for some in _in_turn((uid for uid in wanted if not is_worldwide(uid) and example.get(uid)), at_once=50):
            of_series = reduce(or_, (Q(external_id__startswith=f"{uid}#") for uid in some))
            for one in _imported().filter(of_series):
                uid = one.external_id.rpartition("#")[0]
                row = example.get(uid)
                if row and self._is_from_here(row, one) and _same_customer(row, one):
                    pool[uid].append(one)
        return pool

    def _nearest(self, row: ImportedRow, pool: Collection[Appointment]) -> Appointment | None:
        when = date_of(row) or row.starts_at
        free = [one for one in pool if one.pk not in self.claimed]
        near = min(free, key=lambda one: abs((one.recurrence_id or one.starts_at) - when), default=None)
        if near is None or abs((near.recurrence_id or near.starts_at) - when) >= FARTHEST_SHIFT:
            return None
        return near

    def _claim(self, row: ImportedRow, one: Appointment, found: Recognised) -> None:
        found.known[row.identity] = one
        self.claimed.add(one.pk)


def touched_here(known: Iterable[Appointment]) -> set[int]:
    """Those that somebody here has moved or begun to move: the file does not know better any more."""
    moved = AppointmentEvent.objects.exclude(actor_kind=ActorKind.IMPORT)
    moved = moved.filter(kind__in=(EventKind.MOVED, EventKind.CANCELLED, EventKind.OFFERED, EventKind.TOLD))
    ids = (appointment.pk for appointment in known)
    return {
        pk for some in _in_turn(ids) for pk in moved.filter(appointment__in=some).values_list("appointment", flat=True)
    }


def cancelled_by_file(known: Iterable[Appointment]) -> set[int]:
    """Those whose cancellation was a file's: another file may take it back."""
    gone = (appointment.pk for appointment in known if appointment.state == AppointmentState.CANCELLED)
    events = AppointmentEvent.objects.filter(kind=EventKind.CANCELLED).order_by("at", "pk")
    last = {
        pk: actor
        for some in _in_turn(gone)
        for pk, actor in events.filter(appointment__in=some).values_list("appointment", "actor_kind")
    }
    return {pk for pk, actor in last.items() if actor == ActorKind.IMPORT}


def _in_turn(values: Iterable[T], *, at_once: int = _BATCH) -> Iterator[list[T]]:
    """As many at a time as a query may name."""
    all_of_them = list(values)
    for start in range(0, len(all_of_them), at_once):
        yield all_of_them[start : start + at_once]


def _imported() -> AppointmentQuerySet:
    return Appointment.objects.exclude(source="").for_display().select_related("statement__file").order_by("pk")


def _same_customer(row: ImportedRow, one: Appointment) -> bool:
    """Whether the row names who has the appointment: by the name they have here or had in the file, else by address."""
    if not row.names_customer:
        return _shares_an_address(row, one)
    statement = statement_about(one)
    names = [one.customer.name, statement.said.get("name", "") if statement else ""]
    return any(agree(name, row.customer_name) for name in names if name)


def _shares_an_address(row: ImportedRow, one: Appointment) -> bool:
    email, phone = row.customer_email.lower(), number_of(row.customer_phone)
    return bool((email and email == one.customer.email.lower()) or (phone and phone == str(one.customer.phone)))
