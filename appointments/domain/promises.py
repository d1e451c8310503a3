"""The promise ledger: make, keep, hand over, and escalate before one breaks."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking
from appointments.domain.actors import SYSTEM, Actor
from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.history import in_source, record
from appointments.domain.limbo import in_limbo
from appointments.domain.messages import announce
from appointments.domain.schedule.opening import public_spans
from appointments.domain.schedule.spans import Span
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import Appointment, Business, Location, Promise, RescheduleRequest

WARN_BEFORE = timedelta(minutes=45)
LOOK_AHEAD = timedelta(days=14)


@one_transaction
def owe(
    kind: PromiseKind,
    about: RescheduleRequest | Appointment,
    *,
    owner: User,
    now: datetime,
    hours: float | None = None,
    until: datetime | None = None,
    details: str = "",
    by: Actor = SYSTEM,
) -> Promise:
    """A new promise about a round, or about an appointment that no round is about.

    It falls due `until`, else when so many `hours` of the place's public hours have passed; by default as many as the
    business promises. An open one of its kind in its round is the same promise; the earlier due time stands. One that
    is overdue is broken and gets a successor: nobody is told an hour that has passed. For a colleague who does not
    work here any more another one takes it on.
    """
    round_ = about if isinstance(about, RescheduleRequest) else None
    appointment = about.appointment if isinstance(about, RescheduleRequest) else about
    owner, due_at = stand_in_for(owner), until or _due(appointment.location, hours, now)
    standing = Promise.objects.open().filter(request=round_, kind=kind).first() if round_ is not None else None
    if standing is not None and standing.due_at > now and _made_sooner(standing, due_at=due_at, details=details):
        return standing
    if standing is not None:
        keep(standing, how=noop("followed by a new promise"), by=by, now=now)
        details = details or standing.details
    promise = Promise.objects.create(
        kind=kind, appointment=appointment, request=round_, owner=owner, details=details, made_at=now, due_at=due_at
    )
    if kind != PromiseKind.HOLD:
        note = in_source(promise.get_kind_display)
        record(appointment, EventKind.PROMISED, by=by, now=now, round_=round_, note=note)
    return promise


def _due(location: Location, hours: float | None, now: datetime) -> datetime:
    return due_after(location, hours=Business.current().promise_hours if hours is None else hours, now=now)


def stand_in_for(owner: User) -> User:
    """The colleague, or another one from the desk when this one has left; the same when there is nobody else."""
    return owner if owner.is_active else desk_colleagues().first() or owner


def _made_sooner(promise: Promise, *, due_at: datetime, details: str) -> bool:
    """False when it has been settled in this moment."""
    promise.due_at = min(promise.due_at, due_at)
    if details and details not in promise.details:
        promise.details = f"{promise.details}\n{details}".strip()
    standing = Promise.objects.open().filter(pk=promise.pk)
    return bool(standing.update(due_at=promise.due_at, details=promise.details) == 1)


@one_transaction
def keep(promise: Promise, *, how: str, by: Actor, now: datetime) -> bool:
    """We did what we said. Late is still done, but counts as broken. False when it was settled already."""
    late = promise.kind != PromiseKind.HOLD and now > promise.due_at
    state = PromiseState.BROKEN if late else PromiseState.KEPT
    if not _settle(promise, state, how=how, now=now):
        return False
    if promise.kind != PromiseKind.HOLD:
        kind = EventKind.PROMISE_BROKEN if late else EventKind.PROMISE_KEPT
        record(promise.appointment, kind, by=by, now=now, round_=promise.request, note=how)
    return True


def release(round_: RescheduleRequest, *, how: str, now: datetime, kinds: tuple[PromiseKind, ...]) -> int:
    """Promises of a round that its end has made needless. Returns how many."""
    needless = Promise.objects.open().filter(request=round_, kind__in=kinds)
    return int(needless.update(state=PromiseState.RELEASED, settled_at=now, outcome=how[:250]))


@one_transaction
def give_up(round_: RescheduleRequest, kind: PromiseKind, *, how: str, now: datetime) -> int:
    """What we said cannot be done any more: broken, with the reason. Returns how many promises it concerned."""
    open_ones = Promise.objects.open().filter(request=round_, kind=kind)
    broken = int(
        open_ones.update(
            state=PromiseState.BROKEN, settled_at=now, outcome=how[:250], broken_at=Coalesce("broken_at", Value(now))
        )
    )
    if broken:
        record(round_.appointment, EventKind.PROMISE_BROKEN, by=SYSTEM, now=now, round_=round_, note=how)
    return broken


@one_transaction
def hand_over(promise: Promise, *, to: User, by: Actor, now: datetime) -> None:
    """Another colleague takes the promise on. The due time stays: it was told to the customer."""
    if not to.is_active:
        raise DomainError(_("This colleague does not work here any more."))
    if Promise.objects.open().filter(pk=promise.pk).update(owner=to) != 1:
        raise DomainError(_("This promise has been settled already."))
    note = _("now with %(name)s") % {"name": name_of(to)}
    record(promise.appointment, EventKind.PROMISED, by=by, now=now, round_=promise.request, note=note)


def lock(promise: Promise) -> Promise:
    """The promise and its appointment as they stand now, locked in that order: appointment first.

    What belongs to it is read afterwards: PostgreSQL joins before it waits, and a promise that has been handed over
    meanwhile would not be found beside the colleague who had it.
    """
    booking.lock(promise.appointment)
    Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
    locked: Promise = Promise.objects.for_display().get(pk=promise.pk)
    return locked


def leave_nobody_alone(appointment: Appointment, *, now: datetime) -> None:
    """To be asked when something has been settled. Raises `DomainError` when the customer has nothing left from us."""
    if in_limbo(now).filter(pk=appointment.pk).exists():
        raise DomainError(_("Then the customer would have neither a time nor a promise. Say what was agreed instead."))


def _settle(promise: Promise, state: PromiseState, *, how: str, now: datetime) -> bool:
    changed = (
        Promise.objects.open()
        .filter(pk=promise.pk)
        .update(
            state=state,
            settled_at=now,
            outcome=how[:250],
            broken_at=now if state == PromiseState.BROKEN and promise.broken_at is None else promise.broken_at,
        )
    )
    return bool(changed == 1)


def watch(*, now: datetime) -> int:
    """Escalates what is about to break, marks what broke, closes holds that are over. Returns how many it touched."""
    touched = _find_owners(now=now)
    for promise in Promise.objects.open().filter(kind=PromiseKind.HOLD, due_at__lte=now).for_display():
        touched += keep(promise, how=noop("held until the stated time"), by=SYSTEM, now=now)
    soon = Promise.objects.open().exclude(kind=PromiseKind.HOLD).filter(due_at__lte=now + WARN_BEFORE)
    for promise in soon.filter(warned_at__isnull=True).for_display():
        touched += _warn(promise, now=now)
    for promise in soon.filter(due_at__lt=now, broken_at__isnull=True).for_display():
        touched += _mark_broken(promise, now=now)
    return touched


def _find_owners(*, now: datetime) -> int:
    """Promises of colleagues who have left go to somebody who works here."""
    touched = 0
    for promise in Promise.objects.open().filter(owner__is_active=False).for_display():
        owner = stand_in_for(promise.owner)
        if owner.is_active:
            hand_over(promise, to=owner, by=SYSTEM, now=now)
            touched += 1
    return touched


@one_transaction
def _warn(promise: Promise, *, now: datetime) -> bool:
    if promise.kind == PromiseKind.ANSWER_OR_CALL and promise.request and promise.request.expired_at is None:
        return False
    if Promise.objects.open().filter(pk=promise.pk, warned_at__isnull=True).update(warned_at=now) != 1:
        return False
    announce.escalate(promise, now=now)
    return True


@one_transaction
def _mark_broken(promise: Promise, *, now: datetime) -> bool:
    if Promise.objects.open().filter(pk=promise.pk, broken_at__isnull=True).update(broken_at=now) != 1:
        return False
    record(
        promise.appointment,
        EventKind.PROMISE_BROKEN,
        by=SYSTEM,
        now=now,
        round_=promise.request,
        note=in_source(promise.get_kind_display),
    )
    return True


def due_after(location: Location, *, hours: float, now: datetime) -> datetime:
    """The moment when `hours` of this location's public hours have passed: a promise never falls due at night."""
    left = timedelta(hours=hours)
    for span in public_spans(location, Span(now, now + LOOK_AHEAD)):
        length = span.end - span.start
        if length >= left:
            return span.start + left
        left -= length
    return now + timedelta(hours=hours)
