"""When locations and resources are open, as stored: hours + closures + holidays + absences → open spans in UTC.

One query, however many resources and however long the window. The location's zone decides what the rows mean.

    resource = (own weekly hours - own breaks) ∩ location - absences - disruptions
    location = weekly hours - breaks - closures - public holidays and special days - disruptions

Without weekly hours of its own, a resource follows its location and a location is always open. A row counts as
weekly hours even before and after it is valid: who has worked by a plan until June is not simply there in July.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache

import holidays
from django.db.models import F, Q

from appointments.domain.schedule import spans
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import hours as stored_hours
from appointments.domain.schedule.stored.hours import LOCATION, Titled
from appointments.domain.schedule.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.domain.schedule.weekly import Blocked, around_hours, blocked_minutes, week_open
from appointments.models import Location, Resource, SpecialDay
from notifications.text import languages

Opened = list[Span[int]]


class Timetable:
    """What is stored about the hours of `location` and of its resources `resource_ids`, over `window` (minutes of UTC).

    Reads the database once, when it is made. Answers are minutes of UTC inside the window. `outages`: what cannot be
    had besides. `language`: of the names of public holidays (the site's own). `titled`: `resource_titled` is asked.
    """

    def __init__(
        self,
        location: Location,
        resource_ids: Collection[int],
        window: Span[int],
        *,
        outages: Iterable[Outage] = (),
        language: str = "",
        titled: bool = False,
    ) -> None:
        self.clock = WallClock(location.tzinfo, window)
        days = self.clock.days()
        self._stored = stored_hours.read(location, resource_ids, window=window, days=days, titled=titled)
        for outage in outages:
            for owner in outage.owners:
                ends_at = outage.ends_at or moment_of(window.end)
                self._stored.blocked[owner].append(Blocked(outage.starts_at, ends_at))
        special = self._stored.special_days
        known = _holidays(location, date.fromordinal(days.start), date.fromordinal(days.stop - 1), language)
        closed = {day: name for day, name in (known | self._stored.names).items() if not special.get(day, False)}
        self.closed_days: dict[date, str] = closed
        """The days of the window on which nobody works there, by name."""
        self._location_open: Opened | None = None
        # By the identity of the week, which colleagues with the same hours share.
        self._week_open: dict[int, Opened] = {}
        self._week_reach: dict[tuple[int, Span[int]], Opened] = {}

    def location_open(self) -> Opened:
        if self._location_open is None:
            weekly = week_open(self._stored.weeks[LOCATION], self.clock, closed_days=self.closed_days)
            self._location_open = self._without_blocked(weekly, LOCATION)
        return self._location_open

    def resource_open(self, resource_id: int) -> Opened:
        return self._without_blocked(self.resource_usual(resource_id), resource_id)

    def resource_titled(self, resource_id: int) -> list[tuple[Titled, Opened]]:
        """What is blocked of it at the desk, each with when it is."""
        return [(one, blocked_minutes([one.blocked], self.clock)) for one in self._stored.titled.get(resource_id, ())]

    def resource_usual(self, resource_id: int) -> Opened:
        """When it is open but for what is said of it alone: its absences, and that it cannot be had."""
        week = self._stored.weeks[resource_id]
        if id(week) not in self._week_open:
            self._week_open[id(week)] = spans.common(week_open(week, self.clock), self.location_open())
        return self._week_open[id(week)]

    def resource_reach(self, resource_id: int, around: Span[int]) -> Opened:
        """When it is open, and the hours `around` (minutes of a day on the wall) of the days on which it has hours at
        all: never in a break, an absence, a closure or an outage.
        """
        week, place = self._stored.weeks[resource_id], self._stored.weeks[LOCATION]
        key = id(week), around
        if key not in self._week_reach:
            more = around_hours(week, place, around, self.clock, closed_days=self.closed_days)
            self._week_reach[key] = self._without_blocked(more, LOCATION)
        more = self._without_blocked(self._week_reach[key], resource_id)
        return spans.merge([*self.resource_open(resource_id), *more])

    def _without_blocked(self, opened: Opened, owner: int) -> Opened:
        blocked = self._stored.blocked.get(owner)
        return spans.without(opened, blocked_minutes(blocked, self.clock)) if blocked else opened


def open_spans(resources: Iterable[Resource], *, window: Span[datetime]) -> dict[int, list[Span[datetime]]]:
    """The open spans (UTC) of each resource inside `window`, by its id. One query for each location."""
    answer: dict[int, list[Span[datetime]]] = {}
    for location, ids in by_location(resources):
        timetable = Timetable(location, ids, in_minutes(window))
        answer |= {pk: in_moments(timetable.resource_open(pk)) for pk in ids}
    return answer


def closed_spans(resources: Iterable[Resource], *, window: Span[datetime]) -> dict[int, list[Span[datetime]]]:
    """The rest of `window` beside `open_spans`: what a board shades."""
    return {pk: spans.subtract([window], found) for pk, found in open_spans(resources, window=window).items()}


def public_spans(location: Location, window: Span[datetime]) -> list[Span[datetime]]:
    """When `location` itself is open inside `window` (UTC). One query."""
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


def public_holidays(country: str, year: int, *, language: str = "") -> dict[date, str]:
    """The public holidays of `country` (two letters) with their names; none for a country that is not known.

    Names are in `language` (default: the site's own) where the calendar has them, else in the country's own.
    """
    return _public_holidays(country.upper(), year, (language or languages.own()).partition("-")[0])


@cache
def _public_holidays(country: str, year: int, language: str) -> dict[date, str]:
    try:
        plain = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return {}
    # The calendars say for which region they write, as in "en_US".
    named = [one for one in plain.supported_languages if one.partition("_")[0] == language]
    return dict(holidays.country_holidays(country, years=year, language=named[0]) if named else plain)


def closed_days(location: Location, first: date, last: date, *, language: str = "") -> dict[date, str]:
    """The dates from `first` to `last` on which `location` is closed, each with its name. One query.

    Public holidays of its country unless it works on them; a special day decides against the calendar in both
    directions, and one of the location against one of all locations.
    """
    closed = _holidays(location, first, last, language)
    special = SpecialDay.objects.filter(Q(location=None) | Q(location=location), day__range=(first, last))
    # What holds everywhere comes first, so that the location's own word is the last one.
    for day in special.order_by(F("location").asc(nulls_first=True)):
        if day.is_open:
            closed.pop(day.day, None)
        else:
            closed[day.day] = day.name
    return closed


def _holidays(location: Location, first: date, last: date, language: str) -> dict[date, str]:
    if not location.closed_on_holidays:
        return {}
    years = range(first.year, last.year + 1)
    known = (public_holidays(location.country, year, language=language) for year in years)
    return {day: name for year in known for day, name in year.items() if first <= day <= last}
