"""What the day board shows: one place, one day, a column per resource. Reads only, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from appointments.domain import affected
from appointments.domain.schedule import spans
from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import LIVE_REQUEST_STATES, OfferState, ResourceKind
from appointments.models import Location, Occupancy, Offer, RescheduleRequest, Resource

BlockKind = Literal["appointment", "hold", "offer"]
Moments = Span[datetime]

HOUR = timedelta(hours=1)

USUAL_HOURS = (8, 17)
"""What is drawn of a day on which nothing is open and nothing happens."""


@dataclass(frozen=True)
class Block:
    """Something in a column. `span` is the service time, `occupied` the same with its buffers.

    A hold is drawn as what it keeps free, which may be several offers that touch each other; `until` is when it ends
    by itself. An offer here is one that is not held: whoever comes first has it.
    """

    kind: BlockKind
    span: Moments
    occupied: Moments
    appointment_id: int
    customer: str
    service: str
    state: str
    round_state: str = ""
    must_move: bool = False
    with_whom: str = ""
    until: datetime | None = None
    outside_hours: bool = False
    lane: int = 0

    @property
    def before(self) -> Moments:
        """The buffer before the service; empty when there is none."""
        return Span(self.occupied.start, self.span.start)

    @property
    def after(self) -> Moments:
        """The buffer after it."""
        return Span(self.span.end, self.occupied.end)


@dataclass(frozen=True)
class Shade:
    """A span in which the resource is not there. A pause lies between two open spans of the same day."""

    span: Moments
    is_pause: bool


@dataclass(frozen=True)
class Column:
    resource: Resource
    blocks: tuple[Block, ...]
    shades: tuple[Shade, ...]


@dataclass(frozen=True)
class Board:
    """One day of one place. `window` is the part of it that is drawn: whole hours on the place's clock."""

    location: Location
    day: date
    window: Moments
    columns: tuple[Column, ...]
    kinds: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not any(column.blocks for column in self.columns)

    @property
    def is_closed(self) -> bool:
        """Whether nobody is there at any time of the day."""
        return all(len(column.shades) == 1 and column.shades[0].span == self.window for column in self.columns)


def day_board(location: Location, day: date, *, now: datetime, kind: str = "") -> Board:
    """The board of `day` on the clock of `location`; `kind` leaves only resources of that kind."""
    whole = day_span(day, location.tzinfo)
    everything = _resources(location, whole, now=now)
    resources = [one for one in everything if not kind or one.kind == kind]
    blocks = _blocks(resources, whole, now=now)
    opened = open_spans(resources, window=whole)
    window = _window(day, location.tzinfo, opened.values(), blocks.values())
    return Board(
        location=location,
        day=day,
        window=window,
        columns=tuple(
            Column(one, tuple(_in_lanes(blocks[one.pk])), tuple(_shades(opened[one.pk], window))) for one in resources
        ),
        kinds=tuple(sorted({one.kind for one in everything}, key=list(ResourceKind.values).index)),
    )


def hours_of(window: Moments) -> list[datetime]:
    """The full hours of `window` as they pass; one that a clock shows twice is there twice."""
    count = int((window.end - window.start) / HOUR)
    return [window.start + HOUR * passed for passed in range(count + 1)]


def _resources(location: Location, day: Moments, *, now: datetime) -> list[Resource]:
    """Those in use, and those that are not and still have something to do that day: nothing booked may vanish."""
    busy = Occupancy.objects.in_force(now).overlapping(day.start, day.end).filter(resource=OuterRef("pk"))
    order = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(ResourceKind.values)))
    shown = location.resources.filter(Q(is_active=True) | Exists(busy))
    found = list(shown.order_by(order, "position", "name", "pk"))
    for one in found:
        one.location = location
    return found


def _blocks(resources: Sequence[Resource], span: Moments, *, now: datetime) -> dict[int, list[Block]]:
    """What stands in each column, by resource."""
    found: dict[int, list[Block]] = defaultdict(list)
    live_round = RescheduleRequest.objects.undecided().filter(appointment=OuterRef("appointment"))
    occupancies = (
        Occupancy.objects.in_force(now)
        .filter(resource__in=resources)
        .overlapping(span.start, span.end)
        .select_related("appointment__customer", "appointment__service", "appointment__provider")
        .annotate(
            round_state=Subquery(live_round.values("state")[:1]),
            must_move=Exists(affected.to_move().filter(appointment=OuterRef("appointment"))),
        )
    )
    for occupancy in occupancies:
        found[occupancy.resource_id].append(_occupied_block(occupancy))
    for resource_id, offer in _open_offers(resources, span, now=now):
        found[resource_id].append(_offered_block(offer))
    return found


