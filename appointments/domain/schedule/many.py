"""Free times for many at once: what each of several services could have, in three queries for each place.

Where `slot_search` gives one way for each start and person, this gives all that differ in a room or a device: a plan
for many may give two customers two rooms at one time. Times are whole minutes of UTC, in arrays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from appointments.domain.schedule.opening import Timetable
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.requirements import needs_of_each
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import occupancy as stored_occupancy
from appointments.domain.schedule.stored.occupancy import Busy
from appointments.domain.schedule.sweep import Length, Sheet, Spans
from appointments.domain.schedule.ways import NOBODY, Ways, no_ways, ways_of
from appointments.models import Location, Service

__all__ = ["NOBODY", "Wanted", "Ways", "ways_for_many"]


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
            ids = sorted({pk for one in possible for pk in needs[one.service.pk].resource_ids})
            timetable = Timetable(location, ids, window, outages=said)
            busy = stored_occupancy.read(ids, window=_wide(window, possible), now=now, ignoring=ignoring)
            sheets = _sheets({one.service.grid for one in possible}, ids, timetable, busy, outside)
            column_of = {pk: column for column, pk in enumerate(ids)}
            for one in possible:
                found[one] = ways_of(
                    needs[one.service.pk],
                    sheets[one.service.grid],
                    column_of,
                    one.length,
                    reach=outside is not None,
                )
    return found


def _wide(window: Span[int], wanted: Iterable[Wanted]) -> Span[int]:
    """With all that a buffer may reach."""
    return Span(
        window.start - max(one.length.before for one in wanted), window.end + max(one.length.after for one in wanted)
    )


def _sheets(
    grids: Iterable[int],
    resource_ids: Collection[int],
    timetable: Timetable,
    busy: Mapping[int, Busy],
    outside: Span[int] | None,
) -> dict[int, Sheet]:
    opened = _spans(timetable.resource_open(pk) for pk in resource_ids)
    reach = opened if outside is None else _spans(timetable.resource_reach(pk, outside) for pk in resource_ids)
    occupied = Spans.of([busy[pk] for pk in resource_ids])
    count = len(resource_ids)
    return {
        grid: Sheet(timetable.clock, grid, opened=opened, reach=reach, busy=occupied, count=count) for grid in grids
    }


def _spans(columns: Iterable[Iterable[Span[int]]]) -> Spans:
    return Spans.of([([span.start for span in column], [span.end for span in column]) for column in columns])
