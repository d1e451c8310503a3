"""Free times for many at once: what each of several services could have, in three queries for each place.

Where `slot_search` gives one way for each start and person, this gives all that differ in a room or a device: a plan
for many may give two customers two rooms at one time. Times are whole minutes of UTC, in arrays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from appointments.domain.schedule.availability import occupied_and_full
from appointments.domain.schedule.many.sweep import Calendar, Length, Sheet, Spans
from appointments.domain.schedule.many.ways import Ways, no_ways, ways_of
from appointments.domain.schedule.opening import Timetable, by_location
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.requirements import Needs, needs_of_each
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import occupancy as stored_occupancy
from appointments.domain.schedule.stored.day_limits import left, whole_days
from appointments.models import Location, Resource, Service


class Wanted(NamedTuple):
    """What is looked for, and for how many minutes: an appointment that is moved keeps its own length."""

    service: Service
    location: Location
    minutes: int

    @property
    def length(self) -> Length:
        return Length(self.minutes, self.service.buffer_before, self.service.buffer_after)


def ways_for_many(
    wanted: Collection[Wanted],
    *,
    window: Span[int],
    now: datetime,
    ignoring: Collection[int] = (),
    outages: Iterable[Outage] = (),
    outside: Span[int] | None = None,
) -> dict[Wanted, Ways]:
    """Every way in which each of `wanted` can take place wholly inside `window`, by the rules of `slot_search.search`.

    `ignoring`: the ids of appointments whose occupancies do not count; whoever plans keeps their new times apart.
    `outside`: the minutes of a day on the wall that a colleague may offer beyond the hours of who and what is needed,
    on days on which those have hours at all; such ways are flagged. Notice and horizon of a service are of the caller.
    Three queries for each place.
    """
    by_place: dict[Location, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_place[one.location].append(one)
    said = list(outages)
    found: dict[Wanted, Ways] = {}
    for location, here in by_place.items():
        needs = needs_of_each({one.service for one in here}, location)
        found |= {one: no_ways(needs[one.service.pk]) for one in here}
        possible = [one for one in here if needs[one.service.pk].can_be_met]
        if possible and not window.is_empty:
            found |= _at(
                location, possible, needs, window=window, now=now, ignoring=ignoring, outages=said, outside=outside
            )
    return found


def limits_left(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Collection[int] = ()
) -> dict[tuple[int, date], int]:
    """How many more each of these resources that has a daily limit may take, on each day that `window` touches.

    Days are those of its place. `ignoring`: the ids of appointments that do not count. One query, and one for each
    place with such a resource.
    """
    limited = Resource.objects.filter(pk__in=resource_ids, most_a_day__isnull=False).select_related("location")
    most_a_day = {one.pk: one.most_a_day for one in limited if one.most_a_day}
    found: dict[tuple[int, date], int] = {}
    for location, ids in by_location(limited):
        clock = whole_days(location.tzinfo, window)
        started = stored_occupancy.read_starts(ids, days=clock.window, now=now, ignoring=ignoring)
        found |= left({pk: most_a_day[pk] for pk in ids}, started, clock)
    return found


def _at(
    location: Location,
    wanted: Collection[Wanted],
    needs: Mapping[int, Needs],
    *,
    window: Span[int],
    now: datetime,
    ignoring: Collection[int],
    outages: Iterable[Outage],
    outside: Span[int] | None,
) -> dict[Wanted, Ways]:
    own = [needs[one.service.pk] for one in wanted]
    ids = sorted({pk for each in own for pk in each.resource_ids})
    timetable = Timetable(location, ids, window, outages=outages)
    busy, full = occupied_and_full(
        ids,
        most_a_day={pk: most for each in own for pk, most in each.most_a_day.items()},
        zone=location.tzinfo,
        starts=window,
        buffers=(max(one.length.before for one in wanted), max(one.length.after for one in wanted)),
        now=now,
        ignoring=ignoring,
    )
    opened = _spans(timetable.resource_open(pk) for pk in ids)
    reach = opened if outside is None else _spans(timetable.resource_reach(pk, outside) for pk in ids)
    calendar = Calendar(
        timetable.clock,
        opened,
        reach,
        Spans.of([busy[pk] for pk in ids]),
        _spans(full.get(pk, ()) for pk in ids),
        len(ids),
    )
    sheets = {grid: Sheet(calendar, grid) for grid in {one.service.grid for one in wanted}}
    column_of = {pk: column for column, pk in enumerate(ids)}
    return {
        one: ways_of(each, sheets[one.service.grid], column_of, one.length, reach=outside is not None)
        for one, each in zip(wanted, own, strict=True)
    }


def _spans(columns: Iterable[Iterable[Span[int]]]) -> Spans:
    return Spans.of([([span.start for span in column], [span.end for span in column]) for column in columns])
