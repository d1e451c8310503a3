"""What stands in line until somebody has dealt with it. Reads only, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from appointments.domain import affected
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

    @property
    def soonest(self) -> datetime:
        return self.hits[0].row.appointment.starts_at


def to_move(rows: AffectedQuerySet) -> list[Hits]:
    """What of `rows` has to move, by disruption: the one that hits somebody soonest first. Two queries."""
    untold = affected.untold().filter(pk=OuterRef("pk"))
    waiting = rows.annotate(is_untold=Exists(untold)).prefetch_related("disruption__resources")
    groups: dict[int, list[AffectedAppointment]] = {}
    for row in waiting.order_by("appointment__starts_at", "pk"):
        groups.setdefault(row.disruption_id, []).append(row)
    return sorted((_together(group) for group in groups.values()), key=lambda one: (one.soonest, one.disruption.pk))


def _together(rows: Iterable[AffectedAppointment]) -> Hits:
    found = list(rows)
    return Hits(found[0].disruption, tuple(Hit(one, one.is_untold) for one in found))  # type: ignore[attr-defined]
