"""What we gave because a move was our doing: by month, what it is worth, what of it was used and what ran out.

Days and months are those of the place. Sums are in the currency of the business; what was given in one of before is
counted, and adds nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from appointments.domain.colleagues import Places, at
from appointments.domain.reports.days import on_days
from appointments.domain.reports.moves import month_days, month_key
from appointments.enums import CompensationState
from appointments.models import Business, Compensation


@dataclass(frozen=True)
class Given:
    """Of what was decided on in a month (`first` is its first day; None for all together):

    granted, worth   what customers have in their hands or had: codes, and what they are worth
    used, used_worth what of it was used
    lapsed           codes that ran out unused
    waiting          not agreed to yet by a second colleague
    refused          not granted, or taken back before the customer knew
    """

    first: date | None
    granted: int = 0
    worth: Decimal = Decimal(0)
    used: int = 0
    used_worth: Decimal = Decimal(0)
    lapsed: int = 0
    waiting: int = 0
    refused: int = 0


FIGURES = tuple(one.name for one in fields(Given) if one.name != "first")


def given_by_month(first: date, last: date, *, now: datetime, places: Places = None) -> Sequence[Given]:
    """A row for each month from `first` to `last` (both days included) in which something was decided at `places`.

    Three queries, whatever the size.
    """
    sums: dict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    currency = Business.current().currency
    given = at(Compensation.objects.all(), places, place="appointment__location")
    rows = given.filter(on_days("made_at", first, last)).order_by("pk")
    facts = ("made_at", "appointment__location__zone", "state", "valid_until", "worth", "worth_currency")
    for made_at, zone, state, valid_until, worth, in_currency in rows.values_list(*facts).iterator():
        of_month = sums[month_key(made_at, zone)]
        for name, count in _counts(state, valid_until, worth if in_currency == currency else Decimal(0), now):
            of_month[name] += count
    return [_row(month_days(key)[0], sums[key]) for key in sorted(sums)]


def together(rows: Sequence[Given]) -> Given:
    """All months in one."""
    return _row(None, {name: sum(getattr(row, name) for row in rows) for name in FIGURES})


def _counts(state: str, valid_until: datetime, worth: Decimal, now: datetime) -> Iterable[tuple[str, Any]]:
    if state == CompensationState.WAITING:
        return [("waiting", 1)]
    if state in (CompensationState.REFUSED, CompensationState.WITHDRAWN):
        return [("refused", 1)]
    found: list[tuple[str, Any]] = [("granted", 1), ("worth", worth)]
    if state == CompensationState.REDEEMED:
        return [*found, ("used", 1), ("used_worth", worth)]
    return [*found, ("lapsed", 1)] if valid_until < now else found


def _row(first: date | None, figures: dict[str, Any]) -> Given:
    figures = figures | {name: Decimal(figures[name]) for name in ("worth", "used_worth")}
    return Given(first, **figures)
