"""Between the minutes of UTC, in which we store and compare, and the clock on a wall, by which people open and close.

A minute is counted from 1970-01-01 00:00, in UTC or as the wall shows it. A span on the wall stands for every minute
of UTC in which the wall shows a time inside it: in the night the clock goes forward 02:00-03:00 is nothing, in the
night it goes back it happens twice. So 30 minutes are always 30 minutes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from appointments.domain.schedule.spans import Span, merge

DAY = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)


def minute_of(moment: datetime) -> int:
    """The minute that `moment` is in."""
    return (moment - EPOCH) // _MINUTE


def minute_from(moment: datetime) -> int:
    """The first minute that begins at `moment` or after it."""
    return -((EPOCH - moment) // _MINUTE)


def moment_of(minute: int) -> datetime:
    """The aware UTC time at which `minute` begins."""
    return EPOCH + timedelta(minutes=minute)


def day_span(first: date, zone: tzinfo, *, last: date | None = None) -> Span[datetime]:
    """From midnight of `first` to midnight after `last` (by default the same day), as that zone's clock shows it, in
    UTC: a day has 23 or 25 hours when the clock changes.
    """
    days = (first, (last or first) + timedelta(days=1))
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
    return Span(start, end)


def shown_by_clock(shown: datetime, zone: tzinfo) -> datetime:
    """The moment, in UTC, at which a clock in `zone` shows `shown`; the first of two, when it goes back and shows it
    twice. Raises ValueError for an hour that it skips, and OverflowError at the ends of the calendar.
    """
    moment = shown.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) != shown.replace(tzinfo=None, fold=0):
        raise ValueError(f"no clock shows {shown} there")
    return moment


def midnight(day: date) -> int:
    """The minute of 00:00 on `day`, on the wall."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def day_of(wall_minute: int) -> date:
    return date.fromordinal(_EPOCH_DAY + wall_minute // DAY)


class WallClock:
    """The clock of one zone over `window` (minutes of UTC)."""

    def __init__(self, zone: tzinfo, window: Span[int]) -> None:
        self.zone = zone
        self.window = window
        self._changes = list(_offset_changes(zone, window))
        self._since = [since for since, __ in self._changes]

    def offset_at(self, minute: int) -> int:
        """How many minutes the wall is ahead of UTC."""
        return self._changes[max(bisect_right(self._since, minute) - 1, 0)][1]

    def wall(self, minute: int) -> int:
        """What the wall shows in `minute` of UTC."""
        return minute + self.offset_at(minute)

    def regimes(self) -> Iterator[tuple[Span[int], int]]:
        """The parts of the window between changes of the clock, each with its offset."""
        ends = [*self._since[1:], self.window.end]
        for (since, offset), end in zip(self._changes, ends, strict=True):
            yield Span(since, end), offset

    def days(self) -> range:
        """The dates the wall shows in the window, as ordinals."""
        first, last = self.wall(self.window.start), self.wall(max(self.window.end - 1, self.window.start))
        return range(_EPOCH_DAY + first // DAY, _EPOCH_DAY + last // DAY + 1)

    def in_utc(self, wall_spans: Iterable[Span[int]]) -> list[Span[int]]:
        """The minutes of the window in which the wall shows a time in `wall_spans`."""
        wanted = list(wall_spans)
        return merge(
            Span(start - offset, end - offset).intersect(regime)
            for regime, offset in self.regimes()
            for start, end in wanted
        )


def _offset_changes(zone: tzinfo, window: Span[int]) -> Iterator[tuple[int, int]]:
    """(minute of UTC, offset from then on): the start of the window, then each change of the clock inside it."""

    def offset(minute: int) -> int:
        ahead = moment_of(minute).astimezone(zone).utcoffset()
        return (ahead or timedelta()) // _MINUTE

    before = offset(window.start)
    yield window.start, before
    # No zone changes its clock twice within a day.
    for minute in range(window.start, window.end, DAY):
        until = min(minute + DAY, window.end - 1)
        after = offset(until)
        if after != before:
            low, high = minute, until
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            yield high, after
            before = after
