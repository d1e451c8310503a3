"""How much later each of the day's bookings begins when some people run late: no more than is needed. Pure.

The first booking of each of them begins so many minutes later, and whatever follows begins when what came before it is
over: gaps absorb the delay, nobody overtakes anybody, and a room that others have is waited for. Their buffers stay.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from appointments.domain.schedule.spans import Span

LONGEST_WAIT = timedelta(minutes=60)
"""Who would have to wait so much longer than the delay has to be moved instead."""
Spans = Mapping[int, Sequence[Span[datetime]]]


@dataclass(frozen=True)
class Booking:
    """What may begin later. `booked` is when it was to begin before anybody ran late, `start` when it begins by now.

    Of whom was told of a later hour (`is_told`) nobody asks to come sooner again. `before` and `after` are kept free
    around it on all of its `resources`.
    """

    key: int
    customer: int
    booked: datetime
    start: datetime
    length: timedelta
    resources: frozenset[int]
    before: timedelta = timedelta()
    after: timedelta = timedelta()
    is_told: bool = False

    @property
    def soonest(self) -> datetime:
        return self.start if self.is_told else self.booked

    def meeting(self, start: datetime) -> Span[datetime]:
        """What its customer spends with us when it begins at `start`."""
        return Span(start, start + self.length)

    def occupied(self, start: datetime) -> Span[datetime]:
        return Span(start - self.before, start + self.length + self.after)


@dataclass(frozen=True)
class Day:
    """What stays where it is until the day ends at `until`: `taken` by resource, and what else each customer has with
    us; and the `people` who run late.
    """

    people: frozenset[int]
    until: datetime
    taken: Spans = field(default_factory=dict)
    elsewhere: Spans = field(default_factory=dict)

    def with_fixed(self, one: Booking) -> "Day":
        """The same when this booking stays where it is."""
        taken = {pk: [*self.taken.get(pk, ()), one.occupied(one.start)] for pk in one.resources}
        meetings = [*self.elsewhere.get(one.customer, ()), one.meeting(one.start)]
        return replace(self, taken={**self.taken, **taken}, elsewhere={**self.elsewhere, one.customer: meetings})


def shifts(bookings: Iterable[Booking], day: Day, *, late: timedelta) -> dict[int, datetime | None]:
    """By key when each booking begins that does not stay where it is: as soon as everything it needs is free.

    None: its customer would have to wait `LONGEST_WAIT` longer than the delay, because a room, a machine or somebody
    who is in time belongs to others until then, or the day is over. It stays where it is, and the others go round it.
    """
    ordered = sorted(bookings, key=lambda one: (one.booked, one.key))
    stuck: list[Booking] = []
    while True:
        starts, impossible = _placed(ordered, day, late)
        if impossible is None:
            moved = {one.key: starts[one.key] for one in ordered if starts[one.key] != one.start}
            return {**moved, **{one.key: None for one in stuck}}
        stuck.append(impossible)
        ordered.remove(impossible)
        day = day.with_fixed(impossible)


def _placed(ordered: Sequence[Booking], day: Day, late: timedelta) -> tuple[dict[int, datetime], Booking | None]:
    """When each of them begins, or the first one that cannot."""
    free: dict[int, datetime] = {}
    """When each of those who are late has done what comes before."""
    placed: list[tuple[Booking, datetime]] = []
    for one in ordered:
        people = one.resources & day.people
        follows = [free[pk] + one.before for pk in people if pk in free]
        is_first = len(follows) < len(people)
        wanted = max([one.soonest, *follows, *([one.booked + late] if is_first else [])])
        start = _around(wanted, _closed_to(one, day, placed))
        latest = min(one.booked + late + LONGEST_WAIT, day.until - one.length)
        if start != one.start and start > latest:
            return {}, one
        free |= dict.fromkeys(people, one.occupied(start).end)
        placed.append((one, start))
    return {one.key: start for one, start in placed}, None


def _closed_to(one: Booking, day: Day, placed: Iterable[tuple[Booking, datetime]]) -> Iterator[Span[datetime]]:
    """Between which moments it cannot begin, because of what stays and of what begins before it.

    What was booked under one name for one hour is for two who come together.
    """
    booked = one.meeting(one.start)
    for pk in one.resources:
        yield from (_no_start(one, span) for span in day.taken.get(pk, ()))
    meetings = [span for span in day.elsewhere.get(one.customer, ()) if not span.overlaps(booked)]
    for other, start in placed:
        if one.resources & other.resources:
            yield _no_start(one, other.occupied(start))
        if one.customer == other.customer and not other.meeting(other.start).overlaps(booked):
            meetings.append(other.meeting(start))
    yield from (Span(span.start - one.length, span.end) for span in meetings)


def _no_start(one: Booking, taken: Span[datetime]) -> Span[datetime]:
    return Span(taken.start - one.length - one.after, taken.end + one.before)


def _around(start: datetime, closed: Iterable[Span[datetime]]) -> datetime:
    """The first moment from `start` on that lies inside none of them; their ends are outside."""
    for span in sorted(closed):
        if span.start < start < span.end:
            start = span.end
    return start
