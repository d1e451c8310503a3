"""The columns of a board, whether each is a resource or a day: what stands in one, and when it is closed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, Subquery

from appointments.domain import affected
from appointments.domain.pages.diary.scale import Moments, Scale
from appointments.domain.pages.diary.times import Private
from appointments.domain.schedule import spans
from appointments.domain.schedule.spans import Span
from appointments.enums import LIVE_REQUEST_STATES, OfferState
from appointments.models import Appointment, Occupancy, Offer, RescheduleRequest, Resource

BlockKind = Literal["appointment", "hold", "offer"]


@dataclass(frozen=True)
class Block:
    """Something in a column. `span` is the service time, `occupied` the same with its buffers.

    A hold is drawn as what it keeps free, which may be several offers that touch each other; `until` is when it ends
    by itself. An offer here is one that is not held: whoever comes first has it. `district` is where we come to the
    customer; empty where the customer comes to us.
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
    district: str = ""
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
    """One resource on one day. `key` tells it from the others of its board; `closed` is the name of a day on which the
    whole place is closed.
    """

    key: str
    resource: Resource
    scale: Scale
    blocks: tuple[Block, ...]
    shades: tuple[Shade, ...]
    closed: str = ""
    private: tuple[Private, ...] = ()

    @property
    def day(self) -> date:
        return self.scale.day.date

    @property
    def is_shut(self) -> bool:
        """Whether nobody is there at any time of the day."""
        return len(self.shades) == 1 and self.shades[0].span == self.scale.window


def column(
    key: object,
    resource: Resource,
    scale: Scale,
    blocks: Sequence[Block],
    opened: Sequence[Moments],
    *,
    closed: str = "",
    private: Sequence[Private] = (),
) -> Column:
    """The column of `resource` on the day of `scale`; `opened` are its hours of that day."""
    shades = tuple(_shades(opened, scale.window))
    there = tuple(one for one in private if one.span.overlaps(scale.window))
    return Column(str(key), resource, scale, tuple(_in_lanes(blocks)), shades, closed, there)


def drawn_now(columns: Sequence[Column], *, now: datetime) -> Scale | None:
    """The scale of a column in which the line of the hour is seen; None where none is."""
    return next((one.scale for one in columns if one.scale.window.start < now < one.scale.window.end), None)


def blocks_of(resources: Sequence[Resource], span: Moments, *, now: datetime) -> dict[int, list[Block]]:
    """What stands in `span`, by resource. Two queries."""
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
        district=_district(appointment),
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
        district=_district(appointment),
        outside_hours=offer.outside_hours,
    )


def _district(appointment: Appointment) -> str:
    return appointment.customer.district if appointment.is_at_customer else ""


def _in_lanes(blocks: Sequence[Block]) -> list[Block]:
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
