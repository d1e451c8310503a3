"""What is set aside for a month, a quarter or a year, and what of it has been given."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from djmoney.money import Money

from appointments.domain.schedule.wallclock import day_span
from appointments.enums import GIVEN, BudgetPeriod, CompensationState
from appointments.models import Compensation, CompensationBudget, Location

MONTHS = {BudgetPeriod.MONTH: 1, BudgetPeriod.QUARTER: 3, BudgetPeriod.YEAR: 12}


@dataclass(frozen=True)
class Stand:
    """How far a budget is used up: `given` can still be used or was; what nobody used in time is free again."""

    budget: CompensationBudget
    since: date
    until: date
    """The first day of the next period."""
    given: Money

    @property
    def left(self) -> Money:
        return self.budget.limit - self.given

    @property
    def is_used_up(self) -> bool:
        return self.left.amount <= 0


def period_of(period: str, today: date) -> tuple[date, date]:
    """The first day of the period that `today` lies in, and of the next."""
    months = MONTHS[BudgetPeriod(period)]
    first = today.replace(month=today.month - (today.month - 1) % months, day=1)
    after = first.month - 1 + months
    return first, date(first.year + after // 12, after % 12 + 1, 1)


def stands(location: Location | None, *, now: datetime) -> list[Stand]:
    """Of every budget that a place draws on; of all budgets without a place. A query, and one for each budget."""
    budgets = CompensationBudget.objects.select_related("location")
    if location is not None:
        budgets = budgets.filter(Q(location=location) | Q(location__isnull=True))
    return [stand_of(budget, zone=(budget.location or location), now=now) for budget in budgets]


def stand_of(budget: CompensationBudget, *, zone: Location | None, now: datetime) -> Stand:
    """`zone`: the place by whose calendar the period is counted; UTC without one."""
    tz = ZoneInfo(zone.zone) if zone else ZoneInfo("UTC")
    since, until = period_of(budget.period, now.astimezone(tz).date())
    span = day_span(since, tz).start, day_span(until - timedelta(days=1), tz).end
    rows = Compensation.objects.filter(state__in=GIVEN, made_at__gte=span[0], made_at__lt=span[1])
    rows = rows.exclude(state=CompensationState.ISSUED, valid_until__lt=now)
    if budget.location_id:
        rows = rows.filter(appointment__location=budget.location_id)
    currency = budget.limit.currency
    given = rows.filter(worth_currency=currency.code).aggregate(sum=Sum("worth"))["sum"]
    return Stand(budget, since, until, Money(given or Decimal(0), currency))


def is_used_up(location: Location, *, now: datetime) -> bool:
    """Whether one of the budgets that a place draws on has nothing left."""
    return any(stand.is_used_up for stand in stands(location, now=now))


def would_exceed(location: Location, worth: Money, *, now: datetime) -> bool:
    """Whether giving something of this worth goes beyond one of the budgets of a place."""
    return any(stand.left.amount < worth.amount for stand in stands(location, now=now))
