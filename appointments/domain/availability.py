"""open - occupied = free, for many resources in a constant number of queries.

A hold that has expired occupies nothing, and neither does anything of the appointment that is being moved: it must
not block its own move.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Func, IntegerField

from appointments.domain import spans
from appointments.domain.opening import Minutes, Timetable, by_location, in_minutes, in_moments
from appointments.domain.spans import Span
from appointments.domain.wallclock import moment_of
from appointments.models import Appointment, Occupancy, Resource
from appointments.models.appointment import OccupancyQuerySet


class _Minute(Func):
    """The minute since 1970 that a stored time is in; whole numbers spare us thousands of datetimes."""

    output_field = IntegerField()
    round_up = False

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        rounding = "CEIL" if self.round_up else "FLOOR"
        template = f"{rounding}(DATE_PART('epoch', %(expressions)s) / 60)::integer"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Stored as "2026-11-24 07:30:00", longer only with a part of a second, which strftime drops.
        up = " + 59 + (LENGTH(%(expressions)s) > 19)" if self.round_up else ""
        template = f"((CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER){up}) / 60)"
        return self.as_sql(compiler, connection, template=template, **context)


class _MinuteAfter(_Minute):
    round_up = True


def standing(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Appointment | None = None
) -> OccupancyQuerySet:
    """The occupancies of the resources that touch `window` and count at `now`; none of the appointment `ignoring`."""
    rows: OccupancyQuerySet = Occupancy.objects.standing(now).overlapping(
        moment_of(window.start), moment_of(window.end)
    )
    rows = rows.filter(resource_id__in=resource_ids)
    return rows.exclude(appointment_id=ignoring.pk) if ignoring else rows


def occupied(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Appointment | None = None
) -> dict[int, list[tuple[int, int]]]:
    """The occupied minutes (UTC) of each resource, in order; a minute begun is a minute occupied. One query."""
    busy: dict[int, list[tuple[int, int]]] = {pk: [] for pk in resource_ids}
    rows = standing(resource_ids, window=window, now=now, ignoring=ignoring).order_by()
    for pk, start, end in rows.values_list("resource_id", _Minute("starts_at"), _MinuteAfter("ends_at")):
        busy[pk].append((start, end))
    for times in busy.values():
        times.sort()
    return busy


def free_spans(
    resources: Iterable[Resource], *, window: Span[datetime], now: datetime, ignoring: Appointment | None = None
) -> dict[int, list[Span[datetime]]]:
    """When each resource is both open and not occupied inside `window` (UTC), by its id.

    Four queries for each location. `ignoring`: the appointment that is being moved.
    """
    minutes = in_minutes(window)
    answer: dict[int, list[Span[datetime]]] = {}
    for location, ids in by_location(resources):
        timetable = Timetable(location, ids, minutes)
        busy = occupied(ids, window=minutes, now=now, ignoring=ignoring)
        answer |= {pk: in_moments(_free(timetable.resource_open(pk), busy[pk])) for pk in ids}
    return answer


def _free(opened: Minutes, busy: Iterable[tuple[int, int]]) -> Minutes:
    return spans.subtract(opened, [Span(*taken) for taken in busy])
