"""What hits several who have to move: they are planned together rather than one by one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from appointments.domain.pages.disruptions import live_plans
from appointments.enums import PlanState
from appointments.models import Disruption
from appointments.models.disruption import AffectedQuerySet

SHOWN = 8
"""So many stand above the queue; all of them have a page of their own."""


@dataclass(frozen=True)
class Together:
    """`total` that one disruption hits and nobody moves yet. `plan`: how far the one has come that is being made or
    sent for them.
    """

    disruption: Disruption
    total: int
    soonest: datetime
    plan: PlanState | None


@dataclass(frozen=True)
class AllTogether:
    """`shown`: those of them that hit somebody soonest; so many `more`."""

    shown: tuple[Together, ...]
    more: int


def together(rows: AffectedQuerySet) -> AllTogether:
    """What of `rows` has to move, by what hits it. Four queries."""
    counted = rows.order_by().values("disruption").annotate(total=Count("pk"), soonest=Min("appointment__starts_at"))
    found = sorted(counted, key=lambda one: (one["soonest"], one["disruption"]))
    first = {one["disruption"]: one for one in found[:SHOWN]}
    disruptions = Disruption.objects.for_display().in_bulk(first)
    plans = live_plans(list(disruptions.values()))
    shown = (Together(disruptions[pk], one["total"], one["soonest"], plans.get(pk)) for pk, one in first.items())
    return AllTogether(tuple(shown), len(found) - len(first))
