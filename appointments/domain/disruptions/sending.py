"""A plan leaves: counted down, perhaps agreed to by a second colleague, then one transaction for each customer.

Nothing here runs long: every call does as much as its time allows, and whoever comes next goes on where it ended, be
it after a crash. What each line became stands in the line, so nobody is told twice and nobody is left out.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, F
from django.utils.translation import gettext as _

from appointments.domain.disruptions.telling import Batch
from appointments.domain.transactions import one_transaction
from appointments.enums import LineState, PlanState
from appointments.errors import DomainError
from appointments.models import Business, DisruptionPlan, PlanLine

AT_ONCE = 50
"""For so many customers is read together what they are told."""
SECONDS = 40
"""A sweep ends after so long, well before the worker's own limit."""


@one_transaction
def ask(plan: DisruptionPlan, *, by: User, now: datetime) -> DisruptionPlan:
    """It is to leave: after the countdown, or once a second colleague has agreed where so many are told at once.

    Raises `DomainError` when there is no reason to tell, nobody to tell, or the plan is not a draft any more.
    """
    plan = _locked(plan)
    if plan.state != PlanState.DRAFT:
        raise DomainError(_("A colleague has sent this plan already."))
    if plan.reason is None:
        raise DomainError(_("Choose the reason: the customers are told it."))
    told = customers_in(plan)
    if not told:
        raise DomainError(_("Nobody has to be told of anything here."))
    needs_another = _needs_a_second(told)
    plan.asked_by, plan.approved_by = by, None
    plan.state = PlanState.APPROVAL if needs_another else PlanState.COUNTDOWN
    plan.send_at = None if needs_another else _leaves(now)
    _keep(plan)
    return plan


@one_transaction
def approve(plan: DisruptionPlan, *, by: User, now: datetime) -> DisruptionPlan:
    """A second colleague agrees. Raises `DomainError` for the one who asked, and when it does not wait for anybody."""
    plan = _locked(plan)
    if plan.state != PlanState.APPROVAL:
        raise DomainError(_("This plan does not wait for anybody's consent."))
    if plan.asked_by_id == by.pk:
        raise DomainError(_("A second colleague has to agree: you have asked for it yourself."))
    plan.approved_by, plan.state, plan.send_at = by, PlanState.COUNTDOWN, _leaves(now)
    _keep(plan)
    return plan


@one_transaction
def stop(plan: DisruptionPlan, *, now: datetime) -> bool:
    """Back to a draft, as long as nobody has been told. False when it is too late for that."""
    plan = _locked(plan)
    if not plan.can_be_stopped(now):
        return False
    plan.state, plan.send_at, plan.asked_by, plan.approved_by = PlanState.DRAFT, None, None, None
    _keep(plan)
    return True


@one_transaction
def try_again(plan: DisruptionPlan, *, now: datetime) -> int:
    """What failed is sent once more. Returns how many lines."""
    plan = _locked(plan)
    failed = plan.lines.filter(state=LineState.FAILED)
    count = int(failed.update(state=LineState.PLANNED, fault=""))
    if count and plan.state == PlanState.SENT:
        plan.state, plan.ended_at = PlanState.SENDING, None
        _keep(plan)
    return count


def send_due(*, now: datetime, seconds: float = SECONDS) -> int:
    """Sends what has been counted down, plan by plan, the soonest appointments first. Returns how many were told.

    A sweep: safe to run twice at once.
    """
    until = time.monotonic() + seconds
    told = 0
    DisruptionPlan.objects.filter(state=PlanState.COUNTDOWN, send_at__lte=now).update(state=PlanState.SENDING)
    leaving = DisruptionPlan.objects.filter(state=PlanState.SENDING).for_display().order_by("send_at", "pk")
    for plan in leaving.prefetch_related("disruption__resources", "disruption__location__resources"):
        for batch, lines in _by_customer(plan, now=now):
            if time.monotonic() > until:
                return told
            told += batch.tell(lines)
        _finish(plan, now=now)
    return told


def customers_in(plan: DisruptionPlan) -> int:
    """How many people would hear of it."""
    counted = plan.lines.waiting().aggregate(people=Count("appointment__customer", distinct=True))
    return int(counted["people"])


def progress(plan: DisruptionPlan) -> dict[str, int]:
    """How many lines are in which state. One query."""
    rows = plan.lines.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(LineState.values, 0) | dict(rows)


def _by_customer(plan: DisruptionPlan, *, now: datetime) -> Iterator[tuple[Batch, list[PlanLine]]]:
    """The lines that wait, together by customer, with what was read for some. Who has to know soonest comes first."""
    customers: dict[int, list[PlanLine]] = {}
    for line in plan.lines.waiting().for_many().order_by("appointment__starts_at", "pk"):
        customers.setdefault(line.appointment.customer_id, []).append(line)
    inorder = list(customers.values())
    for first in range(0, len(inorder), AT_ONCE):
        some = inorder[first : first + AT_ONCE]
        batch = Batch(plan, [line for lines in some for line in lines], now=now)
        yield from ((batch, lines) for lines in some)


@one_transaction
def _finish(plan: DisruptionPlan, *, now: datetime) -> None:
    plan = _locked(plan)
    if plan.state == PlanState.SENDING and not plan.lines.waiting().exists():
        plan.state, plan.ended_at = PlanState.SENT, now
        _keep(plan)


def _needs_a_second(told: int) -> bool:
    most = Business.current().approve_above
    return most is not None and told > most


def _leaves(now: datetime) -> datetime:
    return now + timedelta(seconds=Business.current().undo_seconds)


def _locked(plan: DisruptionPlan) -> DisruptionPlan:
    found: DisruptionPlan = (
        DisruptionPlan.objects.select_for_update(no_key=True, of=("self",)).for_display().get(pk=plan.pk)
    )
    return found


def _keep(plan: DisruptionPlan) -> None:
    """Writes how far it has come, and counts its version on."""
    fields = ["state", "send_at", "ended_at", "asked_by", "approved_by"]
    plan.save(update_fields=fields)
    DisruptionPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
