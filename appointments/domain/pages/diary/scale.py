"""Where the moments of a day lie along its column. Pure.

Hours lie one below the other as they pass, so that a day on which the clock changes stays in step: an hour that the
clock shows twice is there twice, and one that it skips is not. Days side by side share one row of hours, so those of a
week in which the clock changes leave a gap where the other has an hour more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span

HOUR = timedelta(hours=1)
NOTHING = timedelta(0)
USUAL_HOURS = Span(8 * HOUR, 17 * HOUR)
"""What is drawn of a day on which nothing is open and nothing happens."""

Moments = Span[datetime]
Places = Span[timedelta]
"""From where to where something lies below midnight of its column."""


@dataclass(frozen=True)
class Day:
    """A day as a column: from midnight to midnight, with a `gap` at `gap_at` that other days fill with an hour."""

    date: date
    span: Moments
    gap_at: timedelta = NOTHING
    gap: timedelta = NOTHING

    def places(self, span: Moments) -> Places:
        """Where `span` lies, cut to the day. What ends at the gap ends above it."""
        first, last = (max(self.span.start, min(one, self.span.end)) - self.span.start for one in span)
        return Span(
            first + self.gap if self.gap and first >= self.gap_at else first,
            last + self.gap if self.gap and last > self.gap_at else last,
        )

    def moment(self, place: timedelta) -> datetime:
        """What is at `place`; inside the gap, where it ends."""
        passed = place if place <= self.gap_at or not self.gap else max(self.gap_at, place - self.gap)
        return min(self.span.start + passed, self.span.end)


@dataclass(frozen=True)
class Scale:
    """The part of a day that is drawn, in whole hours: `window` are its moments, `shown` where they lie."""

    day: Day
    shown: Places

    @property
    def window(self) -> Moments:
        return Span(self.day.moment(self.shown.start), self.day.moment(self.shown.end))

    @property
    def length(self) -> timedelta:
        return self.shown.end - self.shown.start

    @property
    def gap(self) -> Places | None:
        """Where hours of other days lie that this one does not have; None if it has all that are drawn."""
        gap = Span(self.day.gap_at, self.day.gap_at + self.day.gap).intersect(self.shown)
        return None if gap.is_empty else Span(gap.start - self.shown.start, gap.end - self.shown.start)

    @property
    def hours(self) -> list[datetime]:
        """The full hours as they pass; one that a clock shows twice is there twice."""
        return hours_of(self.window)

    def places(self, span: Moments) -> Places:
        """Where `span` lies below the top of what is drawn. It may begin above it and end below its end."""
        first, last = self.day.places(span)
        return Span(first - self.shown.start, last - self.shown.start)


def hours_of(window: Moments) -> list[datetime]:
    """The full hours of `window` as they pass; one that a clock shows twice is there twice."""
    count = int((window.end - window.start) / HOUR)
    return [window.start + HOUR * passed for passed in range(count + 1)]


def days_side_by_side(dates: Sequence[date], zone: ZoneInfo) -> list[Day]:
    """The days as columns that share their hours. No clock changes twice in a week."""
    whole = {day: day_span(day, zone) for day in dates}
    lengths = {day: span.end - span.start for day, span in whole.items()}
    longest = max(lengths.values())
    changed = next((day for day, length in lengths.items() if length != 24 * HOUR), None)
    gap_at = _changes_after(whole[changed], zone) if changed else NOTHING
    return [Day(day, span, gap_at, longest - lengths[day]) for day, span in whole.items()]


def scales(days: Iterable[Day], drawn: Iterable[Iterable[Moments]]) -> list[Scale]:
    """What is drawn of each of `days`: for all of them from the first to the last thing of any, in whole hours.

    `drawn` has for each day the spans that have to be seen.
    """
    sides = list(days)
    places = [day.places(span) for day, spans in zip(sides, drawn, strict=True) for span in spans]
    first = min((one.start for one in places), default=USUAL_HOURS.start)
    last = max((one.end for one in places), default=USUAL_HOURS.end)
    longest = max(day.span.end - day.span.start + day.gap for day in sides)
    shown = Span(first // HOUR * HOUR, min(longest, -(-last // HOUR) * HOUR))
    return [Scale(day, shown) for day in sides]


def _changes_after(span: Moments, zone: ZoneInfo) -> timedelta:
    """How long after midnight the clock changes, to the minute."""
    low, high = 0, int((span.end - span.start) / timedelta(minutes=1))
    before = span.start.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        same = (span.start + timedelta(minutes=middle)).astimezone(zone).utcoffset() == before
        low, high = (middle, high) if same else (low, middle)
    return timedelta(minutes=high)
