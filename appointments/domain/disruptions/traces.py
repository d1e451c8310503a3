"""What has happened to everybody whom a disruption hits since it was found: read at once, for the board."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef

from appointments.domain.disruptions import inconvenience
from appointments.domain.messages import sent
from appointments.domain.messages.sent import Opening
from appointments.domain.schedule.spans import Span
from appointments.enums import UNREACHED, EventKind, OfferState, PromiseKind, RequestState
from appointments.models import (
    AffectedAppointment,
    AppointmentEvent,
    CallAttempt,
    Disruption,
    Offer,
    Promise,
    RescheduleRequest,
)

Row = TypeVar("Row", AppointmentEvent, RescheduleRequest, Promise)


@dataclass(frozen=True)
class Traces:
    """Rows by the appointment they are about; `openings` and `open_times` by the round, `moves` by the customer."""

    rows: Sequence[AffectedAppointment]
    moved: Mapping[int, Sequence[AppointmentEvent]]
    rounds: Mapping[int, Sequence[RescheduleRequest]]
    openings: Mapping[int, Opening]
    open_times: Mapping[int, int]
    promises: Mapping[int, Sequence[Promise]]
    spoken_to: frozenset[int]
    """Rounds about which a colleague has spoken with the customer."""
    moves: Mapping[int, Sequence[datetime]]

    def stands(self, row: AffectedAppointment) -> bool:
        """Whether nothing has settled it yet, as `unsettled` has it."""
        return bool(row.is_unsettled)  # type: ignore[attr-defined]  # annotated in `read`

    def chain_of(self, row: AffectedAppointment) -> list[RescheduleRequest]:
        """The rounds that move it out of this disruption, up to the one that did; what came after belongs elsewhere."""
        chain: list[RescheduleRequest] = []
        for round_ in self.rounds.get(row.appointment_id, ()):
            if round_.opened_at >= row.found_at or (round_.is_live and not round_.stands):
                chain.append(round_)
                if round_.state == RequestState.ACCEPTED:
                    break
        return chain

    def promises_of(self, row: AffectedAppointment, chain: Iterable[RescheduleRequest]) -> list[Promise]:
        """What we owe in these rounds, or since then without any, due first."""
        own = {one.pk for one in chain}
        standing = self.promises.get(row.appointment_id, ())
        return [
            one for one in standing if one.request_id in own or (not one.request_id and one.made_at >= row.found_at)
        ]

    def was_of(self, row: AffectedAppointment) -> Span[datetime]:
        """When it was to take place when it was found."""
        moves = (one for one in self.moved.get(row.appointment_id, ()) if one.pk > row.last_event)
        first = next(moves, None)
        if first is None or not first.before:
            return Span(row.appointment.starts_at, row.appointment.ends_at)
        start, end = (datetime.fromisoformat(first.before[name]) for name in ("starts_at", "ends_at"))
        return Span(start, end)

    def moves_before(self, row: AffectedAppointment) -> int:
        """How often we had moved this customer when it was found."""
        return sum(at < row.found_at for at in self.moves.get(row.appointment.customer_id, ()))


def read(disruption: Disruption, *, now: datetime) -> Traces:
    """Eight queries at most."""
    unsettled = AffectedAppointment.objects.unsettled().filter(pk=OuterRef("pk"))
    hit = disruption.affected.annotate(is_unsettled=Exists(unsettled)).order_by("appointment__starts_at", "pk")
    rows = list(
        hit.select_related(*(f"appointment__{name}" for name in ("customer", "service", "location", "provider")))
    )
    about: dict[str, Any] = {"appointment__in": disruption.affected.order_by().values("appointment")}
    moved = AppointmentEvent.objects.filter(kind=EventKind.MOVED, **about).order_by("pk")
    told = RescheduleRequest.objects.told().filter(**about)
    rounds = list(told.select_related("appointment", "told_with__appointment").order_by("round"))
    owed = Promise.objects.open().exclude(kind=PromiseKind.HOLD).filter(**about).order_by("due_at", "pk")
    calls = CallAttempt.objects.filter(promise__request__isnull=False).exclude(outcome__in=UNREACHED)
    spoken_to = calls.filter(promise__appointment__in=about["appointment__in"]).values_list(
        "promise__request", flat=True
    )
    customers = {row.appointment.customer_id for row in rows}
    return Traces(
        rows=rows,
        moved=_by_appointment(moved),
        rounds=_by_appointment(rounds),
        openings=sent.newest_openings(rounds) if rounds else {},
        open_times=_open_times(about, now=now),
        promises=_by_appointment(owed.select_related("owner")),
        spoken_to=frozenset(spoken_to),
        moves=inconvenience.moves_of_customers(customers, now=now) if customers else {},
    )


def _open_times(about: Mapping[str, Any], *, now: datetime) -> dict[int, int]:
    live = RescheduleRequest.objects.live().filter(**about).values("pk")
    ahead = Offer.objects.filter(request__in=live, state=OfferState.LIVE, starts_at__gt=now)
    return dict(ahead.order_by().values_list("request").annotate(count=Count("pk")))


def _by_appointment(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.appointment_id].append(row)
    return found
