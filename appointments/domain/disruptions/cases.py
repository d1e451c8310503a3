"""What became of everybody whom a disruption hit: when they knew, and where their time went. Read from the facts.

A case is the move of one appointment since it was found to be hit: it begins with the first round that its customer
was told of from then on, and goes on while a round is replaced by the next.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain.disruptions import known
from appointments.domain.disruptions.known import Known
from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState, EventKind, RequestState, ResourceKind
from appointments.models import AffectedAppointment, AppointmentEvent, Disruption, RescheduleRequest, Resource


class Became(TextChoices):
    """What became of somebody whom a disruption hit."""

    CHOSE = "chose", _("chose a new time")
    MOVED = "moved", _("moved by a colleague")
    KEPT = "kept", _("takes place as booked")
    CANCELLED = "cancelled", _("cancelled")
    CHOOSING = "choosing", _("still choosing")
    WITH_US = "with_us", _("our turn to answer")
    TO_MOVE = "to_move", _("still to move")
    OVER = "over", _("its time has passed")


@dataclass(frozen=True)
class Move:
    """Where it went, and when that was settled."""

    at: datetime
    was: Span[datetime]
    to: Span[datetime]
    was_chosen: bool
    has_another_person: bool

    @property
    def delay(self) -> timedelta:
        """Negative for sooner."""
        return self.to.start - self.was.start


@dataclass(frozen=True)
class Case:
    """One appointment that was hit. `calls`: how often somebody phoned about it."""

    row: AffectedAppointment
    rounds: Sequence[RescheduleRequest]
    became: Became
    known: Known | None
    move: Move | None
    calls: int

    @property
    def was(self) -> Span[datetime]:
        """The time that was taken away."""
        return self.move.was if self.move else Span(self.row.appointment.starts_at, self.row.appointment.ends_at)

    @property
    def latest_useful(self) -> datetime:
        """Whoever hears of it later has set out in vain."""
        return self.was.start - timedelta(minutes=self.row.appointment.service.lead_minutes)

    @property
    def is_in_time(self) -> bool:
        return self.known is not None and self.known.at <= self.latest_useful

    @property
    def took_to_tell(self) -> timedelta | None:
        """From when it was found to be hit; nothing for whoever had heard of a move before."""
        return max(self.known.at - self.row.found_at, timedelta()) if self.known else None

    @property
    def took_to_place(self) -> timedelta | None:
        return self.move.at - self.row.found_at if self.move else None


def of(disruption: Disruption) -> list[Case]:
    """The cases of a disruption, by the time that was taken away, in a constant number of queries."""
    unsettled = AffectedAppointment.objects.unsettled().filter(pk=OuterRef("pk"))
    found = AffectedAppointment.objects.filter(disruption=disruption).for_display()
    rows = list(found.annotate(is_unsettled=Exists(unsettled)))
    if not rows:
        return []
    rounds = _rounds(rows)
    moves = _moves(rows)
    knowing = known.of_rounds([one for chain in rounds.values() for one in chain])
    made = (_case(row, rounds[row.pk], moves.get(row.pk), knowing) for row in rows)
    return sorted(made, key=lambda one: (one.was.start, one.row.pk))


def _case(
    row: AffectedAppointment, rounds: Sequence[RescheduleRequest], move: Move | None, knowing: Mapping[int, Known]
) -> Case:
    return Case(
        row=row,
        rounds=rounds,
        became=_became(row, rounds, move),
        known=min((knowing[one.pk] for one in rounds if one.pk in knowing), default=None),
        move=move,
        calls=sum(one.n_calls for one in rounds),  # type: ignore[attr-defined]  # annotated in `_rounds`
    )


def _became(row: AffectedAppointment, rounds: Sequence[RescheduleRequest], move: Move | None) -> Became:
    live = next((one for one in rounds if one.is_live), None)
    if move is not None:
        return Became.CHOSE if move.was_chosen else Became.MOVED
    if row.kept_at is not None:
        return Became.KEPT
    if row.appointment.state == AppointmentState.CANCELLED:
        return Became.CANCELLED
    if live is not None:
        return Became.CHOOSING if live.state == RequestState.OPEN else Became.WITH_US
    if row.is_unsettled:  # type: ignore[attr-defined]  # annotated in `of`
        return Became.TO_MOVE
    return Became.KEPT if row.disruption.ended_at is not None else Became.OVER


def _rounds(rows: Collection[AffectedAppointment]) -> dict[int, list[RescheduleRequest]]:
    """By the id of the row. A live round that was there before counts too: it moves the appointment all the same."""
    earliest = min(row.found_at for row in rows)
    told = RescheduleRequest.objects.told().filter(appointment__in=[row.appointment_id for row in rows])
    live = RescheduleRequest.objects.live()
    since = told.filter(Q(opened_at__gte=earliest) | Q(pk__in=live.values("pk")))
    of: dict[int, list[RescheduleRequest]] = defaultdict(list)
    for one in since.annotate(n_calls=Count("promises__calls")).order_by("appointment", "round"):
        of[one.appointment_id].append(one)
    return {row.pk: _chain(row, of[row.appointment_id]) for row in rows}


def _chain(row: AffectedAppointment, rounds: Iterable[RescheduleRequest]) -> list[RescheduleRequest]:
    chain: list[RescheduleRequest] = []
    for one in rounds:
        if one.opened_at < row.found_at and not one.is_live:
            continue
        chain.append(one)
        if one.state != RequestState.REPLACED:
            break
    return chain


def _moves(rows: Collection[AffectedAppointment]) -> dict[int, Move]:
    """By the id of the row: the first time that it moved since it was found."""
    since = {row.appointment_id: row for row in rows}
    events = AppointmentEvent.objects.filter(appointment__in=since, kind=EventKind.MOVED)
    firsts: dict[int, AppointmentEvent] = {}
    for event in events.filter(pk__gt=min(row.last_event for row in rows)).order_by("pk"):
        row = since[event.appointment_id]
        if event.pk > row.last_event:
            firsts.setdefault(row.pk, event)
    people = set(Resource.objects.filter(kind=ResourceKind.PROVIDER).values_list("pk", flat=True)) if firsts else set()
    return {pk: _move(event, people) for pk, event in firsts.items()}


def _move(event: AppointmentEvent, people: Collection[int]) -> Move:
    before, after = event.before or {}, event.after or {}
    leaders = [{pk for pk in fact["resources"] if pk in people} for fact in (before, after)]
    return Move(
        at=event.at,
        was=_span(before),
        to=_span(after),
        was_chosen=event.request_id is not None,
        has_another_person=leaders[0] != leaders[1],
    )


def _span(fact: Mapping[str, str]) -> Span[datetime]:
    return Span(datetime.fromisoformat(fact["starts_at"]), datetime.fromisoformat(fact["ends_at"]))
