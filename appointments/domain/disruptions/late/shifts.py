"""How much later each of the day's bookings begins when some people run late: no more than is needed. Pure.

The first booking of each of them begins so many minutes later, and whatever follows begins when what came before it is
over: gaps absorb the delay, and nobody overtakes anybody. Their order and their buffers stay.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from appointments.domain.schedule.spans import Span

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
    """By key when each booking begins that does not stay where it is.

    None: it can begin at no time that follows, because a room, a machine or somebody who is in time belongs to others
    then, its customer is elsewhere with us, or the day is over. It stays where it is, and the others go round it.
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
        start = max([one.soonest, *follows, *([one.booked + late] if is_first else [])])
        start = _around(start, _closed_to(one, day, placed))
        if start != one.start and not _is_possible(one, start, day):
            return {}, one
        free |= dict.fromkeys(people, one.occupied(start).end)
        placed.append((one, start))
    return {one.key: start for one, start in placed}, None


def _closed_to(one: Booking, day: Day, placed: Iterable[tuple[Booking, datetime]]) -> Iterator[Span[datetime]]:
    """Between which moments it cannot begin: what its late people have besides, and what others have begun to use."""
    for pk in one.resources & day.people:
        yield from (_no_start(one, span) for span in day.taken.get(pk, ()))
    for other, start in placed:
        if one.resources & other.resources:
            yield _no_start(one, other.occupied(start))
        if one.customer == other.customer:
            meeting = other.meeting(start)
            yield Span(meeting.start - one.length, meeting.end)


def _no_start(one: Booking, taken: Span[datetime]) -> Span[datetime]:
    return Span(taken.start - one.length - one.after, taken.end + one.before)


def _around(start: datetime, closed: Iterable[Span[datetime]]) -> datetime:
    """The first moment from `start` on that lies inside none of them; their ends are outside."""
    for span in sorted(closed):
        if span.start < start < span.end:
            start = span.end
    return start


def _is_possible(one: Booking, start: datetime, day: Day) -> bool:
    occupied, meeting = one.occupied(start), one.meeting(start)
    others: Collection[int] = one.resources - day.people
    return (
        meeting.end <= day.until
        and not any(occupied.overlaps(span) for pk in others for span in day.taken.get(pk, ()))
        and not any(meeting.overlaps(span) for span in day.elsewhere.get(one.customer, ()))
    )
