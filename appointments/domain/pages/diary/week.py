"""The week of one resource: a column per day, hours down. Reads only, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appointments.domain.pages.diary.columns import Column, blocks_of, column
from appointments.domain.pages.diary.month import FIRST, LAST, Month, month_around, month_of
from appointments.domain.pages.diary.scale import Day, Moments, Scale, days_side_by_side, scales
from appointments.domain.pages.diary.times import NOTHING, Load, Private, Times
from appointments.domain.schedule.spans import Span
from appointments.models import Resource


@dataclass(frozen=True)
class Week:
    """Monday to Sunday of one resource; `day` is the one that was asked for. The first days of the century's addresses
    and its last have a shorter week.
    """

    resource: Resource
    day: date
    columns: tuple[Column, ...]
    times: Times

    @property
    def number(self) -> int:
        """As ISO 8601 counts weeks."""
        return self.day.isocalendar().week

    @property
    def first(self) -> date:
        return self.columns[0].day

    @property
    def last(self) -> date:
        return self.columns[-1].day

    @property
    def span(self) -> Moments:
        return Span(self.columns[0].scale.day.span.start, self.columns[-1].scale.day.span.end)

    @property
    def scale(self) -> Scale:
        """The hours beside the columns: those of a day that has all of them."""
        return next(one.scale for one in self.columns if not one.scale.day.gap)

    @property
    def is_empty(self) -> bool:
        return not any(column.blocks for column in self.columns)

    @property
    def is_closed(self) -> bool:
        """Whether it is not there on any day."""
        return all(column.is_shut for column in self.columns)

    @property
    def load(self) -> Load:
        """How full the whole week is."""
        return sum((self.times.load(self.resource.pk, one.day) for one in self.columns), NOTHING)

    def month(self) -> Month:
        """The month around the day that was asked for, of this resource. One query."""
        return month_of(self.times, [self.resource.pk], self.day)


def days_of_week(day: date) -> list[date]:
    """Monday to Sunday around `day`, as far as days have an address."""
    monday = day - timedelta(days=day.weekday())
    return [one for passed in range(7) if FIRST <= (one := monday + timedelta(days=passed)) <= LAST]


def ends_of_week(day: date) -> tuple[date, date]:
    """The first and the last of these days."""
    days = days_of_week(day)
    return days[0], days[-1]


def week_of_resource(resource: Resource, day: date, *, now: datetime) -> Week:
    """The week around `day` on the clock of the place of `resource`."""
    location = resource.location
    days = days_side_by_side(days_of_week(day), location.tzinfo)
    span = Span(days[0].span.start, days[-1].span.end)
    blocks = blocks_of([resource], span, now=now)[resource.pk]
    times = Times(location, [resource.pk], *month_around(day, days[0].date, days[-1].date), now=now)
    opened = [times.opened(resource.pk, one.span) for one in days]
    standing = [[block for block in blocks if block.occupied.overlaps(one.span)] for one in days]
    private = times.private(resource, span)
    drawn = [
        [*open_, *(block.occupied for block in there), *_inside(private, one)]
        for open_, there, one in zip(opened, standing, days, strict=True)
    ]
    closed = times.closed_days
    columns = [
        column(scale.day.date, resource, scale, there, open_, closed=closed.get(scale.day.date, ""), private=private)
        for scale, there, open_ in zip(scales(days, drawn), standing, opened, strict=True)
    ]
    return Week(resource, day, tuple(columns), times)


def _inside(private: list[Private], day: Day) -> list[Moments]:
    return [one.span.intersect(day.span) for one in private if one.span.overlaps(day.span)]
