"""The promise ledger: make, keep, put off, hand over. `watchdog` looks after what is open."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, own_words, pace, prepared
from appointments.domain.actors import SYSTEM, Actor
from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.history import fact, in_source, record, write
from appointments.domain.limbo import in_limbo
from appointments.domain.schedule.opening import public_spans
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import last_quarter, next_quarter, soonest_hour, waking
from appointments.domain.transactions import one_transaction, part_of_one
from appointments.enums import Alarm, EventKind, PromiseKind, PromiseState
from appointments.errors import DomainError
from appointments.models import Appointment, AppointmentEvent, Business, Location, Promise, RescheduleRequest

LOOK_AHEAD = timedelta(days=14)


@part_of_one
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
    owner, due_at = stand_in_for(owner), until or usually_due(appointment.location, hours=hours, now=now)
    open_ones = Promise.objects.open().filter(request=round_, kind=kind)
    earlier = open_ones.first() if round_ is not None else None
    if earlier is not None and earlier.due_at > now and _made_sooner(earlier, due_at=due_at, details=details):
        return earlier
    if earlier is not None:
        keep(earlier, how=noop("followed by a new promise"), by=by, now=now)
        details = details or earlier.details
    promise = Promise.objects.create(
        kind=kind, appointment=appointment, request=round_, owner=owner, details=details, made_at=now, due_at=due_at
    )
    if kind != PromiseKind.HOLD:
        write([_promised(promise, by=by, now=now)])
    return promise


def owe_first(owed: Sequence[Promise], *, by: Actor, now: datetime) -> list[AppointmentEvent]:
    """Writes the first promises of rounds that have just begun, in which nothing stands yet. Returns what the history
    is to say of them, not saved.
    """
    for promise in owed:
        promise.owner, promise.made_at = stand_in_for(promise.owner), now
    prepared.insert(owed)
    return [_promised(promise, by=by, now=now) for promise in owed if promise.kind != PromiseKind.HOLD]


def _promised(promise: Promise, *, by: Actor, now: datetime) -> AppointmentEvent:
    note = in_source(promise.get_kind_display)
    return fact(promise.appointment, EventKind.PROMISED, by=by, now=now, round_=promise.request, note=note)


def usually_due(location: Location, *, now: datetime, hours: float | None = None) -> datetime:
    """By when we do what we say: after so many open hours, by default as many as the business promises, and as it
    takes us at present.
    """
    return due_after(location, hours=pace.hours_to_say(Business.current()) if hours is None else hours, now=now)


def stand_in_for(owner: User) -> User:
    """The colleague, or another one from the desk when this one has left; the same when there is nobody else."""
    return owner if owner.is_active else desk_colleagues().first() or owner


def _made_sooner(promise: Promise, *, due_at: datetime, details: str) -> bool:
    """False when it has been settled in this moment."""
    promise.due_at = min(promise.due_at, due_at)
    if details and details not in promise.details:
        promise.details = f"{promise.details}\n{details}".strip()
    open_one = Promise.objects.open().filter(pk=promise.pk)
    return bool(open_one.update(due_at=promise.due_at, details=promise.details) == 1)


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
def put_off(promise: Promise, *, until: datetime, why: str, by: Actor, now: datetime) -> Promise:
    """A later (or earlier) hour for what we said. Whoever calls this tells the customer in the same transaction.

    Only what has not come yet can be put off: after its hour a promise is broken, and what is owed from then on is a
    new one. Returns the promise that stands now. Raises `DomainError` when it has been settled.
    """
    if now > promise.due_at:
        keep(promise, how=why, by=by, now=now)
        about: RescheduleRequest | Appointment = promise.request or promise.appointment
        kind = PromiseKind(promise.kind)
        return owe(kind, about, owner=promise.owner, until=until, details=promise.details, by=by, now=now)
    if Promise.objects.open().filter(pk=promise.pk).update(due_at=until, warned_at=None, alarm=Alarm.NOBODY) != 1:
        raise DomainError(_("This promise has been settled already."))
    promise.due_at, promise.warned_at, promise.alarm = until, None, Alarm.NOBODY
    record(promise.appointment, EventKind.PUT_OFF, by=by, now=now, round_=promise.request, note=why)
    return promise


@one_transaction
def hand_over(promise: Promise, *, to: User, by: Actor, now: datetime, note: str = "") -> None:
    """Another colleague takes the promise on, with a note from whoever had it. The due time stays: it was told to the
    customer. Raises `DomainError` for somebody who has left, and for what has been settled.
    """
    if not to.is_active:
        raise DomainError(_("This colleague does not work here any more."))
    if Promise.objects.open().filter(pk=promise.pk).update(owner=to) != 1:
        raise DomainError(_("This promise has been settled already."))
    if promise.owner_id == to.pk:
        return
    said = own_words.NOW_WITH % {"name": name_of(to)}
    note = "\n".join(filter(None, (said, note.strip())))
    record(promise.appointment, EventKind.PROMISED, by=by, now=now, round_=promise.request, note=note)


def hand_over_each(
    found: Iterable[Promise], *, to: User, by: Actor, now: datetime, note: str = ""
) -> list[tuple[Promise, str]]:
    """Each by itself. Returns those that could not be handed over, with the reason."""
    refused = []
    for promise in found:
        try:
            hand_over(promise, to=to, by=by, now=now, note=note)
        except DomainError as error:
            refused.append((promise, error.message))
    return refused


def reopen(promise: Promise) -> None:
    """What was settled by a message that never left is owed as before. Locked by whoever asks."""
    if promise.broken_at == promise.settled_at:
        promise.broken_at = None
    promise.state, promise.settled_at, promise.outcome, promise.reply = PromiseState.OPEN, None, "", ""
    promise.save(update_fields=["state", "settled_at", "outcome", "reply", "broken_at"])


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


def due_after(location: Location, *, hours: float, now: datetime) -> datetime:
    """When `hours` of this location's public hours have passed: never at night, and on a quarter of an hour.

    An hour that somebody can say and keep in mind: rounded up, but not beyond the last quarter of that day's hours.
    Where nothing opens for so long, the hours of the clock count.
    """
    left = timedelta(hours=hours)
    for span in waking(public_spans(location, Span(now, now + LOOK_AHEAD)), location.tzinfo):
        length, due = span.end - span.start, min(next_quarter(span.start + left), last_quarter(span.end))
        if length >= left and due > now:
            return due
        left -= min(length, left)
    return soonest_hour(now + timedelta(hours=hours), location.tzinfo)
