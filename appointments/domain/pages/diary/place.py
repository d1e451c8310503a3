"""The week of a place: a row per resource, a day per column; each cell says how much is booked and how full that is.

Reads only, in a constant number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate

from appointments.domain import affected
from appointments.domain.pages.diary.filters import EVERYTHING, Filters, Selection, select
from appointments.domain.pages.diary.month import Month, month_around, month_of
from appointments.domain.pages.diary.scale import Moments
from appointments.domain.pages.diary.times import NOTHING, Load, Times
from appointments.domain.pages.diary.week import days_of_week
from appointments.domain.schedule.wallclock import day_span
from appointments.models import Location, Occupancy, Resource

Presence = Literal["open", "partly_away", "away", "off", "closed"]
"""There; there, but not for all of its hours; absent; without hours on this day; or the whole place is closed."""


@dataclass(frozen=True)
class Cell:
    """One resource on one day. `booked` begin on it; so many of them have to move, as what hits them says."""

    day: date
    presence: Presence
    load: Load
    booked: int = 0
    to_move: int = 0


@dataclass(frozen=True)
class Row:
    resource: Resource
    cells: tuple[Cell, ...]

    @property
    def load(self) -> Load:
        return sum((cell.load for cell in self.cells), NOTHING)

    @property
    def booked(self) -> int:
        return sum(cell.booked for cell in self.cells)


@dataclass(frozen=True)
class Head:
    """One day of the whole place; `closed` is the name of a day on which it is closed."""

    day: date
    is_open: bool
    closed: str


@dataclass(frozen=True)
class PlaceWeek:
    """Monday to Sunday of a place; `day` is the one that was asked for."""

    location: Location
    day: date
    span: Moments
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    selection: Selection
    times: Times

    @property
    def number(self) -> int:
        """As ISO 8601 counts weeks."""
        return self.day.isocalendar().week

    @property
    def first(self) -> date:
        return self.heads[0].day

    @property
    def last(self) -> date:
        return self.heads[-1].day

    def month(self) -> Month:
        """The month around the day that was asked for, of what is shown. One query."""
        return month_of(self.times, self.selection.counted, self.day)


def week_of_place(location: Location, day: date, *, now: datetime, filters: Filters = EVERYTHING) -> PlaceWeek:
    """The week around `day` on the clock of `location`."""
    days = days_of_week(day)
    span = day_span(days[0], location.tzinfo, last=days[-1])
    selection = select(location, span, now=now, filters=filters)
    ids = [one.pk for one in selection.shown]
    times = Times(location, ids, *month_around(day, days[0], days[-1]), now=now)
    counts = _counts(location, ids, span)
    rows = [
        Row(one, tuple(_cell(times, one, day, counts.get((one.pk, day), (0, 0))) for day in days))
        for one in selection.shown
    ]
    heads = [Head(one, one in times.place_open, times.closed_days.get(one, "")) for one in days]
    return PlaceWeek(location, day, span, tuple(heads), tuple(rows), selection, times)


def _cell(times: Times, resource: Resource, day: date, counts: tuple[int, int]) -> Cell:
    load = times.load(resource.pk, day)
    return Cell(day, _presence(load, place_is_open=day in times.place_open), load, *counts)


def _presence(load: Load, *, place_is_open: bool) -> Presence:
    if not place_is_open:
        return "closed"
    if not load.usual:
        return "off"
    if not load.open:
        return "away"
    return "partly_away" if load.open < load.usual else "open"


def _counts(location: Location, resource_ids: Sequence[int], span: Moments) -> dict[tuple[int, date], tuple[int, int]]:
    """By resource and day: how many appointments begin there, and how many of these have to move. One query."""
    hit = affected.to_move().filter(appointment=OuterRef("appointment"))
    rows = (
        Occupancy.objects.filter(resource__in=resource_ids, request__isnull=True)
        .overlapping(span.start, span.end)
        .annotate(day=TruncDate("appointment__starts_at", tzinfo=location.tzinfo))
        .order_by()
        .values_list("resource", "day")
        .annotate(booked=Count("pk"), to_move=Count("pk", filter=Exists(hit)))
    )
    return {(resource, day): (booked, to_move) for resource, day, booked, to_move in rows}
