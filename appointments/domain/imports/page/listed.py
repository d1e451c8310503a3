"""What the pages of imports show: the list of them, one file with what it would do or did, and what undoing takes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from appointments.domain.colleagues import places_of
from appointments.domain.imports.page import progress
from appointments.domain.imports.page.chosen import Chosen
from appointments.domain.imports.page.columns import Column, columns_of
from appointments.domain.imports.page.progress import Progress
from appointments.domain.imports.page.undoing import WHY
from appointments.domain.imports.page.undoing import Outcome as Undoing
from appointments.domain.imports.reading.table.find import Meant
from appointments.domain.imports.report import LABELS, Outcome
from appointments.enums import AppointmentState, ImportState
from appointments.models import Appointment, ImportRun, Location
from appointments.models.imports import ImportRunQuerySet

NEWEST = 100
SHOWN = 50
BUSY = (ImportState.CHECKING, ImportState.WAITING)


@dataclass(frozen=True)
class Stays:
    """An appointment that undoing leaves, and why, as a sentence's part."""

    appointment: Appointment
    why: Any


@dataclass(frozen=True)
class Told:
    """A sentence about a row, and of how many further rows the same is true. `remedy`: which choice would help."""

    line: int
    words: str
    remedy: str
    alike: int = 0


@dataclass(frozen=True)
class Page:
    """One file. `errors` and `remarks` are the first of them, those that say the same as one; `counts` are label and
    number; `remedies` the choices that would help.
    """

    chosen: Chosen
    is_draft: bool
    is_busy: bool
    columns: tuple[Column, ...] = ()
    unknown: list[tuple[str, str, int]] = field(default_factory=list)
    progress: Progress | None = None
    counts: list[tuple[Any, int]] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
    errors: "Sequence[Told]" = ()
    remarks: "Sequence[Told]" = ()
    more: int = 0
    remedies: frozenset[str] = frozenset()
    stays: list[Stays] = field(default_factory=list)
    first: Appointment | None = None
    """The first that it brought and that still takes place."""
    written: int = 0
    """How many appointments it would touch, or has touched."""

    @property
    def first_day(self) -> date | None:
        """When that is, on the clock of its place."""
        return self.first.starts_at.astimezone(self.first.location.tzinfo).date() if self.first else None


def newest(reader: User) -> list[ImportRun]:
    return list(seen_by(reader)[:NEWEST])


def seen_by(reader: User) -> ImportRunQuerySet:
    """A file may be about any place: whoever works for some of them sees their own files."""
    rows: ImportRunQuerySet = ImportRun.objects.for_display()
    return rows if places_of(reader) is None else rows.filter(by=reader)


def zone_of(place: Location | None) -> str:
    """On which clock the hours of imports are told."""
    return place.zone if place else "UTC"


def page_of(run: ImportRun) -> Page:
    chosen, is_draft = Chosen.of(run.choices), run.state == ImportState.DRAFT
    columns: tuple[Column, ...] = ()
    if is_draft:
        meant = Meant(chosen.mapping, chosen.ignored)
        columns = columns_of(bytes(run.data or b""), name=run.name, meant=meant).columns
    is_busy = run.state in BUSY
    return Page(
        chosen=chosen,
        is_draft=is_draft,
        is_busy=is_busy,
        columns=columns,
        progress=progress.read(run.pk) if is_busy else None,
        first=_first_of(run) if can_be_undone(run) else None,
        stays=_named(dict(run.undone.get("stays", ()))),
        **_of_report(run.report or {}),
    )


def _first_of(run: ImportRun) -> Appointment | None:
    brought = Appointment.objects.filter(statement__brought_by=run, state=AppointmentState.BOOKED)
    return brought.select_related("location").order_by("starts_at").first()


def _of_report(report: Mapping[str, Any]) -> dict[str, Any]:
    counts = report.get("counts", {})
    problems = report.get("problems", [])
    wrong = _told([one for one in problems if one[1] == "error"])
    others = _told([one for one in problems if one[1] != "error"])
    shown = sum(1 + one.alike for one in (*wrong[:SHOWN], *others[:SHOWN]))
    return {
        "counts": [(LABELS[name], counts[name.value]) for name in Outcome if counts.get(name.value)],
        "left_out": sorted(report.get("left_out", {}).items()),
        "unknown": [(kind, said, count) for kind, said, count in report.get("unknown", [])],
        "errors": wrong[:SHOWN],
        "remarks": others[:SHOWN],
        "more": len(problems) - shown + report.get("more", 0),
        "remedies": frozenset(one[3] for one in problems if one[3]),
        "written": sum(counts.get(name.value, 0) for name in Outcome if name not in _NOTHING),
    }


def _told(problems: Iterable[Sequence[Any]]) -> list[Told]:
    """Each sentence once, in the order of the file; when a row begins is what it says about that row alone."""
    found: dict[str, Told] = {}
    for line, _level, words, remedy in problems:
        about = _ABOUT_A_ROW.sub("", words)
        if known := found.get(about):
            found[about] = replace(known, alike=known.alike + 1)
        else:
            found[about] = Told(line, words, remedy)
    return list(found.values())


_ABOUT_A_ROW = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d: ")
_NOTHING = (Outcome.UNCHANGED, Outcome.DROPPED, Outcome.LEFT_OUT, Outcome.FAILED)
"""What is counted and changes nothing."""


def can_be_undone(run: ImportRun) -> bool:
    return run.state == ImportState.DONE


@dataclass(frozen=True)
class Shown:
    """What undoing takes away, counted, and what it leaves, the first of them."""

    appointments: int
    customers: int
    stays: list[Stays]
    more: int


def shown(outcome: Undoing) -> Shown:
    stays = [Stays(one, WHY[why]) for one, why in outcome.stays[:SHOWN]]
    return Shown(len(outcome.goes), len(outcome.customers), stays, max(0, len(outcome.stays) - SHOWN))


def _named(reasons: Mapping[int, str]) -> list[Stays]:
    ids = list(reasons)[:SHOWN]
    rows = Appointment.objects.for_display().filter(pk__in=ids) if ids else []
    return [Stays(one, WHY.get(reasons[one.pk], "")) for one in rows]
