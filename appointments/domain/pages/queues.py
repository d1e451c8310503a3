"""What stands in line until somebody has dealt with it. Reads only, in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Window
from django.db.models.functions import RowNumber

from appointments.domain import affected
from appointments.domain.pages.disruptions import live_plans
from appointments.enums import PlanState, PromiseKind
from appointments.models import AffectedAppointment, Disruption, Promise
from appointments.models.disruption import AffectedQuerySet
from appointments.models.promise import CALL_KINDS

SHOWN = 50
"""So many of those whom one disruption hits are read one by one; more are planned together."""


@dataclass(frozen=True)
class Hit:
    """An appointment that has to move, and whether its customer has heard nothing of it yet."""

    row: AffectedAppointment
    is_untold: bool


@dataclass(frozen=True)
class Hits:
    """`total` that one disruption hits and nobody moves yet; `hits` are the soonest of them, `SHOWN` at most.

    `plan`: how far the one has come that is being made or sent for them.
    """

    disruption: Disruption
    hits: tuple[Hit, ...]
    total: int
    plan: PlanState | None

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.hits)

    @property
    def soonest(self) -> datetime:
        return self.hits[0].row.appointment.starts_at


def to_move(rows: AffectedQuerySet) -> list[Hits]:
    """What of `rows` has to move, by disruption: the one that hits somebody soonest first. Three queries."""
    untold = affected.untold().filter(pk=OuterRef("pk"))
    waiting = rows.annotate(is_untold=Exists(untold)).prefetch_related("disruption__resources")
    groups: dict[int, list[AffectedAppointment]] = {}
    order = ("appointment__starts_at", "pk")
    numbered = waiting.annotate(
        place=Window(RowNumber(), partition_by="disruption", order_by=order),
        total=Window(Count("pk"), partition_by="disruption"),
    )
    for row in numbered.filter(place__lte=SHOWN).order_by(*order):
        groups.setdefault(row.disruption_id, []).append(row)
    plans = live_plans([rows[0].disruption for rows in groups.values()])
    together = (_together(group, plans) for group in groups.values())
    return sorted(together, key=lambda one: (one.soonest, one.disruption.pk))


@dataclass(frozen=True)
class Unreached:
    """Somebody who is being moved and whom nobody has told; `promise`: the call that a colleague owes, if one does."""

    row: AffectedAppointment
    promise: Promise | None


def unreached(rows: AffectedQuerySet) -> list[Unreached]:
    """The soonest of `rows`, each appointment once. Two queries."""
    found: dict[int, AffectedAppointment] = {}
    for row in rows.order_by("appointment__starts_at", "pk")[:SHOWN]:
        found.setdefault(row.appointment_id, row)
    owed = Promise.objects.open().filter(appointment__in=found, kind__in=(*CALL_KINDS, PromiseKind.ANSWER_OR_CALL))
    calls: dict[int, Promise] = {}
    for one in owed.order_by("due_at", "pk"):
        calls.setdefault(one.appointment_id, one)
    return [Unreached(row, calls.get(pk)) for pk, row in found.items()]


def _together(rows: Sequence[AffectedAppointment], plans: Mapping[int, PlanState]) -> Hits:
    disruption = rows[0].disruption
    hits = tuple(Hit(one, one.is_untold) for one in rows)  # type: ignore[attr-defined]
    return Hits(disruption, hits, rows[0].total, plans.get(disruption.pk))  # type: ignore[attr-defined]
