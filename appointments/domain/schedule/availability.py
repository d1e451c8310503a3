"""open - occupied = free, for many resources in a constant number of queries.

A hold that has expired occupies nothing, and neither does anything of the appointment that is being moved: it must
not block its own move.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, tzinfo

from appointments.domain.schedule import spans
from appointments.domain.schedule.opening import Timetable, by_location, in_minutes, in_moments
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import day_limits
from appointments.domain.schedule.stored import occupancy as stored_occupancy
from appointments.domain.schedule.stored.occupancy import Busy
from appointments.domain.schedule.wallclock import moment_of
from appointments.models import Appointment, Occupancy, Resource
from appointments.models.appointment import OccupancyQuerySet


def in_force(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Appointment | None = None
) -> OccupancyQuerySet:
    """The occupancies of the resources that touch `window` and count at `now`; none of the appointment `ignoring`."""
    rows: OccupancyQuerySet = Occupancy.objects.in_force(now).overlapping(
        moment_of(window.start), moment_of(window.end)
    )
    rows = rows.filter(resource__in=resource_ids)
    return rows.exclude(appointment_id=ignoring.pk) if ignoring else rows


def occupied(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Appointment | None = None
) -> dict[int, Busy]:
    """The occupied minutes (UTC) of each resource; a minute begun is a minute occupied. One query."""
    return stored_occupancy.read(resource_ids, window=window, now=now, ignoring=[ignoring.pk] if ignoring else ())


def occupied_and_full(
    resource_ids: Collection[int],
    *,
    most_a_day: Mapping[int, int],
    zone: tzinfo,
    starts: Span[int],
    buffers: tuple[int, int],
    now: datetime,
    ignoring: Collection[int] = (),
) -> tuple[dict[int, Busy], dict[int, list[Span[int]]]]:
    """What is occupied around `starts` and the `buffers` before and after it, and by resource when it may begin nothing
    more, as its day is full (`most_a_day` of those that have a limit, days of `zone`). One query.
    """
    window = Span(starts.start - buffers[0], starts.end + buffers[1])
    if not most_a_day:
        return stored_occupancy.read(resource_ids, window=window, now=now, ignoring=ignoring), {}
    clock = day_limits.whole_days(zone, starts)
    busy, started = stored_occupancy.read_with_starts(
        resource_ids, most_a_day, window=window, days=clock.window, now=now, ignoring=ignoring
    )
    return busy, day_limits.full(most_a_day, started, clock)


def full_days(
    most_a_day: Mapping[int, int], *, zone: tzinfo, starts: Span[int], now: datetime, ignoring: Collection[int] = ()
) -> dict[int, list[Span[int]]]:
    """When each of those that have a limit may begin nothing more, on the days of `zone` that `starts` touches. One
    query, and none where nobody has a limit.
    """
    if not most_a_day:
        return {}
    clock = day_limits.whole_days(zone, starts)
    started = stored_occupancy.read_starts(most_a_day, days=clock.window, now=now, ignoring=ignoring)
    return day_limits.full(most_a_day, started, clock)


def free_spans(
    resources: Iterable[Resource], *, window: Span[datetime], now: datetime, ignoring: Appointment | None = None
) -> dict[int, list[Span[datetime]]]:
    """When each resource is both open and not occupied inside `window` (UTC), by its id.

    Two queries for each location. `ignoring`: the appointment that is being moved.
    """
    minutes = in_minutes(window)
    answer: dict[int, list[Span[datetime]]] = {}
    for location, ids in by_location(resources):
        timetable = Timetable(location, ids, minutes)
        busy = occupied(ids, window=minutes, now=now, ignoring=ignoring)
        answer |= {pk: in_moments(_free(timetable.resource_open(pk), busy[pk])) for pk in ids}
    return answer


def _free(opened: list[Span[int]], busy: Busy) -> list[Span[int]]:
    return spans.subtract(opened, map(Span, *busy))
