"""When locations and resources are open, as stored: hours + closures + holidays + absences → open spans in UTC.

Three queries, however many resources and however long the window. The location's zone decides what the rows mean.

    resource = (own weekly hours - own breaks) ∩ location - absences
    location = weekly hours - breaks - closures - public holidays and special days

Without weekly hours of its own, a resource follows its location and a location is always open. A row counts as
weekly hours even before and after it is valid: who has worked by a plan until June is not simply there in July.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache

import holidays
from django.db.models import BigIntegerField, F, IntegerField, Q, Value

from appointments.domain import spans
from appointments.domain.hours import Blocked, Week, Weekly, blocked_minutes, week_open
from appointments.domain.spans import Span
from appointments.domain.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.models import Absence, Break, Closure, Location, Resource, SpecialDay, WeeklyHours

Minutes = list[Span[int]]


class Timetable:
    """What is stored about the hours of `location` and of its resources `resource_ids`, over `window` (minutes of UTC).

    Reads the database once, when it is made.
    """

    def __init__(self, location: Location, resource_ids: Collection[int], window: Span[int]) -> None:
        self.location = location
        self.clock = WallClock(location.tzinfo, window)
        self._weeks = _read_weeks(location, resource_ids)
        self._blocked = _read_blocked(location, resource_ids, window)
        self._closed_days = closed_days(location, self.clock)
        self._location_open: Minutes | None = None
        # Colleagues with the same working week share one answer.
        self._week_open: dict[Week, Minutes] = {}

    def location_open(self) -> Minutes:
        if self._location_open is None:
            weekly = week_open(self._weeks[None], self.clock, closed_days=self._closed_days)
            closures = self._blocked[None]
            self._location_open = spans.subtract(weekly, blocked_minutes(closures, self.clock)) if closures else weekly
        return self._location_open

    def resource_open(self, resource_id: int) -> Minutes:
        week = self._weeks[resource_id]
        if week not in self._week_open:
            own = week_open(week, self.clock)
            self._week_open[week] = spans.intersect(own, self.location_open())
        absences = self._blocked[resource_id]
        if not absences:
            return self._week_open[week]
        return spans.subtract(self._week_open[week], blocked_minutes(absences, self.clock))


def open_spans(resources: Iterable[Resource], *, window: Span[datetime]) -> dict[int, list[Span[datetime]]]:
    """The open spans (UTC) of each resource inside `window`, by its id. Three queries for each location."""
    answer: dict[int, list[Span[datetime]]] = {}
    for location, ids in by_location(resources):
        timetable = Timetable(location, ids, in_minutes(window))
        answer |= {pk: in_moments(timetable.resource_open(pk)) for pk in ids}
    return answer


def closed_spans(resources: Iterable[Resource], *, window: Span[datetime]) -> dict[int, list[Span[datetime]]]:
    """The rest of `window` beside `open_spans`: what a board shades."""
    return {pk: spans.subtract([window], found) for pk, found in open_spans(resources, window=window).items()}


def public_spans(location: Location, window: Span[datetime]) -> list[Span[datetime]]:
    """When `location` itself is open inside `window` (UTC). Three queries."""
    return in_moments(Timetable(location, (), in_minutes(window)).location_open())


def by_location(resources: Iterable[Resource]) -> list[tuple[Location, list[int]]]:
    """Each location once, with the ids of those resources that are there."""
    grouped: dict[int, list[Resource]] = defaultdict(list)
    for resource in resources:
        grouped[resource.location_id].append(resource)
    return [(group[0].location, [resource.pk for resource in group]) for group in grouped.values()]


def in_minutes(window: Span[datetime]) -> Span[int]:
    """The whole minutes inside `window`."""
    return Span(minute_from(window.start), minute_of(window.end))


def in_moments(found: Minutes) -> list[Span[datetime]]:
    return [Span(moment_of(start), moment_of(end)) for start, end in found]


# --- Days on which nobody works ----------------------------------------------------------------------------------


def public_holidays(country: str, year: int, *, language: str = "en") -> dict[date, str]:
    """The public holidays of `country` (two letters) with their names; none for a country that is not known.

    Names are in `language` where the calendar has them, else in the country's own.
    """
    return _public_holidays(country.upper(), year, language.partition("-")[0])


@cache
def _public_holidays(country: str, year: int, language: str) -> dict[date, str]:
    try:
        plain = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return {}
    wanted = "en_US" if language == "en" else language
    if wanted not in plain.supported_languages:
        return dict(plain)
    return dict(holidays.country_holidays(country, years=year, language=wanted))


def closed_days(location: Location, clock: WallClock, *, language: str = "en") -> dict[date, str]:
    """The dates in the clock's window on which `location` is closed, each with its name. One query.

    Public holidays of its country unless it works on them; a special day decides against the calendar in both
    directions, and one of the location against one of all locations.
    """
    days = clock.days()
    first, last = date.fromordinal(days.start), date.fromordinal(days.stop - 1)
    closed: dict[date, str] = {}
    if location.closed_on_holidays:
        for year in range(first.year, last.year + 1):
            closed |= public_holidays(location.country, year, language=language)
    special = SpecialDay.objects.filter(Q(location=None) | Q(location=location), day__range=(first, last))
    # What holds everywhere comes first, so that the location's own word is the last one.
    for day in sorted(special, key=lambda day: day.location_id is not None):
        if day.is_open:
            closed.pop(day.day, None)
        else:
            closed[day.day] = day.name
    return {day: name for day, name in closed.items() if first <= day <= last}


# --- Reading -----------------------------------------------------------------------------------------------------


def _read_weeks(location: Location, resource_ids: Collection[int]) -> dict[int | None, Week]:
    """The working week of the location (under None) and of each resource. One query."""
    hours: dict[int | None, list[Weekly]] = defaultdict(list)
    breaks: dict[int | None, list[Weekly]] = defaultdict(list)
    whose = Q(location=location) | Q(resource__in=resource_ids)
    columns = ("resource_id", "weekday", "opens_at", "closes_at", "valid_from", "valid_until")
    rows = WeeklyHours.objects.filter(whose).order_by().annotate(pause=Value(0, IntegerField()))
    pauses = Break.objects.filter(whose).order_by().annotate(pause=Value(1, IntegerField()))
    both = rows.values_list("pause", *columns).union(pauses.values_list("pause", *columns), all=True)
    for pause, owner, *row in both:
        (breaks if pause else hours)[owner].append(Weekly(*row))
    return {
        owner: Week(hours=_ordered(hours[owner]), breaks=_ordered(breaks[owner])) for owner in (None, *resource_ids)
    }


def _ordered(rows: Sequence[Weekly]) -> tuple[Weekly, ...]:
    return tuple(sorted(rows, key=lambda row: (row.weekday, row.opens, row.closes)))


def _read_blocked(
    location: Location, resource_ids: Collection[int], window: Span[int]
) -> dict[int | None, list[Blocked]]:
    """The closures of the location (under None) and the absences of each resource that may reach into the window."""
    begun = Q(starts_at__lt=moment_of(window.end))
    touching = begun & (Q(ends_at__gt=moment_of(window.start)) | ~Q(rrule=""))
    everywhere = Value(None, BigIntegerField(null=True))
    closures = Closure.objects.filter(touching, location=location).annotate(owner=everywhere)
    absences = Absence.objects.filter(touching, resource__in=resource_ids).annotate(owner=F("resource_id"))
    columns = ("owner", "starts_at", "ends_at", "rrule")
    blocked: dict[int | None, list[Blocked]] = defaultdict(list)
    rows = absences.order_by().values_list(*columns).union(closures.order_by().values_list(*columns), all=True)
    for owner, *row in rows:
        blocked[owner].append(Blocked(*row))
    return blocked
