"""Since when and until when everybody is there and free, at all starts of one grid at once: the sheet that one sweep
over a calendar fills, and that answers for services of any length and with any buffers.

Pure, no database. Rows are starts, columns are resources; all numbers are minutes of UTC, but for `walls`.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appointments.domain.schedule.slot_search import Grid
from appointments.domain.schedule.wallclock import WallClock

Minutes = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
# Half as wide, for the arrays that have a number for each start and resource; enough for 1,900 years.
Quick = npt.NDArray[np.int32]
LONG_AGO, FAR_AWAY = -(10**9), 10**9
# The starts and the ends of spans.
Lists = tuple[Sequence[int], Sequence[int]]


class Length(NamedTuple):
    """How long something takes, and what has to be free before and after it."""

    minutes: int
    before: int
    after: int


class Spans(NamedTuple):
    """Spans of several columns, one after the other: where each begins and ends, and the column that it is of."""

    begins: Minutes
    ends: Minutes
    column: Minutes

    @classmethod
    def of(cls, columns: Sequence[Lists]) -> "Spans":
        counts = [len(begins) for begins, __ in columns]
        begins, ends = (
            np.fromiter(chain.from_iterable(each[side] for each in columns), dtype=np.int64, count=sum(counts))
            for side in (0, 1)
        )
        return cls(begins, ends, np.repeat(np.arange(len(columns)), counts))


class Hours:
    """When each resource (a column) is there, as seen from each start (a row)."""

    def __init__(self, starts: Minutes, spans: Spans, count: int) -> None:
        self._starts, self._spans, self._count = starts, spans, count

    @cached_property
    def until(self) -> Quick:
        """Until when, where somebody is there; a time that has passed where nobody is."""
        return _last(self._starts, self._spans, self._spans.ends, self._count)

    @cached_property
    def since(self) -> Quick:
        return _last(self._starts, self._spans, self._spans.begins, self._count)


class Calendar(NamedTuple):
    """What a sweep goes over: `clock` and, of `width` resources, the hours, the same with those that only a colleague
    may offer (`reach`; `opened` itself where nobody may), what occupies them, and the days that take nothing more.
    """

    clock: WallClock
    opened: Spans
    reach: Spans
    busy: Spans
    full: Spans
    width: int


class Sheet:
    """The starts of a grid at which anybody is there, and around each of them the hours of each resource and the gap
    between what occupies it. Nothing fits on a day that is full.
    """

    def __init__(self, calendar: Calendar, grid: int) -> None:
        clock, opened, reach, busy, full, width = calendar
        starts = np.fromiter(Grid(clock, grid).among([(clock.window.start, clock.window.end - 1)]), dtype=np.int64)
        self.starts = starts[_during_any(starts, reach)]
        self.walls = _walls(clock, self.starts)
        self.opened = Hours(self.starts, opened, width)
        self.reach = self.opened if reach is opened else Hours(self.starts, reach, width)
        self.free_since = _last(self.starts, busy, busy.ends, width)
        self.free_until = _next(self.starts, busy, width)
        if len(full.begins):
            self.free_until[_last(self.starts, full, full.ends, width) > self.starts[:, None]] = LONG_AGO

    def fits(self, length: Length, *, reach: bool = False) -> Marks:
        """Where something can begin: wholly in the hours (or in `reach`), and its buffers in a gap."""
        starts = self.starts.astype(np.int32)[:, None]
        there = self.reach if reach else self.opened
        fits = there.until >= starts + length.minutes
        fits &= self.free_until >= starts + (length.minutes + length.after)
        fits &= self.free_since <= starts - length.before
        return fits

    def room(self, length: Length, *, reach: bool = False) -> Quick:
        """How far a start that fits can be shifted: the less, the tighter the gap."""
        there = self.reach if reach else self.opened
        last = np.minimum(there.until - length.minutes, self.free_until - (length.minutes + length.after))
        return last - np.maximum(there.since, self.free_since + length.before)


def _walls(clock: WallClock, starts: Minutes) -> Minutes:
    changes, offsets = zip(*((regime.start, offset) for regime, offset in clock.regimes()), strict=True)
    return starts + np.array(offsets, dtype=np.int64)[np.searchsorted(changes, starts, side="right") - 1]


def _during_any(starts: Minutes, spans: Spans) -> Marks:
    change = np.zeros(len(starts) + 1, dtype=np.int64)
    np.add.at(change, np.searchsorted(starts, spans.begins), 1)
    np.add.at(change, np.searchsorted(starts, spans.ends), -1)
    return np.cumsum(change)[:-1] > 0


def _last(starts: Minutes, spans: Spans, values: Minutes, count: int) -> Quick:
    """By start and column the value of the last span that has begun, ended or not; `LONG_AGO` where none has."""
    found = np.full((len(starts) + 1, count), LONG_AGO, dtype=np.int32)
    # The first start that sees a span is the first that is not before it.
    np.maximum.at(found, (np.searchsorted(starts, spans.begins), spans.column), values.astype(np.int32))
    return np.maximum.accumulate(found[:-1], axis=0)


def _next(starts: Minutes, spans: Spans, count: int) -> Quick:
    """By start and column where the first span begins after it; `FAR_AWAY` where none does."""
    found = np.full((len(starts) + 1, count), FAR_AWAY, dtype=np.int32)
    # The last start that waits for it is the last before it: one more row at the top for what no start waits for.
    np.minimum.at(found, (np.searchsorted(starts, spans.begins), spans.column), spans.begins.astype(np.int32))
    return np.minimum.accumulate(found[:0:-1], axis=0)[::-1]
