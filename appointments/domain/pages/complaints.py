"""A complaint as the desk sees it, with both sides of its story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from appointments.domain.recovery import answering, impact, steps
from appointments.domain.recovery.impact import Impact
from appointments.enums import CaseStage
from appointments.models import CaseEntry, CasePoint, Promise, RecoveryCase


@dataclass(frozen=True)
class Step:
    """One of the five, and where the complaint stands beside it: done, now or later."""

    stage: CaseStage
    number: int
    look: str


@dataclass(frozen=True)
class Complaint:
    """One complaint: what came in, what we know, how far the work on it is."""

    case: RecoveryCase
    entries: Sequence[CaseEntry]
    points: Sequence[CasePoint]
    steps: Sequence[Step]
    impact: Impact
    letter: Promise | None
    """The promise that our letter keeps."""

    @property
    def can_be_answered(self) -> bool:
        """Whether the letter may be written: every point has an answer, and we owe one."""
        decided = bool(self.points) and all(point.decided_at for point in self.points)
        return self.letter is not None and decided and self.case.stage == CaseStage.RESOLVE


def complaint(case: RecoveryCase, *, now: datetime) -> Complaint:
    """Seven queries."""
    return Complaint(
        case=case,
        entries=list(case.entries.all()),
        points=list(_points(case)),
        steps=_steps(case),
        impact=impact.impact_of(case, now=now),
        letter=answering.letter_owed(case),
    )


def _points(case: RecoveryCase) -> QuerySet[CasePoint]:
    return case.points.select_related("promise", "case__appointment__customer").prefetch_related(
        "solutions_used", "compensations"
    )


def _steps(case: RecoveryCase) -> list[Step]:
    order = steps.ORDER
    at = order.index(CaseStage(case.stage)) if case.is_open else len(order)
    looks = ["done" if number < at else "now" if number == at else "later" for number in range(len(order))]
    return [Step(stage, number, look) for number, (stage, look) in enumerate(zip(order, looks, strict=True), start=1)]
