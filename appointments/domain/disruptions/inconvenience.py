"""What we have cost each customer: who is moved last, and to whom what becomes free is offered first.

Read from what happened, never typed in, and forgotten by halves. A move that the customer wished for costs nothing:
only what we caused stands here, and nothing here is ever held against the customer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from appointments.enums import Fault, OfferState
from appointments.models import Offer, RescheduleRequest
from appointments.models.rescheduling import RequestQuerySet

OF_A_MOVE = 1.0
AT_SHORT_NOTICE = 0.5
SHORT_NOTICE = timedelta(hours=24)
"""Who is told later than this before the time has to change plans for the same or the next day."""
OF_A_WEEK_OF_WAITING = 1.0
MOST_OF_WAITING = 2.0
HALVED_AFTER = timedelta(days=90)
FORGOTTEN_AFTER = timedelta(days=365)
MOST_WEIGHT = 3.0
"""However often we moved somebody, their delay weighs at most so many times that of anybody else."""


@dataclass(frozen=True)
class Entry:
    """One move that we caused, what it cost when it happened, and what of that counts today."""

    round_: RescheduleRequest
    at_short_notice: bool
    waited: timedelta
    """How much later the new time was, as far as one was chosen."""
    points: float
    counts: float


def of_customers(ids: Collection[int], *, now: datetime) -> dict[int, float]:
    """By the id of a customer what counts today; who is missing has cost us nothing. One query."""
    sums: dict[int, float] = defaultdict(float)
    for row in _moves(now).filter(appointment__customer__in=ids).select_related("appointment"):
        sums[row.appointment.customer_id] += _entry(row, now).counts
    return dict(sums)


def moves_of_customers(ids: Collection[int], *, now: datetime) -> dict[int, list[datetime]]:
    """By the id of a customer when we told them of a move, the newest first. One query."""
    told: dict[int, list[datetime]] = defaultdict(list)
    rows = _moves(now).filter(appointment__customer__in=ids).order_by("-opened_at")
    for customer, opened_at in rows.values_list("appointment__customer", "opened_at"):
        told[customer].append(opened_at)
    return dict(told)


def entries_of(customer_id: int, *, now: datetime) -> list[Entry]:
    """Every move that still counts, the newest first. One query."""
    rows = _moves(now).filter(appointment__customer=customer_id).for_display().order_by("-opened_at", "-pk")
    return [_entry(row, now) for row in rows]


def of_rounds(ids: Collection[int], *, now: datetime) -> list[Entry]:
    """Those of these rounds that cost their customers something, however long ago. One query."""
    rows = _caused().filter(pk__in=ids).for_display().order_by("opened_at", "pk")
    return [_entry(row, now) for row in rows]


def total(entries: Iterable[Entry]) -> float:
    return sum(one.counts for one in entries)


def weight(counts: float) -> float:
    """How many times the delay of somebody whom we have cost so much weighs beside that of somebody else."""
    return min(1.0 + counts / 2, MOST_WEIGHT)


def _moves(now: datetime) -> RequestQuerySet:
    """Those that still count."""
    found: RequestQuerySet = _caused().filter(opened_at__gt=now - FORGOTTEN_AFTER)
    return found


def _caused() -> RequestQuerySet:
    """Rounds of our making that their customers have heard of, each with when the time begins that was chosen."""
    taken = Offer.objects.filter(request=OuterRef("pk"), state=OfferState.TAKEN).values("starts_at")[:1]
    told = RescheduleRequest.objects.told().filter(wished=False)
    found: RequestQuerySet = told.exclude(reason__fault=Fault.CUSTOMER).annotate(taken_at=Subquery(taken))
    return found


def _entry(row: RescheduleRequest, now: datetime) -> Entry:
    taken_at: datetime | None = row.taken_at  # type: ignore[attr-defined]  # annotated in `_moves`
    points = _points(row.opened_at, row.was_starts_at, taken_at)
    return Entry(
        round_=row,
        at_short_notice=_is_short(row.opened_at, row.was_starts_at),
        waited=_waited(row.was_starts_at, taken_at),
        points=points,
        counts=_counts(row.opened_at, points, now),
    )


def _points(opened_at: datetime, was_starts_at: datetime, taken_at: datetime | None) -> float:
    weeks = _waited(was_starts_at, taken_at) / timedelta(days=7)
    points = OF_A_MOVE + min(weeks * OF_A_WEEK_OF_WAITING, MOST_OF_WAITING)
    return points + AT_SHORT_NOTICE if _is_short(opened_at, was_starts_at) else points


def _is_short(opened_at: datetime, was_starts_at: datetime) -> bool:
    return was_starts_at - opened_at < SHORT_NOTICE


def _waited(was_starts_at: datetime, taken_at: datetime | None) -> timedelta:
    return max((taken_at or was_starts_at) - was_starts_at, timedelta())


def _counts(opened_at: datetime, points: float, now: datetime) -> float:
    return points * 0.5 ** ((now - opened_at) / HALVED_AFTER)
