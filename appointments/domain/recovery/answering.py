"""The letter that answers a complaint: it settles the points that our words settle."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from appointments.domain.moving import replies
from appointments.domain.recovery import letter, steps
from appointments.domain.transactions import one_transaction
from appointments.enums import GIVEN, CaseStage, CompensationState, PromiseKind
from appointments.models import Compensation, Promise, RecoveryCase


@one_transaction
def reply(promise: Promise, words: str, *, to: str, by: User, now: datetime) -> None:
    """As `replies.reply`; what the letter settles of an open complaint is settled with it."""
    replies.reply(promise, words, to=to, by=by, now=now)
    case = RecoveryCase.objects.open().filter(appointment=promise.appointment_id).first()
    if case is not None:
        steps.settle(case, by=by, now=now)


@one_transaction
def take_back(promise: Promise, *, by: User, now: datetime) -> str | None:
    """As `replies.take_back`; what the letter had settled of a complaint is open again. None too where a colleague has
    gone on and closed it.
    """
    of_letter = RecoveryCase.objects.filter(points__promise=promise).distinct()
    case = of_letter.first()
    if case is not None and not case.is_open and (case.went_wrong or case.closed_at != promise.settled_at):
        return None
    words = replies.take_back(promise, by=by, now=now)
    if words is not None and case is not None:
        steps.unsettle(case, promise, by=by, now=now)
    return words


def letter_owed(case: RecoveryCase) -> Promise | None:
    """The promise that our letter would keep, if one is open."""
    owed = case.appointment.promises.open().filter(kind=PromiseKind.REPLY)
    found: Promise | None = owed.order_by("due_at", "pk").first()
    return found


def draft(promise: Promise) -> str:
    """What was worked out in an open complaint, as a letter to go over; "" where there is none."""
    case = RecoveryCase.objects.open().filter(appointment=promise.appointment_id, stage=CaseStage.RESOLVE).first()
    if case is None:
        return ""
    given = Compensation.objects.filter(point__case=case, state__in=GIVEN).order_by("pk")
    return letter.letter(case, case.points.filter(decided_at__isnull=False), given)


def has_to_listen_first(promise: Promise) -> RecoveryCase | None:
    """The open complaint whose points nobody has answered yet, or of which a second colleague has still to decide what
    we give: what the customer said is read before it is replied to.

    None where the letter may be written.
    """
    case = RecoveryCase.objects.open().filter(appointment=promise.appointment_id).first()
    if case is None or case.stage == CaseStage.DIAGNOSE:
        return None
    open_points = Q(decided_at__isnull=True) | Q(compensations__state=CompensationState.WAITING)
    if case.stage == CaseStage.RESOLVE and not case.points.filter(open_points, done_at__isnull=True).exists():
        return None
    return case
