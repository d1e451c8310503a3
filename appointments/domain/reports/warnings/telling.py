"""Customers who must hear of a change soon, or it is of no use to them any more: they will be on their way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.domain import affected
from appointments.domain.colleagues import Places, at

SOON = timedelta(hours=24)
LONGEST_LEAD = timedelta(days=7)
"""As `Service.lead_minutes` allows."""


@dataclass(frozen=True)
class LastChance:
    """Of those who are still untold: `soon`, for whom the last useful hour comes within a day; the first of these
    hours, and the place whose clock it is told by; and `missed`, for whom it has passed before they came.
    """

    soon: int = 0
    missed: int = 0
    first: datetime | None = None
    zone: str = ""


def last_chance(*, now: datetime, places: Places = None) -> LastChance:
    """One query."""
    waiting = at(affected.untold(), places, place="appointment__location").filter(
        appointment__starts_at__gt=now, appointment__starts_at__lt=now + SOON + LONGEST_LEAD
    )
    rows = waiting.order_by().values_list(
        "appointment", "appointment__starts_at", "appointment__service__lead_minutes", "appointment__location__zone"
    )
    hours = [(start - timedelta(minutes=lead), zone) for __, start, lead, zone in rows.distinct()]
    soon = sorted(pair for pair in hours if now <= pair[0] < now + SOON)
    missed = sum(hour < now for hour, __ in hours)
    if not soon:
        return LastChance(missed=missed)
    return LastChance(len(soon), missed, *soon[0])
