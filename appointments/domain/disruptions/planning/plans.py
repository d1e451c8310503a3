"""A plan for all whom a disruption hits: begun, made, adjusted by hand, and made again around what is pinned.

Nothing is told to anybody here, and no time is held: that begins with `sending`. Whoever changes a plan counts its
version on, and whoever has worked something out writes it only if nobody has changed the plan meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.utils.translation import gettext as _

from appointments.domain import affected
from appointments.domain.disruptions.planning import placing
from appointments.domain.disruptions.planning.questions import Limits
from appointments.domain.schedule.slots import Slot
from appointments.domain.transactions import one_transaction
from appointments.enums import DisruptionScope, PlanState
from appointments.errors import DomainError
from appointments.models import Appointment, Disruption, DisruptionPlan, PlanLine, Reason, Resource
from appointments.models.disruption import AffectedQuerySet

SECONDS = 0.8
"""For so long a page waits for a better plan than the first."""
ATTEMPTS = 4
WRITTEN_AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """What a colleague decides for everybody: what is said, who answers for it, and the limits."""

    reason: Reason | None
    contact: User
    limits: Limits
    personal_note: str = ""


@one_transaction
def begin(disruption: Disruption, *, by: User, now: datetime) -> DisruptionPlan:
    """The plan of `disruption` that is being made or sent; an empty one when there is none.

    Raises `DomainError` for what concerns one appointment only: that is moved by itself.
    """
    if disruption.scope == DisruptionScope.APPOINTMENT or disruption.ended_at is not None:
        raise DomainError(_("There is nothing to plan here: move the appointment by itself."))
    Disruption.objects.select_for_update(of=("self",), no_key=True).get(pk=disruption.pk)
    standing = DisruptionPlan.objects.live().for_display().filter(disruption=disruption).first()
    if standing is not None:
        return standing
    reason = disruption.reason if disruption.reason and disruption.reason.is_active else None
    return DisruptionPlan.objects.create(disruption=disruption, reason=reason, contact=by, made_at=now)


def whom(disruption: Disruption) -> list[Appointment]:
    """Everybody who is hit and whom nobody moves yet, the soonest first. One query."""
    rows: AffectedQuerySet = affected.to_move().filter(disruption=disruption)
    found = Appointment.objects.filter(pk__in=rows.values("appointment")).for_display()
    return list(found.order_by("starts_at", "pk"))


def change(plan: DisruptionPlan, wanted: Wanted, *, now: datetime, anew: bool = False) -> DisruptionPlan:
    """Sets what is decided for everybody; other limits make another plan, around what is pinned, and so does `anew`."""
    with_new_limits = Limits.of(plan) != wanted.limits
    _set(plan, wanted)
    return make(plan, now=now, anew=True) if with_new_limits or anew else _fresh(plan)


def make(plan: DisruptionPlan, *, now: datetime, seconds: float = SECONDS, anew: bool = False) -> DisruptionPlan:
    """Places everybody who has to move: around what is pinned, and so that what need not change does not.

    `anew`: what is not pinned is decided afresh. What a colleague has written and said of each stays. Raises
    `DomainError` when the plan is being sent, or colleagues keep changing it.
    """
    for _attempt in range(ATTEMPTS):
        plan = _fresh(plan)
        _must_be_a_draft(plan)
        appointments = whom(plan.disruption)
        before = {line.appointment_id: line for line in plan.lines.select_related("appointment")}
        lines, placeable = placing.placed(plan, appointments, before, now=now, seconds=seconds, anew=anew)
        if _write(plan, lines, placeable):
            return _fresh(plan)
    raise DomainError(_("A colleague is changing this plan too. Please look at it again."))


def pin(plan: DisruptionPlan, appointment_id: int, *, pinned: bool) -> None:
    """Keeps a line as it is whatever is planned around it, or lets it go again."""
    _change_line(plan, appointment_id, is_pinned=pinned)


def place(plan: DisruptionPlan, appointment_id: int, slot: Slot, *, now: datetime) -> DisruptionPlan:
    """A colleague puts somebody to `slot`, pinned; the others make room. Whether it is free is `slot_at`'s business."""
    chosen = {
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "provider": slot.provider_id,
        "resource_ids": list(slot.resource_ids),
        "outside_hours": slot.outside_hours,
        "is_pinned": True,
    }
    _change_line(plan, appointment_id, **chosen)
    return make(plan, now=now)


@one_transaction
def leave_to(plan: DisruptionPlan, appointment_id: int, caller: User | None) -> None:
    """`caller` phones this customer about everything in the plan that is theirs, and they get no message; None: they
    are written to like the others.
    """
    _change_line(plan, appointment_id, caller=caller)
    whose = Appointment.objects.filter(pk=appointment_id).values("customer")
    plan.lines.filter(appointment__customer__in=whose).update(caller=caller)


def write(plan: DisruptionPlan, appointment_id: int, personal_note: str) -> None:
    """A line for this customer only, instead of the one for all."""
    _change_line(plan, appointment_id, personal_note=personal_note.strip())


def drop(plan: DisruptionPlan, *, now: datetime) -> bool:
    """Nobody needs it any more. False when it is being sent, or over."""
    drafts = DisruptionPlan.objects.filter(pk=plan.pk, state__in=(PlanState.DRAFT, PlanState.APPROVAL))
    return drafts.update(state=PlanState.DROPPED, ended_at=now, version=F("version") + 1) == 1


def _set(plan: DisruptionPlan, wanted: Wanted) -> None:
    limits = wanted.limits
    _count_on(
        plan,
        reason=wanted.reason,
        contact=wanted.contact,
        personal_note=wanted.personal_note.strip(),
        window_days=limits.window_days,
        same_person=limits.same_person,
        outside_hours=limits.outside_hours,
        keep_free=limits.keep_free,
    )
    plan.stand_ins.set(Resource.objects.filter(pk__in=limits.stand_ins))


@one_transaction
def _write(plan: DisruptionPlan, lines: Iterable[PlanLine], placeable: Mapping[str, int]) -> bool:
    """False when somebody has changed the plan since it was read: then this was worked out for nothing."""
    unchanged = DisruptionPlan.objects.filter(pk=plan.pk, version=plan.version, state=PlanState.DRAFT)
    if unchanged.update(version=F("version") + 1, placeable=dict(placeable)) != 1:
        return False
    plan.lines.all().delete()
    PlanLine.objects.bulk_create(lines, batch_size=WRITTEN_AT_ONCE)
    return True


@one_transaction
def _change_line(plan: DisruptionPlan, appointment_id: int, **fields: Any) -> None:
    _count_on(plan)
    if plan.lines.filter(appointment=appointment_id).update(**fields) != 1:
        raise DomainError(_("This appointment does not have to be moved any more."))


def _count_on(plan: DisruptionPlan, **fields: Any) -> None:
    drafts = DisruptionPlan.objects.filter(pk=plan.pk, state=PlanState.DRAFT)
    if drafts.update(version=F("version") + 1, **fields) != 1:
        _must_be_a_draft(_fresh(plan))


def _fresh(plan: DisruptionPlan) -> DisruptionPlan:
    found: DisruptionPlan = DisruptionPlan.objects.for_display().prefetch_related("stand_ins").get(pk=plan.pk)
    return found


def _must_be_a_draft(plan: DisruptionPlan) -> None:
    if plan.state != PlanState.DRAFT:
        raise DomainError(
            _("This plan is %(state)s: nothing of it can be changed now.") % {"state": plan.get_state_display()}
        )
