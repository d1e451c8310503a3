"""How a disruption went: how soon everybody knew, how soon and how well each was placed, what it cost.

Worked out from the facts whenever somebody looks. Figures are of the cause and of what was missing, never of people.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Avg, Count

from appointments.domain.disruptions import cases, inconvenience
from appointments.domain.disruptions.cases import Became, Case
from appointments.domain.messages import sent
from appointments.enums import LineState
from appointments.models import Disruption, Feedback, PlanLine

UNSETTLED = (Became.TO_MOVE, Became.CHOOSING, Became.WITH_US)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Hours:
    """Half took at most `typical` hours, the last one `longest`."""

    typical: float
    longest: float


@dataclass(frozen=True)
class Satisfaction:
    """What customers said afterwards, on the average, from 1 to 5; None where nobody said anything."""

    count: int
    handling: float | None
    outcome: float | None


@dataclass(frozen=True)
class Report:
    """The figures of one disruption.

    in_time, too_late  who knew before the latest useful hour, and who has been told after it
    untold             who still has to hear of it: what takes place as booked needs no message
    ways               by which way they heard of it first; "" for those of whom we only know that they answered
    failed             why messages of its plans could not be written, each with how often
    lost               messages that did not arrive
    moved_minutes      how much of the staff's time had to be found again; lost_minutes: how much was cancelled
    points, people_hurt   what the ledger of inconvenience counts for it, and for how many
    """

    disruption: Disruption
    hit: int
    people: int
    became: dict[Became, int]
    known: int
    in_time: int
    too_late: int
    untold: int
    telling: Hours | None
    ways: dict[str, int]
    placing: Hours | None
    delay: Hours | None
    with_another_person: int
    called: int
    failed: Sequence[tuple[str, int]]
    lost: int
    satisfaction: Satisfaction
    moved_minutes: int
    lost_minutes: int
    points: float
    people_hurt: int


def report(disruption: Disruption, *, now: datetime) -> Report:
    """A constant number of queries, however many were hit."""
    found = cases.of(disruption)
    entries = inconvenience.of_rounds([round_.pk for one in found for round_ in one.rounds], now=now)
    knowing = [one for one in found if one.known is not None]
    moved = [one.move for one in found if one.move is not None]
    cancelled = [one for one in found if one.became == Became.CANCELLED]
    return Report(
        disruption=disruption,
        hit=len(found),
        people=len({one.row.appointment.customer_id for one in found}),
        became=_in_order(Counter(one.became for one in found)),
        known=len(knowing),
        in_time=sum(one.is_in_time for one in knowing),
        too_late=sum(not one.is_in_time for one in knowing),
        untold=sum(one.known is None and one.became in UNSETTLED for one in found),
        telling=_hours(one.took_to_tell for one in found),
        ways=dict(Counter(one.known.way for one in knowing if one.known).most_common()),
        placing=_hours(one.took_to_place for one in found),
        delay=_hours(one.delay for one in moved),
        with_another_person=sum(one.has_another_person for one in moved),
        called=sum(one.calls > 0 for one in found),
        failed=_failed(disruption),
        lost=sent.lost(round_ for one in found for round_ in one.rounds),
        satisfaction=_satisfaction(found),
        moved_minutes=sum((one.was.end - one.was.start) // MINUTE for one in moved),
        lost_minutes=sum((one.was.end - one.was.start) // MINUTE for one in cancelled),
        points=sum(one.points for one in entries),
        people_hurt=len({one.round_.appointment.customer_id for one in entries}),
    )


def _in_order(counts: Counter[Became]) -> dict[Became, int]:
    return {one: counts[one] for one in Became if counts[one]}


def _hours(spans: Iterable[timedelta | None]) -> Hours | None:
    hours = [span / HOUR for span in spans if span is not None]
    return Hours(median(hours), max(hours)) if hours else None


def _failed(disruption: Disruption) -> list[tuple[str, int]]:
    """The most frequent first."""
    lines = PlanLine.objects.filter(plan__disruption=disruption, state=LineState.FAILED)
    rows = lines.order_by().values_list("fault").annotate(count=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _satisfaction(found: Collection[Case]) -> Satisfaction:
    """Of those appointments, as far as it was said since they were hit."""
    since = min((one.row.found_at for one in found), default=None)
    said = Feedback.objects.filter(appointment__in=[one.row.appointment_id for one in found])
    said = said.filter(at__gte=since) if since else said.none()
    means = said.aggregate(count=Count("pk"), handling=Avg("handling"), outcome=Avg("outcome"))
    return Satisfaction(means["count"], means["handling"], means["outcome"])
