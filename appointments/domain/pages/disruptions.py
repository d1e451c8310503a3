"""All disruptions: what somebody has to see to first, then what has been lately; each with the one thing to do next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, TextChoices

from appointments.domain import affected
from appointments.enums import AppointmentState, DisruptionState, PlanState
from appointments.models import AffectedAppointment, Disruption, DisruptionPlan
from appointments.models.disruption import AffectedQuerySet, DisruptionQuerySet

LATELY = timedelta(days=90)


class NextStep(TextChoices):
    """What a colleague does with it now."""

    PROGRESS = "progress"
    PLAN = "plan"
    BEGIN = "begin"
    WATCH = "watch"
    CLOSE = "close"
    REPORT = "report"


@dataclass(frozen=True)
class Numbers:
    """How many it has hit; of those how many nobody moves yet, who knows nothing, who still chooses, who cancelled."""

    hit: int = 0
    unsettled: int = 0
    to_move: int = 0
    untold: int = 0
    cancelled: int = 0

    @property
    def with_a_time(self) -> int:
        """A new one, or the one they had."""
        return self.hit - self.unsettled - self.cancelled


@dataclass(frozen=True)
class Entry:
    """One line of the list. `plan`: how far the one has come that is being made or sent."""

    disruption: Disruption
    state: DisruptionState
    numbers: Numbers
    plan: PlanState | None

    @property
    def is_open(self) -> bool:
        return self.state in (DisruptionState.OPEN, DisruptionState.AGAIN)

    def is_current(self, now: datetime) -> bool:
        """Not closed, or lasting still."""
        ends_at = self.disruption.ends_at
        lasts = self.state != DisruptionState.CALLED_OFF and (ends_at is None or ends_at > now)
        return self.is_open or lasts

    @property
    def next_step(self) -> NextStep:
        if self.plan is not None and self.plan != PlanState.DRAFT:
            return NextStep.PROGRESS
        if self.numbers.to_move:
            return NextStep.PLAN if self.plan else NextStep.BEGIN
        if self.numbers.unsettled:
            return NextStep.WATCH
        return NextStep.CLOSE if self.is_open else NextStep.REPORT


@dataclass(frozen=True)
class Listed:
    """`current`: not closed, or lasting still; who knows nothing comes first."""

    current: tuple[Entry, ...]
    past: tuple[Entry, ...]


def listed(rows: DisruptionQuerySet, *, now: datetime) -> Listed:
    """Those of `rows` (with their state) that somebody may ask about. What ended by itself long ago, with nobody left
    in it, is past even if nobody has closed it. Four queries.
    """
    unsettled = AffectedAppointment.objects.unsettled().filter(disruption=OuterRef("pk"))
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=now - LATELY)
    shown = Q(ended_at__isnull=True) & (lasting | Exists(unsettled)) | Q(ended_at__gt=now - LATELY)
    entries = _entries(list(rows.filter(shown).order_by("-starts_at", "-pk")))
    current = [one for one in entries if one.is_current(now)]
    current.sort(key=lambda one: (not one.numbers.untold, not one.numbers.to_move))
    return Listed(tuple(current), tuple(one for one in entries if not one.is_current(now)))


def _entries(found: Collection[Disruption]) -> list[Entry]:
    numbers, plans = _numbers(found), live_plans(found)
    return [
        Entry(
            disruption=one,
            state=DisruptionState(one.state),  # type: ignore[attr-defined]  # of `with_state`
            numbers=numbers.get(one.pk, Numbers()),
            plan=plans.get(one.pk),
        )
        for one in found
    ]


def live_plans(found: Collection[Disruption]) -> dict[int, PlanState]:
    """By the id of its disruption, how far the plan has come that is being made or sent. One query."""
    rows = DisruptionPlan.objects.live().filter(disruption__in=found).values_list("disruption", "state")
    return {pk: PlanState(state) for pk, state in rows}


def _numbers(found: Collection[Disruption]) -> Mapping[int, Numbers]:
    def among(rows: AffectedQuerySet) -> Count:
        return Count("pk", filter=Q(pk__in=rows.values("pk")))

    hit = AffectedAppointment.objects.filter(disruption__in=found).order_by().values("disruption")
    counted = hit.annotate(
        hit=Count("pk"),
        unsettled=among(AffectedAppointment.objects.unsettled()),
        to_move=among(affected.to_move()),
        untold=among(affected.untold()),
        cancelled=Count("pk", filter=Q(appointment__state=AppointmentState.CANCELLED)),
    )
    rows = counted.values_list("disruption", "hit", "unsettled", "to_move", "untold", "cancelled")
    return {pk: Numbers(*counts) for pk, *counts in rows}
