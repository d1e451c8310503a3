"""Where a service fits: the free starts of every resource it may use, and who and what would do it.

Times are whole minutes of UTC here; thousands of candidates are weighed before one becomes a `Slot`.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from appointments.domain.schedule.availability import occupied_and_full
from appointments.domain.schedule.opening import Timetable
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.requirements import Need, Needs, needs_of
from appointments.domain.schedule.spans import Span, cut, without
from appointments.domain.schedule.stored.occupancy import Busy
from appointments.domain.schedule.wallclock import DAY, WallClock
from appointments.models import Appointment, Location, Service

# First and last start, both possible.
Range = tuple[int, int]
# Minutes before and after everything that a calendar holds.
LONG_AGO, FAR_AWAY = -(10**12), 10**12


# A start that is free: its minute, the provider (None where none is needed), one resource for each requirement.
Found = tuple[int, int | None, tuple[int, ...]]


def search(
    service: Service,
    location: Location,
    *,
    window: Span[int],
    now: datetime,
    minutes: int | None = None,
    ignoring: Appointment | None = None,
    outages: Iterable[Outage] = (),
) -> list[Found]:
    """Every start, on the grid, at which `service` lies wholly inside `window`, in open hours, with its buffers free.

    `minutes`: how long it takes this time, if not as long as usual. In the order of time, then of the board; one for
    each start and provider. Three queries, whatever the size.
    """
    needs = needs_of(service, location)
    if window.is_empty or not needs.can_be_met:
        return []
    ids = needs.resource_ids
    timetable = Timetable(location, ids, window, outages=outages)
    busy, full = occupied_and_full(
        ids,
        most_a_day=needs.most_a_day,
        zone=location.tzinfo,
        starts=window,
        buffers=(service.buffer_before, service.buffer_after),
        now=now,
        ignoring=[ignoring.pk] if ignoring else (),
    )
    ranges = {pk: start_ranges(timetable.resource_open(pk), busy[pk], service, minutes=minutes) for pk in ids}
    ranges |= {pk: _on_other_days(ranges[pk], days) for pk, days in full.items()}
    grid = Grid(timetable.clock, service.grid)
    if len(needs.each) == 1:
        return _with_one_resource(needs, ranges, grid)
    return _with_several(needs, ranges, grid)


def start_ranges(
    opened: Iterable[Span[int]], busy: Busy, service: Service, *, minutes: int | None = None
) -> list[Range]:
    """When `service` can start: wholly inside one span of `opened`, and its buffers clear of all that is `busy`.

    `minutes`: how long it takes this time, if not as long as usual.
    """
    length = minutes or service.minutes
    before, tail = service.buffer_before, length + service.buffer_after
    starts, ends = busy
    gaps = iter(
        [
            (end + before, start - tail)
            for end, start in zip((LONG_AGO, *ends), (*starts, FAR_AWAY), strict=True)
            if start - end >= before + tail
        ]
    )
    ranges: list[Range] = []
    first_free, last_free = next(gaps)
    for opens, closes in opened:
        last = closes - length
        while last_free < opens:
            first_free, last_free = next(gaps)
        first = max(first_free, opens)
        while last_free < last:
            ranges.append((first, last_free))
            first_free, last_free = next(gaps)
            first = first_free
        # This gap may reach into the next open span, so it stays the one to look at.
        if first <= last:
            ranges.append((first, last))
    return ranges


def _on_other_days(ranges: Iterable[Range], full: list[Span[int]]) -> list[Range]:
    """The starts of `ranges` on days that are not `full`."""
    return [(start, end - 1) for start, end in without([Span(first, last + 1) for first, last in ranges], full)]


class Grid:
    """The starts on the wall clock: every so many minutes, counted from each midnight."""

    def __init__(self, clock: WallClock, minutes: int) -> None:
        self.minutes = minutes
        self._regimes = list(clock.regimes())
        # Then no midnight differs from any other, and one division answers.
        self._is_steady = len(self._regimes) == 1 and DAY % minutes == 0

    def among(self, ranges: Iterable[Range]) -> Iterable[int]:
        """The minutes of UTC inside `ranges` at which the wall shows a start, in order."""
        if self._is_steady:
            grid, offset = self.minutes, self._regimes[0][1]
            return chain.from_iterable(
                range(first + (-offset - first) % grid, last + 1, grid) for first, last in ranges
            )
        return self._across_changes(ranges)

    def _across_changes(self, ranges: Iterable[Range]) -> Iterator[int]:
        for first, last in ranges:
            for (since, until), offset in self._regimes:
                if since <= last and until > first:
                    yield from self._ticks(max(first, since) + offset, min(last, until - 1) + offset, offset)

    def _ticks(self, first: int, last: int, offset: int) -> Iterator[int]:
        for midnight in range(first - first % DAY, last + 1, DAY):
            day = Span(max(first, midnight), min(last + 1, midnight + DAY))
            for wall in cut(day, length=1, grid=self.minutes, origin=midnight):
                yield wall - offset


def _starts(need: Need, ranges: Mapping[int, list[Range]], grid: Grid) -> Iterator[tuple[int, int]]:
    """(start, resource) for each candidate of `need`, in the order of time, then of the board."""
    candidates = list(need.candidates)
    count = len(candidates)
    # Each start and place on the board as one number: those are put in order several times as fast as pairs.
    inorder: list[int] = []
    for place, pk in enumerate(candidates):
        inorder += [start * count + place for start in grid.among(ranges[pk])]
    inorder.sort()
    return ((one // count, candidates[one % count]) for one in inorder)


def _with_one_resource(needs: Needs, ranges: Mapping[int, list[Range]], grid: Grid) -> list[Found]:
    starts = _starts(needs.each[0], ranges, grid)
    if needs.has_provider:
        return [(start, pk, (pk,)) for start, pk in starts]
    return _one_for_each_start(((start, None, (pk,)) for start, pk in starts), ranges)


def _one_for_each_start(found: Iterable[Found], ranges: Mapping[int, list[Range]]) -> list[Found]:
    """Of several rooms at one time only the one that wastes least: to the customer they are the same."""
    best: dict[int, tuple[int, Found]] = {}
    for start, provider_id, resource_ids in found:
        waste = room_around(ranges[resource_ids[0]], start) or 0
        if start not in best or waste < best[start][0]:
            best[start] = (waste, (start, provider_id, resource_ids))
    return [one for __, one in best.values()]


def _with_several(needs: Needs, ranges: Mapping[int, list[Range]], grid: Grid) -> list[Found]:
    starts = _starts(needs.each[needs.leading], ranges, grid)
    found: list[Found] = []
    asked: int | None = None
    preferred: list[tuple[int, ...]] = []
    for start, pk in starts:
        if start != asked:
            asked, preferred = start, by_least_waste(needs, ranges, start)
        chosen = assign(preferred, leading=needs.leading, leader=pk)
        if chosen:
            found.append((start, pk if needs.has_provider else None, chosen))
    return found if needs.has_provider else _first_of_each_start(found)


def _first_of_each_start(found: list[Found]) -> list[Found]:
    firsts: dict[int, Found] = {}
    for one in found:
        firsts.setdefault(one[0], one)
    return list(firsts.values())


def room_around(ranges: Sequence[Range], start: int) -> int | None:
    """How much room to shift a start has: the less, the better it fits. None when it is not free."""
    place = bisect_right(ranges, (start, FAR_AWAY)) - 1
    if place < 0 or ranges[place][1] < start:
        return None
    return ranges[place][1] - ranges[place][0]


def by_least_waste(needs: Needs, ranges: Mapping[int, list[Range]], start: int) -> list[tuple[int, ...]]:
    """For each requirement its candidates that are free at `start`: the tightest gap first, then as on the board.

    Nobody for the leading one, who is given to `assign`.
    """
    preferred: list[tuple[int, ...]] = []
    for place, need in enumerate(needs.each):
        candidates = () if place == needs.leading else need.candidates
        around = {pk: room_around(ranges[pk], start) for pk in candidates}
        free = {pk: room for pk, room in around.items() if room is not None}
        preferred.append(tuple(sorted(free, key=free.__getitem__)))
    return preferred


def assign(preferred: Sequence[Collection[int]], *, leading: int, leader: int) -> tuple[int, ...] | None:
    """One resource for each requirement, none twice, `leader` for the requirement `leading`; None when there is no way.

    In turn each gets the first of its `preferred` that is left; when that leaves somebody without, they make room for
    one another, so a way is found whenever there is one.
    """
    chosen: list[int] = []
    for requirement, candidates in enumerate(preferred):
        options = (leader,) if requirement == leading else candidates
        for pk in options:
            if pk not in chosen and (pk != leader or requirement == leading):
                chosen.append(pk)
                break
        else:
            return _make_room(preferred, leading=leading, leader=leader)
    return tuple(chosen)


def _make_room(preferred: Sequence[Collection[int]], *, leading: int, leader: int) -> tuple[int, ...] | None:
    """The same by augmenting paths (bipartite matching)."""
    holder: dict[int, int] = {leader: leading}

    def place(requirement: int, tried: set[int]) -> bool:
        for pk in preferred[requirement]:
            if pk in tried or pk == leader:
                continue
            tried.add(pk)
            if pk not in holder or place(holder[pk], tried):
                holder[pk] = requirement
                return True
        return False

    for requirement in range(len(preferred)):
        if requirement != leading and not place(requirement, set()):
            return None
    chosen = {requirement: pk for pk, requirement in holder.items()}
    return tuple(chosen[requirement] for requirement in range(len(preferred)))
