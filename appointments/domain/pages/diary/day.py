"""The day board: one place, one day, a column per resource. Reads only, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date, datetime

from appointments.domain.pages.diary.columns import Column, blocks_of, column
from appointments.domain.pages.diary.filters import EVERYTHING, Filters, Selection, select
from appointments.domain.pages.diary.month import Month, month_around, month_of
from appointments.domain.pages.diary.scale import Moments, Scale, days_side_by_side, scales
from appointments.domain.pages.diary.times import Times
from appointments.models import Location


@dataclass(frozen=True)
class Board:
    """One day of one place. `scale` says which hours of it are drawn."""

    location: Location
    day: date
    scale: Scale
    columns: tuple[Column, ...]
    selection: Selection
    times: Times

    @property
    def window(self) -> Moments:
        return self.scale.window

    @property
    def first(self) -> date:
        return self.day

    @property
    def last(self) -> date:
        return self.day

    @property
    def span(self) -> Moments:
        """From midnight to midnight."""
        return self.scale.day.span

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not any(column.blocks for column in self.columns)

    @property
    def is_closed(self) -> bool:
        """Whether nobody is there at any time of the day."""
        return all(column.is_shut for column in self.columns)

    def month(self) -> Month:
        """The month around it, of what is shown. One query."""
        return month_of(self.times, self.selection.counted, self.day)


def day_board(location: Location, day: date, *, now: datetime, filters: Filters = EVERYTHING) -> Board:
    """The board of `day` on the clock of `location`."""
    [whole] = days_side_by_side([day], location.tzinfo)
    selection = select(location, whole.span, now=now, filters=filters)
    blocks = blocks_of(selection.shown, whole.span, now=now)
    times = Times(location, [one.pk for one in selection.shown], *month_around(day), now=now)
    opened = {one.pk: times.opened(one.pk, whole.span) for one in selection.shown}
    drawn = [span for one in opened.values() for span in one]
    drawn += [block.occupied for one in blocks.values() for block in one]
    private = {one.pk: times.private(one, whole.span) for one in selection.shown}
    drawn += [one.span for those in private.values() for one in those]
    [scale] = scales([whole], [drawn])
    closed = times.closed_days.get(day, "")
    columns = [
        column(one.pk, one, scale, blocks[one.pk], opened[one.pk], closed=closed, private=private[one.pk])
        for one in selection.shown
    ]
    return Board(location, day, scale, tuple(columns), selection, times)
