"""What a table of what we give would have cost: the moves of a time that has passed, judged by its rows.

Counted are the moves that ended with a new time, each by the day on which its customer was told (`reports.moves`), with
the facts that the offers would have been judged by: those of its first round, and the time that was chosen.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from djmoney.money import Money

from appointments.domain.colleagues import Places
from appointments.domain.compensation.budget import period_of
from appointments.domain.compensation.cases import COUNTED, caused
from appointments.domain.compensation.table import Facts, decide, is_something
from appointments.domain.reports.moves import Rounds, moves, opened_between
from appointments.enums import GIVEN, BudgetPeriod, Fault, RequestState
from appointments.models import Business, Compensation, CompensationRule


@dataclass(frozen=True)
class Line:
    """What one row would have given: how often, and what that costs about. `rule` is None for what no row is for."""

    rule: CompensationRule | None
    count: int
    cost: Money


@dataclass(frozen=True)
class Cost:
    """`moves`: how many nobody had wished for; `given`: how many of them would have brought something."""

    lines: Sequence[Line]
    moves: int
    given: int
    cost: Money


def with_given(found: Rounds) -> Rounds:
    """`found` (which come from `reports.moves`) with `given`: what their picks brought, used or not, in the currency of
    the business; None for nothing. One query for the currency.
    """
    given = Compensation.objects.filter(
        appointment=OuterRef("appointment"),
        request__round__gte=OuterRef("round"),
        request__round__lte=OuterRef("end_round"),
        state__in=GIVEN,
        worth_currency=Business.current().currency,
    ).order_by()
    return found.annotate(given=Subquery(given.values("appointment").annotate(sum=Sum("worth")).values("sum")))


def last_quarter(today: date) -> tuple[date, date]:
    """The first and the last day of the last quarter that has ended."""
    begun, _next = period_of(BudgetPeriod.QUARTER, today)
    last = begun - timedelta(days=1)
    return period_of(BudgetPeriod.QUARTER, last)[0], last


def facts_between(start: date, end: date, *, places: Places = None) -> list[Facts]:
    """Of every move at `places` told from `start` to `end` that ended with a new time and that the customer did not
    wish for.

    Three queries, whatever the size.
    """
    found = opened_between(moves(places=places), start, end).filter(end_state=RequestState.ACCEPTED, wished=False)
    found = found.exclude(reason__fault=Fault.CUSTOMER).exclude(placed_at=None)
    fields = ("reason__fault", "opened_at", "was_starts_at", "placed_at", "appointment__customer")
    rows = list(found.order_by("pk").values_list(*fields, "appointment__service"))
    told = _told_before({row[4] for row in rows})
    return [
        Facts(
            fault=fault,
            notice=was - opened_at,
            wait=placed_at - was,
            moves=_nth(told[customer], opened_at),
            service=service,
        )
        for fault, opened_at, was, placed_at, customer, service in rows
    ]


def cost_of(rows: Sequence[CompensationRule], cases: Sequence[Facts]) -> Cost:
    """What `rows` would have given in these cases, row by row; what no row is for comes last."""
    currency = Business.current().currency
    counts: dict[int, int] = defaultdict(int)
    by_key = {id(row): row for row in rows}
    for facts in cases:
        row = decide(rows, facts)
        counts[id(row) if row else 0] += 1
    lines = [Line(row, counts[key], row.worth * counts[key]) for key, row in by_key.items()]
    given = sum(line.count for line in lines if is_something(line.rule))
    # Rows in a currency of before add up to nothing.
    ours = (line.cost for line in lines if line.cost.currency.code == currency)
    total = sum(ours, Money(Decimal(0), currency))
    if counts[0]:
        lines.append(Line(None, counts[0], Money(Decimal(0), currency)))
    return Cost(lines, len(cases), given, total)


def _told_before(customers: set[int]) -> dict[int, list[datetime]]:
    """By customer when we told them of each move of our making, the first first."""
    told: dict[int, list[datetime]] = defaultdict(list)
    rows = caused().filter(appointment__customer__in=customers).order_by("opened_at")
    for customer, opened_at in rows.values_list("appointment__customer", "opened_at"):
        told[customer].append(opened_at)
    return told


def _nth(told: Sequence[datetime], opened_at: datetime) -> int:
    """As `compensation.cases.moves_until` counts."""
    return 1 + bisect_left(told, opened_at) - bisect_right(told, opened_at - COUNTED)
