"""When locations and resources are open, as stored: hours + closures + holidays + absences → open spans in UTC.

Three queries, however many resources and however long the window. The location's zone decides what the rows mean.

    resource = (own weekly hours - own breaks) ∩ location - absences
    location = weekly hours - breaks - closures - public holidays and special days

Without weekly hours of its own, a resource follows its location and a location is always open. A row counts as
weekly hours even before and after it is valid: who has worked by a plan until June is not simply there in July.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache

import holidays
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from appointments.domain import spans
from appointments.domain.aggregates import Numbers
from appointments.domain.hours import Blocked, Week, Weekly, blocked_minutes, week_open
from appointments.domain.spans import Span
from appointments.domain.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.models import Absence, Break, Closure, Location, Resource, SpecialDay, WeeklyHours

# Whose a row is: the id of a resource, or this for the location itself.
LOCATION = 0

Opened = list[Span[int]]


class Timetable:
    """What is stored about the hours of `location` and of its resources `resource_ids`, over `window` (minutes of UTC).

    Reads the database once, when it is made. Answers are minutes of UTC inside the window.
    """

    def __init__(self, location: Location, resource_ids: Collection[int], window: Span[int]) -> None:
        self.clock = WallClock(location.tzinfo, window)
        self._weeks = _read_weeks(location, resource_ids)
        self._blocked = _read_blocked(location, resource_ids, window)
        self._closed_days = closed_days(location, self.clock)
        self._location_open: Opened | None = None
        # Colleagues with the same working week share one answer.
        self._week_open: dict[Week, Opened] = {}

    def location_open(self) -> Opened:
        if self._location_open is None:
            weekly = week_open(self._weeks[LOCATION], self.clock, closed_days=self._closed_days)
            closures = self._blocked[LOCATION]
            self._location_open = spans.subtract(weekly, blocked_minutes(closures, self.clock)) if closures else weekly
        return self._location_open

    def resource_open(self, resource_id: int) -> Opened:
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


def in_moments(found: Opened) -> list[Span[datetime]]:
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
            known = public_holidays(location.country, year, language=language)
            closed |= {day: name for day, name in known.items() if first <= day <= last}
    special = SpecialDay.objects.filter(Q(location=None) | Q(location=location), day__range=(first, last))
    # What holds everywhere comes first, so that the location's own word is the last one.
    for day, name, is_open in special.order_by(F("location").asc(nulls_first=True)).values_list(
        "day", "name", "is_open"
    ):
        if is_open:
            closed.pop(day, None)
        else:
            closed[day] = name
    return closed


# --- Reading -----------------------------------------------------------------------------------------------------


def _read_weeks(location: Location, resource_ids: Collection[int]) -> dict[int, Week]:
    """The working week of the location and of each resource. One query; hours that many share are one row of it."""
    whose = Q(location=location) | Q(resource__in=resource_ids)
    columns = ("weekday", "opens_at", "closes_at", "valid_from", "valid_until")
    hours, breaks = (
        table.objects.filter(whose)
        .order_by()
        .annotate(is_break=Value(table is Break), owner=Coalesce("resource_id", LOCATION))
        .values("is_break", *columns)
        .annotate(owners=Numbers("owner"))
        .values_list("is_break", "owners", *columns)
        for table in (WeeklyHours, Break)
    )
    rows: dict[int, tuple[list[Weekly], list[Weekly]]] = {owner: ([], []) for owner in (LOCATION, *resource_ids)}
    for is_break, owners, *row in hours.union(breaks, all=True):
        weekly = Weekly(*row)
        for owner in owners:
            rows[owner][is_break].append(weekly)
    return {owner: Week(tuple(works), tuple(pauses)) for owner, (works, pauses) in rows.items()}


def _read_blocked(location: Location, resource_ids: Collection[int], window: Span[int]) -> dict[int, list[Blocked]]:
    """The closures of the location and the absences of each resource that may reach into the window. One query."""
    begun = Q(starts_at__lt=moment_of(window.end))
    touching = begun & (Q(ends_at__gt=moment_of(window.start)) | ~Q(rrule=""))
    closures = Closure.objects.filter(touching, location=location).annotate(owner=Value(LOCATION))
    absences = Absence.objects.filter(touching, resource__in=resource_ids).annotate(owner=F("resource_id"))
    columns = ("owner", "starts_at", "ends_at", "rrule")
    blocked: dict[int, list[Blocked]] = defaultdict(list)
    rows = absences.order_by().values_list(*columns).union(closures.order_by().values_list(*columns), all=True)
    for owner, *row in rows:
        blocked[owner].append(Blocked(*row))
    return blocked
