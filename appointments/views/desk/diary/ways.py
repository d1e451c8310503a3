"""Where a board leads: to the same one earlier, now and later, and to the others of the same day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from appointments.domain.pages.diary.filters import EVERYTHING, Filters
from appointments.models import Location, Resource
from appointments.views.desk.diary.parts import neighbour


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Addresses. `picked` takes a day that is typed; `shows` says which of the others one is at; `kept` is the end of
    an address that asks for what is shown now.
    """

    shows: str
    before: str
    here: str
    after: str
    picked: str
    day: str
    week: str
    kept: str = ""
    is_here: bool = False


def of_day(place: Location, day: date, filters: Filters, *, now: datetime) -> Ways:
    def board(there: date) -> str:
        return reverse("board", args=[place.code, there]) + filters.query

    today = now.astimezone(place.tzinfo).date()
    return Ways(
        shows="day",
        before=board(neighbour(day, -1)),
        here=board(today),
        after=board(neighbour(day, 1)),
        picked=reverse("board-today", args=[place.code]),
        day=board(day),
        week=reverse("place-week", args=[place.code, day]) + filters.query,
        kept=filters.query,
        is_here=day == today,
    )


def of_week(
    place: Location, day: date, filters: Filters = EVERYTHING, *, of: Resource | None = None, now: datetime
) -> Ways:
    """Of the whole place, or of one resource of it."""
    name, whose = ("resource-week", [of.pk]) if of else ("place-week", [])

    def week(there: date) -> str:
        return reverse(name, args=[place.code, there, *whose]) + filters.query

    today = now.astimezone(place.tzinfo).date()
    return Ways(
        shows="resource" if of else "week",
        before=week(neighbour(day, -7)),
        here=week(today),
        after=week(neighbour(day, 7)),
        picked=reverse("this-week", args=[place.code, *whose]),
        day=reverse("board", args=[place.code, day]) + filters.query,
        week=reverse("place-week", args=[place.code, day]) + filters.query,
        kept=filters.query,
        is_here=day.isocalendar()[:2] == today.isocalendar()[:2],
    )
