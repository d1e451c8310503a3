"""One day of a plan as a board: who may take somebody, what stands there, whom the plan puts there, and free places.

Reads only, in a constant number of queries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appointments.domain.disruptions.planning import choices
from appointments.domain.disruptions.planning.choices import Choice
from appointments.domain.pages.diary.columns import Block, Shade
from appointments.domain.pages.diary.day import day_board
from appointments.domain.pages.diary.scale import HOUR
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import ResourceKind
from appointments.models import DisruptionPlan, Location, PlanLine, Resource

HIT = timedelta(minutes=15)
"""As much room as a place has on the board at most, however long it is."""
WAITING = 20
"""So many of those without a time stand beside the day."""


@dataclass(frozen=True)
class Card:
    """Somebody whom the plan puts there."""

    line: PlanLine
    span: Span[datetime]


@dataclass(frozen=True)
class Place:
    """Where the chosen one can go: as long as the grid has it to itself, so that each can be hit."""

    choice: Choice
    span: Span[datetime]


@dataclass(frozen=True)
class Column:
    """`cards`: whom the plan puts there; `places`: where the chosen one can go."""

    resource: Resource
    blocks: Sequence[Block]
    shades: Sequence[Shade]
    cards: Sequence[Card]
    places: Sequence[Place]


@dataclass(frozen=True)
class PlanDay:
    """`days`: how many have a time on which day. `waiting`: the soonest of those who have none at all."""

    location: Location
    day: date
    window: Span[datetime]
    columns: Sequence[Column]
    chosen: PlanLine | None
    days: Sequence[tuple[date, int]]
    waiting: Sequence[PlanLine]

    @property
    def yesterday(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def tomorrow(self) -> date:
        return self.day + timedelta(days=1)

    @property
    def is_free(self) -> bool:
        """Whether there is any place for the chosen one."""
        return any(column.places for column in self.columns)


def of(plan: DisruptionPlan, *, day: date | None, chosen: PlanLine | None, now: datetime) -> PlanDay:
    """Without `day`: when the chosen one is to come, else the first on which anybody is, else today."""
    location, lines = plan.disruption.location, plan.lines.needed()
    days = _days(lines.with_time().values_list("starts_at", flat=True), location)
    day = day or _first(chosen, days, location, now=now)
    places = choices.on(chosen, day, now=now) if chosen else []
    whole = day_span(day, location.tzinfo)
    cards = _cards(lines.for_display().filter(starts_at__gte=whole.start, starts_at__lt=whole.end))
    board = day_board(location, day, now=now)
    taking, putting = _by_resource(cards), _places(places)
    shown = {*_who_may(plan), *taking, *putting}
    columns = [
        Column(one.resource, one.blocks, one.shades, taking.get(one.resource.pk, ()), putting.get(one.resource.pk, ()))
        for one in board.columns
        if one.resource.pk in shown
    ]
    spans = [Span(one.slot.starts_at, one.slot.ends_at) for one in places] + [one.span for one in cards]
    waiting = list(lines.without_time().for_display()[:WAITING])
    return PlanDay(location, day, _around(board.window, spans), columns, chosen, days, waiting)


def _days(starts: Iterable[datetime | None], location: Location) -> list[tuple[date, int]]:
    return sorted(Counter(start.astimezone(location.tzinfo).date() for start in starts if start).items())


def _first(chosen: PlanLine | None, days: Sequence[tuple[date, int]], location: Location, *, now: datetime) -> date:
    if chosen and chosen.starts_at:
        return chosen.starts_at.astimezone(location.tzinfo).date()
    return days[0][0] if days else now.astimezone(location.tzinfo).date()


def _who_may(plan: DisruptionPlan) -> Iterable[int]:
    """Whoever does what one of them is booked for."""
    able = Resource.objects.filter(kind=ResourceKind.PROVIDER, is_active=True, location=plan.disruption.location)
    services = plan.lines.order_by().values("appointment__service")
    found: Iterable[int] = able.filter(requirements__service__in=services).values_list("pk", flat=True)
    return found


def _cards(lines: Iterable[PlanLine]) -> list[Card]:
    return [Card(line, Span(line.starts_at, line.ends_at)) for line in lines if line.starts_at and line.ends_at]


def _by_resource(cards: Iterable[Card]) -> Mapping[int, Sequence[Card]]:
    found: dict[int, list[Card]] = defaultdict(list)
    for one in cards:
        found[one.line.provider_id or one.line.resource_ids[0]].append(one)
    return found


def _places(found: Iterable[Choice]) -> Mapping[int, Sequence[Place]]:
    by_resource: dict[int, list[Choice]] = defaultdict(list)
    for one in found:
        by_resource[one.slot.provider_id or one.slot.resource_ids[0]].append(one)
    return {pk: _one_after_another(places) for pk, places in by_resource.items()}


def _one_after_another(places: Sequence[Choice]) -> list[Place]:
    """Each until the next begins, at most as long as it takes."""
    nexts = [one.slot.starts_at for one in places[1:]] + [places[-1].slot.ends_at]
    return [
        Place(one, Span(one.slot.starts_at, min(one.slot.ends_at, following, one.slot.starts_at + HIT)))
        for one, following in zip(places, nexts, strict=True)
    ]


def _around(window: Span[datetime], spans: Sequence[Span[datetime]]) -> Span[datetime]:
    """The window, longer by whole hours where something lies outside it."""
    first = min((span.start for span in spans), default=window.start)
    last = max((span.end for span in spans), default=window.end)
    before, after = max(0, -((first - window.start) // HOUR)), max(0, -((window.end - last) // HOUR))
    return Span(window.start - before * HOUR, window.end + after * HOUR)
