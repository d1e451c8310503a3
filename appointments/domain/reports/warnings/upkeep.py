"""Rooms and equipment whose maintenance is due, and how many appointments lean on them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, Q, When

from appointments.domain.colleagues import Places, at
from appointments.models import Resource

AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class DueForUpkeep:
    """`booked`: appointments of the next 30 days that need it. `is_late`: the day has passed."""

    resource: Resource
    is_late: bool
    booked: int


def due_for_upkeep(*, today: date, now: datetime, places: Places = None) -> list[DueForUpkeep]:
    """What is due within 30 days, the soonest first. One query."""
    coming = Q(
        occupancies__request__isnull=True,
        occupancies__ends_at__gt=now,
        occupancies__starts_at__lt=now + AHEAD,
    )
    things = at(Resource.objects.select_related("location"), places, place="location")
    due = things.filter(is_active=True, upkeep_by__lte=today + AHEAD)
    late = Case(When(upkeep_by__lt=today, then=True), default=False)
    counted = due.annotate(booked=Count("occupancies__appointment", filter=coming, distinct=True), is_late=late)
    return [DueForUpkeep(one, one.is_late, one.booked) for one in counted.order_by("upkeep_by", "pk")]
