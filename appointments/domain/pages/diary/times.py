"""When the resources of a place are there, day by day, and how much of it is taken.

Two queries for any number of resources and days: a board reads the month around it and its own days in one go.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise

from appointments.domain.pages.diary.scale import Moments
from appointments.domain.schedule.opening import Opened, Timetable, in_minutes, in_moments
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import occupancy
from appointments.domain.schedule.stored.occupancy import Busy
from appointments.domain.schedule.wallclock import day_span, minute_of
from appointments.models import Location, Resource
from notifications.text import languages


@dataclass(frozen=True)
class Private:
    """A time that was blocked at the desk, with the colleagues (by id) who may read its title besides managers."""

    pk: int
    span: Moments
    title: str
    readers: tuple[int, ...]


@dataclass(frozen=True)
class Load:
    """Minutes of one day, or of several: `usual` by the weekly hours of the resource and its place, `open` without its
    absences, and so many of these are `taken`, buffers and held times included.
    """

    usual: int = 0
    open: int = 0
    taken: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.usual + other.usual, self.open + other.open, self.taken + other.taken)

    @property
    def percent(self) -> int | None:
        """The share that is taken, never rounded up to the whole; None where nothing is open."""
        return self.taken * 100 // self.open if self.open else None

    @property
    def tenths(self) -> int:
        """The same for the eye: from 0 (free) to 10 (full); whatever is taken at all is seen."""
        return -(-self.taken * 10 // self.open) if self.open else 0


NOTHING = Load()


class Times:
    """The hours of `resource_ids` at `location` and what occupies them, over whole days of that place."""

    def __init__(
        self, location: Location, resource_ids: Collection[int], first: date, last: date, *, now: datetime
    ) -> None:
        self._days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
        self._zone = location.tzinfo
        self._ids, self._now = resource_ids, now
        self._window = in_minutes(day_span(first, self._zone, last=last))
        self._hours = Timetable(location, resource_ids, self._window, language=languages.active(), titled=True)
        self._loads: dict[int, dict[date, Load]] = {}

    @property
    def closed_days(self) -> dict[date, str]:
        """The days on which the whole place is closed, by name."""
        return self._hours.closed_days

    @cached_property
    def place_open(self) -> set[date]:
        """The days on which the place itself is open at some time."""
        minutes = _by_day(self._hours.location_open(), self._midnights)
        return {day for day, count in zip(self._days, minutes, strict=True) if count}

    def opened(self, resource_id: int, span: Moments) -> list[Moments]:
        """The open spans of a resource inside `span`."""
        wanted = in_minutes(span)
        inside = (one.intersect(wanted) for one in self._hours.resource_open(resource_id))
        return in_moments([one for one in inside if not one.is_empty])

    def private(self, resource: Resource, span: Moments) -> list[Private]:
        """What of `span` was blocked of a resource at the desk; what returns every week each time."""
        found = []
        for one, minutes in self._hours.resource_titled(resource.pk):
            readers = tuple(pk for pk in (one.written_by, resource.user_id) if pk)
            found += [Private(one.pk, when, one.title, readers) for when in in_moments(minutes) if when.overlaps(span)]
        return found

    def load(self, resource_id: int, day: date) -> Load:
        """How full one resource is on one day."""
        if resource_id not in self._loads:
            self._loads[resource_id] = self._load_by_day(resource_id)
        return self._loads[resource_id][day]

    @cached_property
    def _busy(self) -> dict[int, Busy]:
        """Read when it is first asked how full something is."""
        return occupancy.read(self._ids, window=self._window, now=self._now)

    def _load_by_day(self, resource_id: int) -> dict[date, Load]:
        usual, opened = self._hours.resource_usual(resource_id), self._hours.resource_open(resource_id)
        usually = _by_day(usual, self._midnights)
        is_open = usually if opened == usual else _by_day(opened, self._midnights)
        taken = _taken_by_day(opened, self._busy[resource_id], self._midnights)
        return {day: Load(*minutes) for day, *minutes in zip(self._days, usually, is_open, taken, strict=True)}

    @cached_property
    def _midnights(self) -> list[int]:
        """The minutes at which the days begin, and at which the last one ends."""
        after = self._days[-1] + timedelta(days=1)
        return [minute_of(day_span(day, self._zone).start) for day in (*self._days, after)]


def _by_day(opened: Opened, midnights: Sequence[int]) -> list[int]:
    """The minutes in `opened` of each day."""
    counts = [0] * (len(midnights) - 1)
    for place, span in _pieces(opened, midnights):
        counts[place] += span.end - span.start
    return counts


def _taken_by_day(opened: Opened, busy: Busy, midnights: Sequence[int]) -> list[int]:
    """How many of the minutes in `opened` are occupied, for each day."""
    starts, ends = busy
    until = [0, *accumulate(end - start for start, end in zip(starts, ends, strict=True))]

    def before(minute: int) -> int:
        """How many minutes are occupied before this one; no two occupancies overlap."""
        count = bisect_left(starts, minute)
        return until[count] - max(0, ends[count - 1] - minute) if count else 0

    counts = [0] * (len(midnights) - 1)
    for place, (start, end) in _pieces(opened, midnights):
        counts[place] += before(end) - before(start)
    return counts


def _pieces(opened: Opened, midnights: Sequence[int]) -> list[tuple[int, Span[int]]]:
    """`opened` cut at midnights, each piece with the number of its day."""
    found: list[tuple[int, Span[int]]] = []
    days = list(pairwise(midnights))
    place = 0
    for span in opened:
        while days[place][1] <= span.start:
            place += 1
        at = place
        while at < len(days) and days[at][0] < span.end:
            found.append((at, Span(max(span.start, days[at][0]), min(span.end, days[at][1]))))
            at += 1
    return found