def _occupied_block(occupancy: Occupancy) -> Block:
    appointment = occupancy.appointment
    occupied = Span(occupancy.starts_at, occupancy.ends_at)
    held = occupancy.request_id is not None
    provider = appointment.provider
    return Block(
        kind="hold" if held else "appointment",
        span=occupied if held else Span(appointment.starts_at, appointment.ends_at),
        occupied=occupied,
        appointment_id=appointment.pk,
        customer=appointment.customer.name,
        service=appointment.service.name_in(),
        state=appointment.state,
        round_state=getattr(occupancy, "round_state", None) or "",
        must_move=not held and getattr(occupancy, "must_move", False),
        with_whom=provider.name if provider and provider.pk != occupancy.resource_id else "",
        until=occupancy.expires_at,
    )


def _open_offers(resources: Sequence[Resource], span: Moments, *, now: datetime) -> Iterator[tuple[int, Offer]]:
    """Offers that can be taken but are not held (any more), with each resource they would occupy."""
    not_held = Q(offer__kept_until__isnull=True) | Q(offer__kept_until__lte=now)
    rows = Offer.resources.through.objects.filter(
        not_held,
        resource__in=resources,
        offer__state=OfferState.LIVE,
        offer__request__state__in=LIVE_REQUEST_STATES,
        offer__starts_at__gt=now,
        offer__starts_at__lt=span.end,
        offer__ends_at__gt=span.start,
    )
    appointment = "offer__request__appointment"
    for row in rows.select_related(f"{appointment}__customer", f"{appointment}__service").order_by("offer", "pk"):
        yield row.resource_id, row.offer


def _offered_block(offer: Offer) -> Block:
    appointment = offer.request.appointment
    span = Span(offer.starts_at, offer.ends_at)
    return Block(
        kind="offer",
        span=span,
        occupied=span,
        appointment_id=appointment.pk,
        customer=appointment.customer.name,
        service=appointment.service.name_in(),
        state=appointment.state,
        round_state=offer.request.state,
        outside_hours=offer.outside_hours,
    )


def _in_lanes(blocks: list[Block]) -> list[Block]:
    """In order of time. What lies over something earlier (only offers can) is indented, so that both are seen."""
    ordered = sorted(blocks, key=lambda block: (block.occupied.start, block.kind != "appointment", block.occupied.end))
    placed: list[Block] = []
    for block in ordered:
        taken = {other.lane for other in placed if other.occupied.overlaps(block.occupied)}
        lane = next(lane for lane in range(len(ordered) + 1) if lane not in taken)
        placed.append(block if lane == 0 else replace(block, lane=lane))
    return placed


def _shades(opened: Sequence[Moments], window: Moments) -> list[Shade]:
    """The window without the open spans."""
    first, last = (opened[0].start, opened[-1].end) if opened else (window.end, window.end)
    return [
        Shade(closed, is_pause=first <= closed.start and closed.end <= last)
        for closed in spans.subtract([window], opened)
    ]


def _window(
    day: date, zone: ZoneInfo, opened: Iterable[Sequence[Moments]], blocks: Iterable[Sequence[Block]]
) -> Moments:
    """The hours that are drawn: from the first to the last thing of the day, in whole hours of that day."""
    whole = day_span(day, zone)
    drawn = [span for one in opened for span in one] + [block.occupied for one in blocks for block in one]
    usual = [datetime.combine(day, time(hour), zone) for hour in USUAL_HOURS]
    first = min((span.start for span in drawn), default=usual[0])
    last = max((span.end for span in drawn), default=usual[1])
    # Hours are counted from midnight as they pass, so that a day on which the clock changes stays in step.
    before = (max(first, whole.start) - whole.start) // HOUR
    until = -((whole.start - min(last, whole.end)) // HOUR)
    return Span(whole.start + before * HOUR, min(whole.end, whole.start + until * HOUR))
