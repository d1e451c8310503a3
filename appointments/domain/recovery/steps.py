"""The five steps of a case. Each has a way out, and none can be gone past.

After H.E.A.R.D. as service desks teach it (hear, empathise, apologise, resolve, diagnose): `docs/principles.md`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, promises
from appointments.domain.compensation import giving
from appointments.domain.compensation.cases import origin_of, row_for
from appointments.domain.compensation.giving import Gift
from appointments.domain.history import in_source, record
from appointments.domain.messages import announce
from appointments.domain.recovery import exits
from appointments.domain.recovery.cases import lock
from appointments.domain.transactions import one_transaction
from appointments.enums import (
    GIVEN,
    ApologyLevel,
    CaseConcern,
    CaseOrigin,
    CaseStage,
    CompensationState,
    EventKind,
    Fault,
    PointAction,
    PromiseKind,
    PromiseState,
    RequestState,
)
from appointments.errors import DomainError
from appointments.models import CasePoint, Promise, Reason, RecoveryCase

ORDER = (CaseStage.HEAR, CaseStage.EMPATHISE, CaseStage.APOLOGISE, CaseStage.RESOLVE, CaseStage.DIAGNOSE)
NOT_ENDED = (CompensationState.WAITING, CompensationState.ISSUED)
SETTLED = (PromiseState.KEPT, PromiseState.BROKEN)
"""Late is done too; what became needless is not."""


@one_transaction
def hear(
    case: RecoveryCase, *, concern: CaseConcern, wants: str, points: Sequence[str], by: User, now: datetime
) -> RecoveryCase:
    """What it is about, in one sentence of ours, and each point in the customer's own words.

    Points that were answered already stay. Where nothing went wrong there is nothing to be sorry for: the answer comes
    next. Raises `DomainError` without a point.
    """
    case = _at(case, CaseStage.HEAR)
    wanted = list(dict.fromkeys(one.strip() for one in points if one.strip()))
    if not wanted:
        raise DomainError(str(exits.NO_POINT))
    case.points.exclude(words__in=wanted).filter(action="").delete()
    there = set(case.points.values_list("words", flat=True))
    CasePoint.objects.bulk_create(
        CasePoint(case=case, words=words, confirmed_at=now) for words in wanted if words not in there
    )
    case.concern, case.wants = concern, wants.strip()
    return _write(case, ["concern", "wants"], by=by, now=now)


@one_transaction
def empathise(case: RecoveryCase, *, cost: str, by: User, now: datetime) -> RecoveryCase:
    """What it cost this customer, from our facts and their account."""
    case = _at(case, CaseStage.EMPATHISE)
    case.cost = cost.strip()
    if not case.cost:
        raise DomainError(str(exits.NO_COST))
    return _write(case, ["cost"], by=by, now=now)


@one_transaction
def apologise(case: RecoveryCase, *, level: ApologyLevel, by: User, now: datetime) -> RecoveryCase:
    """How much of it is ours. Raises `DomainError` for less than the cause asks for."""
    case = _at(case, CaseStage.APOLOGISE)
    if level < (least := least_apology(case)):
        raise DomainError(_("It was our doing, so it takes at least: “%(level)s”") % {"level": least.label})
    case.apology = level
    return _write(case, ["apology"], by=by, now=now)


def least_apology(case: RecoveryCase) -> ApologyLevel:
    """By whose doing it was, and at least what the table in force asks for: a broken promise is always ours, and so is
    what we caused, though the customer has asked for other times since.
    """
    round_, row, is_ours = case.request, None, False
    if round_ is not None:
        round_.appointment = case.appointment
        origin, row = origin_of(round_), row_for(round_)
        is_ours = not origin.wished and origin.reason.fault == Fault.OURS
    has_broken = case.entries.filter(origin=CaseOrigin.BROKEN).exists()
    least = exits.least_apology(is_ours=is_ours, has_broken=has_broken)
    return max(least, ApologyLevel(row.apology)) if row else least


def cause_so_far(case: RecoveryCase) -> Reason | None:
    """The one that was found, else the one that the customer was told."""
    return case.cause or (case.request.reason if case.request else None)


@one_transaction
def resolve(
    point: CasePoint, *, action: PointAction, reply: str, by: User, now: datetime, gift: Gift | None = None
) -> CasePoint:
    """What we answer to one point, and what we do about it. A call is promised, and a `gift` is issued, at once.

    It is done when that has happened: the letter has left, the call was made, the time was chosen. Raises `DomainError`
    without words, without what is given, and for what is done.
    """
    case = _at(point.case, CaseStage.RESOLVE)
    point = CasePoint.objects.select_for_update(no_key=True).get(pk=point.pk)
    if point.done_at is not None:
        raise DomainError(_("This point is settled already."))
    if not reply.strip():
        raise DomainError(str(exits.NO_REPLY))
    if action == PointAction.GIVE and gift is None:
        raise DomainError(_("Say what the customer gets."))
    for earlier in point.compensations.filter(state__in=NOT_ENDED):
        giving.take_back(earlier, by=by, now=now)
    if action == PointAction.GIVE and gift is not None:
        point.case = case
        giving.for_point(point, gift, cause=case.request.reason if case.request else None, by=by, now=now)
    if action == PointAction.CALL and point.promise_id is None:
        point.promise = _owe(case, PromiseKind.CALL, point.words, by=by, now=now)
    elif action != PointAction.CALL:
        point.promise = _owe(case, PromiseKind.REPLY, point.words, by=by, now=now)
    point.action, point.reply, point.decided_at = action, reply.strip(), now
    point.save(update_fields=["action", "reply", "decided_at", "promise"])
    return point


@one_transaction
def settle(case: RecoveryCase, *, by: User | None = None, now: datetime) -> RecoveryCase:
    """Marks the points whose action has been carried out, and goes on when no point is left. Safe to repeat.

    A case in which nothing went wrong ends here.
    """
    case = lock(case)
    if case.stage != CaseStage.RESOLVE:
        return case
    points = list(case.points.select_related("promise"))
    for point in points:
        if point.done_at is None and is_carried_out(point, case):
            point.done_at = now
            point.save(update_fields=["done_at"])
    if not case.went_wrong and all(point.done_at for point in points):
        return _close(case, by=by, now=now)
    return _write(case, [], by=by, now=now)


@one_transaction
def unsettle(case: RecoveryCase, letter: Promise, *, by: User, now: datetime) -> RecoveryCase:
    """Our `letter` did not leave: the points that it had settled are open again, and the step goes back to them."""
    case = lock(case)
    if not case.is_open:  # a question ends with its answer
        RecoveryCase.objects.filter(pk=case.pk).update(stage=CaseStage.RESOLVE, closed_at=None)
        case.closed_at = None
    case.points.filter(promise=letter).update(done_at=None)
    return _write(case, [], by=by, now=now)


def settle_all(*, now: datetime) -> int:
    """The same for every complaint that waits for something to be carried out. Returns how many went on."""
    waiting = RecoveryCase.objects.filter(stage=CaseStage.RESOLVE)
    return sum(settle(case, now=now).stage != CaseStage.RESOLVE for case in waiting)


def step_of(case: RecoveryCase) -> CaseStage:
    """The first step whose way out is not open yet; of an open case `stage` is always this."""
    return exits.step_of(
        concern=case.concern,
        cost=case.cost,
        apology=case.apology,
        points=lambda: [done is not None for done in case.points.values_list("done_at", flat=True)],
    )


def is_carried_out(point: CasePoint, case: RecoveryCase) -> bool:
    """Whether what settles the point has happened since it was decided."""
    if point.decided_at is None or not point.action:
        return False
    if point.action == PointAction.NEW_TIME:
        chosen = case.appointment.requests.filter(state__in=(RequestState.ACCEPTED, RequestState.KEPT))
        return chosen.filter(closed_at__gte=point.decided_at).exists()
    if point.action == PointAction.GIVE and not point.compensations.filter(state__in=GIVEN).exists():
        return False
    return point.promise is not None and point.promise.state in SETTLED


@one_transaction
def diagnose(case: RecoveryCase, *, cause: Reason, learned: str, by: User, now: datetime) -> RecoveryCase:
    """Why it came to that, and what we change; with it the case is closed."""
    case = _at(case, CaseStage.DIAGNOSE)
    case.cause, case.learned = cause, learned.strip()
    if not case.learned:
        raise DomainError(str(exits.NOTHING_LEARNED))
    return _close(case, by=by, now=now)


@one_transaction
def reopen(case: RecoveryCase, *, to: User, by: actors.Actor, now: datetime) -> RecoveryCase:
    """It did not answer the customer: it begins anew with `to`, with everything that is known."""
    case = lock(case)
    if case.is_open:
        return case
    if RecoveryCase.objects.open().filter(appointment=case.appointment_id).exists():
        raise DomainError(_("There is an open complaint about this appointment already."))
    case.stage, case.concern, case.closed_at, case.solved, case.mood_after = CaseStage.HEAR, "", None, None, ""
    case.owner, case.reopened = to, case.reopened + 1
    case.save(update_fields=["stage", "concern", "closed_at", "solved", "mood_after", "owner", "reopened"])
    record(case.appointment, EventKind.CASE_REOPENED, by=by, now=now, round_=case.request)
    about = case.request or case.appointment
    promises.owe(PromiseKind.REPLY, about, owner=to, details=case.wants, by=by, now=now)
    return case


def _at(case: RecoveryCase, step: CaseStage) -> RecoveryCase:
    """The case, locked, when it has come to `step`; what was said in a step before may be said anew."""
    case = lock(case)
    if not case.is_open:
        raise DomainError(_("This complaint is closed."))
    if ORDER.index(CaseStage(case.stage)) < ORDER.index(step):
        raise DomainError(_("First: %(step)s.") % {"step": CaseStage(case.stage).label})
    return case


def _write(case: RecoveryCase, names: Sequence[str], *, by: User | None, now: datetime) -> RecoveryCase:
    """Keeps what was said in a step, and goes on to the one that comes next."""
    step = step_of(case)
    if step != case.stage:
        case.stage = step
        note = in_source(lambda: step.label)
        record(case.appointment, EventKind.CASE_STEP, by=_actor(by), now=now, round_=case.request, note=note)
    case.save(update_fields=["stage", *names])
    return case


def _owe(case: RecoveryCase, kind: PromiseKind, details: str, *, by: User, now: datetime) -> Promise:
    """The promise by which a point is settled: the one that is open already, else a new one."""
    owed: Promise | None = case.appointment.promises.open().filter(kind=kind).order_by("due_at", "pk").first()
    if owed is not None:
        return owed
    about = case.request or case.appointment
    return promises.owe(kind, about, owner=case.owner, details=details, by=actors.staff(by), now=now)


def _close(case: RecoveryCase, *, by: User | None, now: datetime) -> RecoveryCase:
    case.stage, case.closed_at = CaseStage.CLOSED, now
    case.save(update_fields=["stage", "closed_at", "cause", "learned"])
    record(case.appointment, EventKind.CASE_CLOSED, by=_actor(by), now=now, round_=case.request)
    if case.went_wrong and case.appointment.customer.wants_follow_up:
        announce.check_finally(case, now=now)
    promises.leave_nobody_alone(case.appointment, now=now)
    return case


def _actor(by: User | None) -> actors.Actor:
    return actors.staff(by) if by else actors.SYSTEM
