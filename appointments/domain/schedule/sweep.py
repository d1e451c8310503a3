"""Since when and until when everybody is there and free, at all starts of one grid at once: the sheet that one sweep
over a calendar fills, and that answers for services of any length and with any buffers.

Pure, no database. Rows are starts, columns are resources; all numbers are minutes of UTC, but for `walls`.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appointments.domain.schedule.slot_search import FAR_AWAY, LONG_AGO, Grid
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.occupancy import Busy
from appointments.domain.schedule.wallclock import WallClock

Minutes = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Lists = tuple[Sequence[int], Sequence[int]]


class Around(NamedTuple):
    """What surrounds each start (row) for each resource (column); where nothing does, `until` is `LONG_AGO`."""

    since: Minutes
    until: Minutes


class Length(NamedTuple):
    """How long something takes, and what has to be free before and after it."""

    minutes: int
    before: int
    after: int


class Sheet(NamedTuple):
    """The starts of a grid, and around each of them the span in which a resource is open, the same with the hours that
    only a colleague may offer (`reach`), and the gap between what occupies it.
    """

    starts: Minutes
    walls: Minutes
    opened: Around
    reach: Around
    free: Around

    def fits(self, length: Length, *, reach: bool = False) -> Marks:
        """Where something can begin: wholly in an open span (or in `reach`), and its buffers in a gap."""
        starts = self.starts[:, None]
        there = self.reach if reach else self.opened
        fits = there.until >= starts + length.minutes
        fits &= self.free.until >= starts + (length.minutes + length.after)
        fits &= self.free.since <= starts - length.before
        return fits

    def room(self, length: Length, *, reach: bool = False) -> Minutes:
        """How far a start that fits can be shifted: the less, the tighter the gap."""
        there = self.reach if reach else self.opened
        last = np.minimum(there.until - length.minutes, self.free.until - (length.minutes + length.after))
        return last - np.maximum(there.since, self.free.since + length.before)


def sheet(
    clock: WallClock,
    grid: int,
    opened: Sequence[Sequence[Span[int]]],
    busy: Sequence[Busy],
    *,
    reach: Sequence[Sequence[Span[int]]],
) -> Sheet:
    """The sheet of resources by what each has open, what it reaches and what occupies it, in the same order.

    Without the starts at which nobody is there.
    """
    window = clock.window
    starts = np.fromiter(Grid(clock, grid).among([(window.start, window.end - 1)]), dtype=np.int64)
    hours = [_sides(spans) for spans in reach]
    starts = starts[_somebody_is_there(starts, hours)]
    there = _begun(starts, hours)
    return Sheet(
        starts=starts,
        walls=_walls(clock, starts),
        opened=there if opened is reach else _begun(starts, [_sides(spans) for spans in opened]),
        reach=there,
        free=Around(since=_begun(starts, busy).until, until=_next(starts, [begins for begins, __ in busy])),
    )


def _sides(spans: Iterable[Span[int]]) -> Lists:
    starts, ends = zip(*spans, strict=True) if spans else ((), ())
    return starts, ends


def _walls(clock: WallClock, starts: Minutes) -> Minutes:
    changes, offsets = zip(*((regime.start, offset) for regime, offset in clock.regimes()), strict=True)
    return starts + np.array(offsets, dtype=np.int64)[np.searchsorted(changes, starts, side="right") - 1]


def _flat(columns: Sequence[Sequence[int]]) -> tuple[Minutes, Minutes]:
    """All numbers of `columns` in one array, and beside each of them the column that it is of."""
    counts = [len(column) for column in columns]
    values = np.fromiter((value for column in columns for value in column), dtype=np.int64, count=sum(counts))
    return values, np.repeat(np.arange(len(columns)), counts)


def _somebody_is_there(starts: Minutes, hours: Sequence[Lists]) -> Marks:
    change = np.zeros(len(starts) + 1, dtype=np.int64)
    for side, step in ((0, 1), (1, -1)):
        values, __ = _flat([each[side] for each in hours])
        np.add.at(change, np.searchsorted(starts, values), step)
    return np.cumsum(change)[:-1] > 0


def _begun(starts: Minutes, columns: Sequence[Lists]) -> Around:
    """The last span of each column that has begun at each start, ended or not."""
    begins, column = _flat([each[0] for each in columns])
    ends, __ = _flat([each[1] for each in columns])
    # The first start that sees a span is the first that is not before it.
    first = np.searchsorted(starts, begins)
    shape = (len(starts) + 1, len(columns))
    since, until = np.full(shape, LONG_AGO, dtype=np.int64), np.full(shape, LONG_AGO, dtype=np.int64)
    np.maximum.at(since, (first, column), begins)
    np.maximum.at(until, (first, column), ends)
    return Around(np.maximum.accumulate(since)[:-1], np.maximum.accumulate(until)[:-1])


def _next(starts: Minutes, columns: Sequence[Sequence[int]]) -> Minutes:
    """The first number of each column after each start."""
    begins, column = _flat(columns)
    following = np.full((len(starts) + 1, len(columns)), FAR_AWAY, dtype=np.int64)
    # The last start that waits for it is the last before it; one more row at the top for what no start waits for.
    np.minimum.at(following, (np.searchsorted(starts, begins), column), begins)
    return np.minimum.accumulate(following[::-1])[::-1][1:]
