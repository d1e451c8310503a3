"""The live board of a disruption: a card for each whom it hits, in the column of how far we have come with them.

Reads only, in a constant number of queries, however many are hit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain.disruptions.traces import Traces, read
from appointments.domain.messages.sent import Opening
from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState, PromiseKind, RequestState
from appointments.models import AffectedAppointment, Appointment, Disruption, Promise, RescheduleRequest
from appointments.models.promise import CALL_KINDS

NEAR = timedelta(hours=1)
"""Who has to know within so long, and perhaps does not, is phoned and not waited for."""
FEW, MANY = 30, 300
"""So many cards of a column are shown, and so many of the one that a reader has opened."""
Step = Literal["", "call", "answer", "propose"]


class Column(TextChoices):
    """How far we have come with somebody; each stands in the first that is true of them."""

    UNTOLD = "untold", _("Not told")
    TOLD = "told", _("Told")
    OPENED = "opened", _("Opened")
    PICKED = "picked", _("Picked")
    WISHES = "wishes", _("Need other times")
    CALL = "call", _("Call")
    ENDED = "ended", _("Declined or cancelled")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True)
class Card:
    """One appointment: what it was, what became of it or is open, and the one thing to do next.

    `know_by` is the latest time at which hearing of it is still of use; None once there is proof, or nothing to hear.
    `promise` is what a colleague has to act on, `moves` how often we moved this customer before.
    """

    appointment: Appointment
    column: Column
    was: Span[datetime]
    has_time: bool
    sorted_by: datetime
    know_by: datetime | None
    step: Step
    round_: RescheduleRequest | None
    message: Opening | None
    promise: Promise | None
    open_times: int
    moves: int

    @property
    def is_moved(self) -> bool:
        return self.has_time and self.was.start != self.appointment.starts_at

    def is_late(self, now: datetime) -> bool:
        """Whether it is too late to hear of it in time."""
        return self.know_by is not None and now > self.know_by


@dataclass(frozen=True)
class Stack:
    """A column as it is shown: `cards` are the first of `total`. Of the one that `is_open` there are more of them."""

    column: Column
    cards: Sequence[Card]
    total: int
    is_open: bool

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


@dataclass(frozen=True)
class Board:
    """All cards by column, in each of them first who has to know soonest. `opened`: the column that a reader wants to
    see whole, if any.
    """

    columns: Mapping[Column, Sequence[Card]]
    opened: str = ""

    @property
    def stacks(self) -> Iterator[Stack]:
        """As much of each column as is shown."""
        for column, cards in self.columns.items():
            is_open = column == self.opened
            yield Stack(column, cards[: MANY if is_open else FEW], len(cards), is_open)

    @property
    def total(self) -> int:
        return sum(len(cards) for cards in self.columns.values())

    @property
    def with_time(self) -> int:
        """How many have a time that holds: a new one, or the old one after all."""
        return sum(card.has_time for cards in self.columns.values() for card in cards)

    @property
    def untold(self) -> int:
        return len(self.columns[Column.UNTOLD])


def of(disruption: Disruption, *, now: datetime, opened: str = "") -> Board:
    """The board as it stands. Eight queries; seven or less where nobody is hit, or nobody was told."""
    traces = read(disruption, now=now)
    cards = sorted((_card(row, traces, now=now) for row in traces.rows), key=lambda one: one.sorted_by)
    columns = {column: [card for card in cards if card.column == column] for column in Column}
    return Board(columns, opened if opened in columns else "")


def _card(row: AffectedAppointment, traces: Traces, *, now: datetime) -> Card:
    appointment = row.appointment
    chain = traces.chain_of(row)
    live = chain[-1] if chain and chain[-1].is_live else None
    openings = [traces.openings[one.pk] for one in chain if one.pk in traces.openings]
    promises = traces.promises_of(row, chain)
    acting = _to_act_on(promises, live)
    was, stands = traces.was_of(row), traces.stands(row)
    is_proven = _heard(chain, traces) or any(one.has_arrived for one in openings)
    is_told = is_proven or any(one.is_under_way for one in openings)
    column = _column(row, chain, acting, is_told=is_told, stands=stands)
    sorted_by = was.start - timedelta(minutes=appointment.service.lead_minutes)
    know_by = sorted_by if stands and (column == Column.UNTOLD or not is_proven) else None
    promise = acting or next((one for one in promises if one.kind == PromiseKind.ANSWER_OR_CALL), None)
    return Card(
        appointment=appointment,
        column=column,
        was=was,
        has_time=not stands and appointment.state != AppointmentState.CANCELLED,
        sorted_by=sorted_by,
        know_by=know_by,
        step=_step(column, promise, acting, live=live, know_by=know_by, now=now),
        round_=chain[-1] if chain else None,
        message=openings[-1] if openings else None,
        promise=promise,
        open_times=traces.open_times.get(live.pk, 0) if live else 0,
        moves=traces.moves_before(row),
    )


def _heard(chain: Sequence[RescheduleRequest], traces: Traces) -> bool:
    """Whether the customer was there: opened the page, answered, or spoke with a colleague."""
    return any(one.seen_at or one.answered_at or one.pk in traces.spoken_to for one in chain)


def _to_act_on(promises: Sequence[Promise], live: RescheduleRequest | None) -> Promise | None:
    """What waits for a colleague: calls before times to find, then what is due first."""
    silent = live is not None and live.expired_at is not None
    kinds = (*CALL_KINDS, PromiseKind.ANSWER_OR_CALL) if silent else CALL_KINDS
    waiting = [one for one in promises if one.kind in kinds]
    return min(waiting, key=lambda one: (one.kind == PromiseKind.FIND_TIMES, one.due_at), default=None)


def _column(
    row: AffectedAppointment,
    chain: Sequence[RescheduleRequest],
    acting: Promise | None,
    *,
    is_told: bool,
    stands: bool,
) -> Column:
    if stands and not is_told:
        return Column.UNTOLD
    if acting is not None:
        return Column.WISHES if acting.kind == PromiseKind.FIND_TIMES else Column.CALL
    newest = chain[-1] if chain else None
    if row.appointment.state == AppointmentState.CANCELLED:
        return Column.ENDED
    if newest is not None and newest.state == RequestState.ACCEPTED:
        return Column.PICKED
    if newest is None or not newest.is_live:
        return Column.WISHES if stands else Column.CLOSED
    return Column.OPENED if newest.seen_at or newest.answered_at else Column.TOLD


def _step(
    column: Column,
    promise: Promise | None,
    acting: Promise | None,
    *,
    live: RescheduleRequest | None,
    know_by: datetime | None,
    now: datetime,
) -> Step:
    """The one thing to do next; nothing where the customer has the next word and the time to say it."""
    if column == Column.UNTOLD:
        return "call" if live and promise and promise.kind != PromiseKind.FIND_TIMES else "propose"
    if column == Column.WISHES:
        return "propose"
    if acting is not None:
        return "answer" if acting.kind == PromiseKind.REPLY else "call"
    return "call" if promise and know_by is not None and know_by - now <= NEAR else ""
