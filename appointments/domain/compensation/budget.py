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
    """Of every budget that a place draws on; of all budgets without a place. Two queries.

    A period is counted by the calendar of the place that a budget is for, else of `location`, else by UTC.
    """
    budgets = CompensationBudget.objects.select_related("location")
    if location is not None:
        budgets = budgets.filter(Q(location=location) | Q(location__isnull=True))
    found = [(one, *period_of(one.period, now.astimezone(_zone(one, location)).date())) for one in budgets]
    if not found:
        return []
    sums = {
        f"given_{one.pk}": Sum("worth", filter=_counts_for(one, since, until, _zone(one, location)))
        for one, since, until in found
    }
    alive = Compensation.objects.filter(state__in=GIVEN)
    given = alive.exclude(state=CompensationState.ISSUED, valid_until__lt=now).aggregate(**sums)
    return [
        Stand(one, since, until, Money(given[f"given_{one.pk}"] or Decimal(0), one.limit.currency))
        for one, since, until in found
    ]


def _zone(budget: CompensationBudget, location: Location | None) -> ZoneInfo:
    place = budget.location or location
    return place.tzinfo if place else ZoneInfo("UTC")


def _counts_for(budget: CompensationBudget, since: date, until: date, zone: ZoneInfo) -> Q:
    span = day_span(since, zone, last=until - timedelta(days=1))
    counts = Q(made_at__gte=span.start, made_at__lt=span.end, worth_currency=budget.limit.currency.code)
    return counts & Q(appointment__location=budget.location) if budget.location else counts


def is_used_up(location: Location, *, now: datetime) -> bool:
    """Whether one of the budgets that a place draws on has nothing left."""
    return any(stand.is_used_up for stand in stands(location, now=now))


def would_exceed(location: Location, worth: Money, *, now: datetime) -> bool:
    """Whether giving something of this worth goes beyond one of the budgets of a place. A budget in another currency
    cannot say, so it does.
    """
    return any(stand.left.currency != worth.currency or stand.left < worth for stand in stands(location, now=now))
