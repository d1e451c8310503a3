"""The customers of a plan are told: one transaction for each, with what was read for many of them before."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from appointments.domain import actors, affected, booking
from appointments.domain.actors import Actor
from appointments.domain.disruptions.line_drafts import LineDrafts
from appointments.domain.moving import rounds
from appointments.domain.prepared import Prepared
from appointments.domain.transactions import one_transaction
from appointments.enums import LineState
from appointments.errors import DomainError
from appointments.models import DisruptionPlan, PlanLine, RescheduleRequest


class Batch:
    """Some lines of a plan that leaves, and what is read for all of them before the first is told.

    Whether somebody is still to be told is not among it: that is read for each customer, with the appointments locked.
    """

    def __init__(self, plan: DisruptionPlan, lines: Sequence[PlanLine], *, now: datetime) -> None:
        self._plan, self._now = plan, now
        self._drafts = LineDrafts(plan, lines, now=now)
        prefetch_related_objects([line.appointment for line in lines], "occupancies")
        self._standing = Prepared(_standing(plan))

    def tell(self, lines: Sequence[PlanLine]) -> int:
        """One customer, whose lines these are. Returns how many were told.

        What is refused is written down with its sentence and stops nobody else.
        """
        try:
            told = self._tell_together(lines)
        except DomainError as error:
            waiting = PlanLine.objects.waiting().filter(pk__in=[line.pk for line in lines])
            waiting.update(state=LineState.FAILED, fault=error.message[:300])
            return 0
        if told:
            self._drafts.was_told(lines)
        return told

    @one_transaction
    def _tell_together(self, lines: Sequence[PlanLine]) -> int:
        appointments = booking.lock_as_read([line.appointment for line in lines])
        standing = {pk: (is_hit, is_moved) for pk, is_hit, is_moved in self._standing([line.pk for line in lines])}
        needless = [pk for pk, (is_hit, _is_moved) in standing.items() if not is_hit]
        if needless:
            PlanLine.objects.filter(pk__in=needless).update(state=LineState.NEEDLESS)
        for line, appointment in zip(lines, appointments, strict=True):
            line.appointment = appointment
        left = [line for line in lines if line.pk in standing and line.pk not in needless]
        if not left:
            return 0
        untouched = {line.appointment_id for line in left if not standing[line.pk][1]}
        opened = rounds.open_together(
            [(line.appointment, self._drafts.of(line)) for line in left],
            by=_sender(self._plan),
            now=self._now,
            known=self._drafts.known,
            untouched=untouched,
        )
        for line, round_ in zip(left, opened, strict=True):
            state = LineState.CALL if line.caller_id else LineState.SENT
            PlanLine.objects.filter(pk=line.pk).update(state=state, request=round_)
        return 1


def _standing(plan: DisruptionPlan) -> QuerySet[PlanLine, tuple[int, bool, bool]]:
    """Of each line that waits, whether it is still to be moved out of the plan's disruption, and whether it has ever
    had a round.
    """
    to_move = affected.to_move().filter(disruption=plan.disruption_id, appointment=OuterRef("appointment"))
    moved = RescheduleRequest.objects.filter(appointment=OuterRef("appointment"))
    lines = PlanLine.objects.waiting().order_by().annotate(is_hit=Exists(to_move), is_moved=Exists(moved))
    rows: QuerySet[PlanLine, tuple[int, bool, bool]] = lines.values_list("pk", "is_hit", "is_moved")
    return rows


def _sender(plan: DisruptionPlan) -> Actor:
    return actors.staff(plan.asked_by) if plan.asked_by else actors.SYSTEM
