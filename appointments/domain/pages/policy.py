"""What anybody may expect of us when an appointment has to move: read from the tables and rules that decide it.

So the page and the engine cannot say different things: there is no second place where any of this is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from appointments.domain import pace
from appointments.domain.compensation import budget, rules, table
from appointments.domain.moving import drafts
from appointments.domain.privacy.page import for_customers
from appointments.domain.reports import promises
from appointments.domain.reports.promises import RECENT, Kept
from appointments.enums import DataKind
from appointments.models import Business, CompensationRule


@dataclass(frozen=True)
class Policy:
    """`fewest`: at least so many times to choose from. `rows`: the whole table in force, since the first row that fits
    is the one; none where nothing of it gives more than words. `hours`: within how many open hours we say that we come
    back, `is_measured`: because it takes us so long at present. `kept`: what became of our promises in the last `days`.
    Beyond what is set aside a second colleague decides. `keeping`: how many days what is about customers stays.
    """

    business: Business
    fewest: int
    hours: float
    is_measured: bool
    kept: Kept
    rows: Sequence[CompensationRule]
    has_budget: bool
    keeping: Mapping[DataKind, int]
    is_used_up: bool
    days: int = RECENT.days


def policy(*, now: datetime) -> Policy:
    """How it stands at present. Seven queries at the most, whatever the size."""
    business = Business.current()
    stands, rows = budget.stands(None, now=now), rules.in_force()
    return Policy(
        business=business,
        fewest=drafts.FEWEST,
        hours=pace.hours_to_say(business),
        is_measured=business.measured_hours is not None,
        kept=promises.together(promises.kept_by_kind(now - RECENT, now)),
        rows=rows if any(table.is_something(row) for row in rows) else [],
        has_budget=bool(stands),
        keeping=for_customers(),
        is_used_up=any(stand.is_used_up for stand in stands),
    )
