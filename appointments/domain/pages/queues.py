"""What stands in line until somebody has dealt with it. Reads only, in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from appointments.domain import affected
from appointments.domain.pages.disruptions import live_plans
from appointments.enums import PlanState
from appointments.models import AffectedAppointment, Disruption
from appointments.models.disruption import AffectedQuerySet


@dataclass(frozen=True)
class Hit:
    """An appointment that has to move, and whether its customer has heard nothing of it yet."""

    row: AffectedAppointment
    is_untold: bool


@dataclass(frozen=True)
class Hits:
    """All that one disruption hits and nobody moves yet, the soonest first."""

    disruption: Disruption
    hits: tuple[Hit, ...]
    plan: PlanState | None
    """How far the plan has come that is being made or sent for them."""

    @property
    def soonest(self) -> datetime:
        return self.hits[0].row.appointment.starts_at


def to_move(rows: AffectedQuerySet) -> list[Hits]:
    """What of `rows` has to move, by disruption: the one that hits somebody soonest first. Three queries."""
    untold = affected.untold().filter(pk=OuterRef("pk"))
    waiting = rows.annotate(is_untold=Exists(untold)).prefetch_related("disruption__resources")
    groups: dict[int, list[AffectedAppointment]] = {}
    for row in waiting.order_by("appointment__starts_at", "pk"):
        groups.setdefault(row.disruption_id, []).append(row)
    plans = live_plans([rows[0].disruption for rows in groups.values()])
    together = (_together(group, plans) for group in groups.values())
    return sorted(together, key=lambda one: (one.soonest, one.disruption.pk))


def _together(rows: Sequence[AffectedAppointment], plans: Mapping[int, PlanState]) -> Hits:
    disruption = rows[0].disruption
    hits = tuple(Hit(one, one.is_untold) for one in rows)  # type: ignore[attr-defined]
    return Hits(disruption, hits, plans.get(disruption.pk))
