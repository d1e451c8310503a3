"""How much of each day may be given away at once, so that enough is left for those who book anew."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from appointments.domain.schedule import spans
from appointments.domain.schedule.availability import occupied
from appointments.domain.schedule.opening import Timetable, by_location
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import DAY, WallClock
from appointments.models import Resource

Day = tuple[int, int]
"""A resource, and a day: what the wall of its place shows, in minutes, by 1440."""


def minutes_to_give(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, keep_free: int
) -> dict[Day, int]:
    """So many minutes of each resource and day, after which `keep_free` per cent of its open minutes are still free.

    Days on which a resource is not open are missing; nothing is limited when nothing has to stay free. Two queries for
    each location.
    """
    if not keep_free:
        return {}
    left: dict[Day, int] = {}
    for location, ids in by_location(Resource.objects.filter(pk__in=resource_ids).select_related("location")):
        timetable = Timetable(location, ids, window)
        busy = occupied(ids, window=window, now=now)
        for pk in ids:
            opened = timetable.resource_open(pk)
            free = _by_day(spans.subtract(opened, map(Span, *busy[pk])), timetable.clock)
            for day, minutes in _by_day(opened, timetable.clock).items():
                left[pk, day] = max(0, free.get(day, 0) - -(-minutes * keep_free // 100))
    return left


def _by_day(opened: Iterable[Span[int]], clock: WallClock) -> dict[int, int]:
    days: dict[int, int] = {}
    for span in opened:
        for day, minutes in _pieces(span, clock):
            days[day] = days.get(day, 0) + minutes
    return days


def _pieces(span: Span[int], clock: WallClock) -> Iterator[tuple[int, int]]:
    """A span cut at the midnights of the wall: the day, and how many minutes of it."""
    start = span.start
    while start < span.end:
        wall = clock.wall(start)
        end = min(span.end, start + DAY - wall % DAY)
        yield wall // DAY, end - start
        start = end
