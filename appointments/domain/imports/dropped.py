"""Whom earlier exports of the same source had and this one has no more: named, and never cancelled because of it.

Two files are exports of the same source when that was named; else when the newer one tells enough of what the earlier
one told of its days: two calendars of one place may share an entry and nothing else. `ImportedFile.follows` remembers.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.domain.imports.reading import ImportedRow, Reading
from appointments.domain.imports.register import FILE, Recognised
from appointments.domain.imports.report import Outcome, Report
from appointments.domain.imports.statements import is_older, statement_about, time_there
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import AppointmentState
from appointments.models import Appointment, ImportedFile, Location

AT_MOST = 4
"""So many may be gone for each that is still there; of a file that lacks more nobody knows whether it is the same."""


@dataclass(frozen=True)
class Asked:
    """What the person who imports has said, as far as it decides here. `before` is as in `Comparison.same_file`."""

    source: str
    location: Location
    days: Span[datetime]
    places: Collection[Location]
    before: ImportedFile | None
    now: datetime


@dataclass(frozen=True)
class Dropped:
    """`appointments` are gone from the file, the soonest first. Of the `doubtful` ones nobody knows whether they ought
    to be in it. `follows` is the export that this one renews.
    """

    appointments: list[Appointment] = field(default_factory=list)
    doubtful: list[Appointment] = field(default_factory=list)
    follows: int | None = None
    is_whole: bool = True


def find(reading: Reading, rows: Collection[ImportedRow], recognised: Recognised, asked: Asked) -> Dropped:
    """`rows` are those of the reading that were compared. Two queries, whatever the file holds."""
    covered = _covered(reading, asked)
    if covered is None or _is_older(rows, recognised.known, asked.before):
        return Dropped()
    root_of = _roots()
    known = Counter(root_of[one.file_id] for one in map(statement_about, recognised.known.values()) if one)
    line = {pk for pk, root in root_of.items() if root in known}
    there = {one.pk for one in recognised.known.values()} | {one.pk for one, _who in recognised.vanished}
    present = _identities(reading, rows, recognised)
    newest_stamp = max(row.stamp for row in reading.rows)
    gone = [
        one
        for one in _made_by(line, asked)
        if one.pk not in there
        and one.external_id not in present
        and covered.start <= time_there(one) < covered.end
        and not _was_said_later(one, newest_stamp)
    ]
    if asked.before and any(
        pk > asked.before.pk for pk in line | {one.file_id for one in map(statement_about, gone) if one}
    ):
        return Dropped()
    return _sorted_out(gone, known, root_of, recognised, asked, is_whole=reading.is_whole)


def say(dropped: Dropped, report: Report) -> None:
    if not dropped.is_whole:
        if dropped.appointments:
            report.say(
                0,
                "note",
                _("Not all of the file could be read, so nobody knows who is no longer in it. Mend it first."),
            )
        return
    for one in dropped.appointments:
        report.counts[Outcome.DROPPED] += 1
        sentence = _(
            "No longer in the file: %(customer)s, %(moment)s, %(service)s; nothing was changed. Cancel or move it by "
            "hand if it is off."
        )
        moment = f"{one.starts_at.astimezone(one.location.tzinfo):%Y-%m-%d %H:%M}"
        report.say(0, "warning", sentence % {"customer": one.customer.name, "moment": moment, "service": one.service})
    if dropped.doubtful and not dropped.appointments:
        count = len(dropped.doubtful)
        sentence = ngettext(
            "%(count)d appointment of an earlier file is not in this one, which seems to be another one, or a part. If "
            "it is a newer export, name its source: %(source)s.",
            "%(count)d appointments of an earlier file are not in this one, which seems to be another one, or a part. "
            "If it is a newer export, name its source: %(source)s.",
            count,
        )
        report.say(0, "note", sentence % {"count": count, "source": dropped.doubtful[0].source}, remedy="source")


def _sorted_out(
    gone: list[Appointment],
    known: Counter[int],
    root_of: Mapping[int, int],
    recognised: Recognised,
    asked: Asked,
    *,
    is_whole: bool,
) -> Dropped:
    """Line of exports by line: of one of which this file lacks nearly everything it is no newer export."""
    root = {one.pk: root_of[said.file_id] for one in gone if (said := statement_about(one))}
    missing = Counter(root.values())
    renewed = {line for line, count in known.items() if missing[line] <= AT_MOST * count}
    named, doubtful = list[Appointment](), list[Appointment]()
    for one in gone:
        is_meant = root.get(one.pk) in renewed or _is_of_source(one, asked)
        (named if is_meant else doubtful).append(one)
    files = [
        one.file_id
        for one in map(statement_about, recognised.known.values())
        if one and root_of[one.file_id] in renewed
    ]
    return Dropped(named, doubtful, max(files, default=None), is_whole)


def _covered(reading: Reading, asked: Asked) -> Span[datetime] | None:
    """From the first day that the file tells of to the last one, as far as they were asked for."""
    if not reading.rows:
        return None
    tz = asked.location.tzinfo
    days = [row.starts_at.astimezone(tz).date() for row in reading.rows]
    told = day_span(min(days), tz, last=max(days))
    first, last = max(told.start, asked.days.start), min(told.end, asked.days.end)
    return Span(first, last) if first < last else None


def _is_older(rows: Iterable[ImportedRow], known: Mapping[str, Appointment], before: ImportedFile | None) -> bool:
    """Whether some entry is older than what has been heard of it, and none is newer."""
    found = False
    for row in rows:
        heard = statement_about(known[row.identity]) if row.identity in known else None
        if heard is None:
            continue
        if (row.sequence, row.stamp) > (heard.sequence, heard.stamp):
            return False
        found = found or is_older(row, heard, same_file=before)
    return found


def _identities(reading: Reading, rows: Iterable[ImportedRow], recognised: Recognised) -> Set[str]:
    """Of whatever is in the file and was not compared. A number that was means the customer who was found by it."""
    compared = {id(row) for row in rows if row.identity not in recognised.unclear}
    left = {row.identity for row in reading.rows if id(row) not in compared}
    return left | {f"{uid}#{key}" for uid, whole in reading.series.items() for key in whole.elsewhere}


def _made_by(files: Set[int], asked: Asked) -> Iterable[Appointment]:
    coming = Appointment.objects.exclude(source="").filter(state=AppointmentState.BOOKED, starts_at__gt=asked.now)
    of_source = Q(source=asked.source, location__in=asked.places) if asked.source else Q(pk__in=())
    made = coming.filter(Q(statement__file__in=files) | of_source)
    if asked.source:
        made = made.filter(source__in=(asked.source, FILE))
    return made.for_display().select_related("statement").order_by("starts_at", "pk").iterator()


def _is_of_source(one: Appointment, asked: Asked) -> bool:
    return bool(asked.source) and one.source == asked.source and one.location in asked.places


def _was_said_later(one: Appointment, newest_stamp: str) -> bool:
    """Whether the file may have been written before this appointment was there."""
    said = statement_about(one)
    return bool(newest_stamp and said and said.stamp > newest_stamp)


def _roots() -> dict[int, int]:
    """Each file with the first one of its line of exports."""
    follows = dict(ImportedFile.objects.order_by("pk").values_list("pk", "follows"))
    root: dict[int, int] = {}
    for pk, earlier in follows.items():
        root[pk] = root.get(earlier, pk) if earlier else pk
    return root
