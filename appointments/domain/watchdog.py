"""Looks after what we promised: alarms colleagues, tells the customer before an hour passes, marks what broke."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as noop

from appointments.domain import promises
from appointments.domain.actors import SYSTEM
from appointments.domain.colleagues import leads_first
from appointments.domain.history import in_source, record
from appointments.domain.messages import announce, sent
from appointments.domain.transactions import one_transaction
from appointments.enums import Alarm, EventKind, PromiseKind, PromiseState
from appointments.models import Promise
from appointments.models.promise import CALL_KINDS

ALARMS = (
    (timedelta(), Alarm.EVERYBODY),
    (timedelta(minutes=20), Alarm.SECOND),
    (timedelta(minutes=45), Alarm.OWNER),
)
"""Who is told when so much time or less is left until a promise falls due."""
BEFORE_IT_BREAKS = timedelta(minutes=10)
"""With so little left nobody will make it any more: the customer hears now, and not after the hour has passed."""


def watch(*, now: datetime) -> int:
    """Escalates what is about to break, tells its customer, marks what broke, closes holds that are over.

    Returns how many it touched. Safe to run twice at once.
    """
    touched = _find_owners(now=now)
    for promise in Promise.objects.open().filter(kind=PromiseKind.HOLD, due_at__lte=now).for_display():
        touched += promises.keep(promise, how=noop("reserved until the stated time"), by=SYSTEM, now=now)
    touched += _alarm_all(now=now)
    slipping = Promise.objects.open().filter(kind__in=CALL_KINDS, slipped_at=None)
    for promise in slipping.filter(due_at__gt=now, due_at__lte=now + BEFORE_IT_BREAKS).for_display():
        touched += _tell_before_it_breaks(promise, now=now)
    owed = Promise.objects.open().exclude(kind=PromiseKind.HOLD)
    for promise in owed.filter(due_at__lt=now, broken_at__isnull=True).for_display():
        touched += _mark_broken(promise, now=now)
    return touched


def _find_owners(*, now: datetime) -> int:
    """Promises of colleagues who have left go to somebody who works here."""
    touched = 0
    for promise in Promise.objects.open().filter(owner__is_active=False).for_display():
        owner = promises.stand_in_for(promise.owner)
        if owner.is_active:
            promises.hand_over(promise, to=owner, by=SYSTEM, now=now)
            touched += 1
    return touched


@one_transaction
def _alarm_all(*, now: datetime) -> int:
    """Alarms for whatever has come so near; each colleague gets one message, whatever the number of promises.

    Those due first stand first. Whoever has no address sees them at the desk. Returns how many promises it was about.
    """
    to_tell: dict[User, list[Promise]] = {}
    alarmed = 0
    for before, alarm in ALARMS:
        for promise in Promise.objects.alarming(now + before).filter(alarm__lt=alarm).for_display():
            told = Alarm(promise.alarm)
            if not _take_alarm(promise, alarm, now=now):
                continue  # somebody was faster
            alarmed += 1
            for colleague in _to_alarm(promise, alarm, told=told):
                to_tell.setdefault(colleague, []).append(promise)
    for colleague, in_danger in to_tell.items():
        announce.escalate(*in_danger, to=colleague, now=now)
    return alarmed


def _take_alarm(promise: Promise, alarm: Alarm, *, now: datetime) -> bool:
    """False when this step, or one after it, has been taken already."""
    waiting = Promise.objects.open().filter(pk=promise.pk, alarm__lt=alarm)
    taken = waiting.update(alarm=alarm, warned_at=Coalesce("warned_at", Value(now))) == 1
    if taken:
        promise.alarm = alarm
    return taken


def _to_alarm(promise: Promise, alarm: Alarm, *, told: Alarm) -> list[User]:
    """Who hears of it at this step: the owner, then one more, then everybody. Whom no mail reaches is passed over."""
    others = [one for one in leads_first() if one.email and one != promise.owner]
    owner = [promise.owner] if promise.owner.email else []
    if alarm == Alarm.EVERYBODY:
        return owner + others
    if alarm == Alarm.OWNER:
        return owner or others[:1]
    return (owner if told < Alarm.OWNER else []) + others[: 1 if owner else 2]


@one_transaction
def _tell_before_it_breaks(promise: Promise, *, now: datetime) -> bool:
    """The customer reads the new hour and that we are sorry, before the old one has passed. Once: what is not done by
    the second hour either is broken. False when somebody was faster, and when the customer was told no hour.
    """
    promise = promises.lock(promise)
    if promise.state != PromiseState.OPEN or promise.slipped_at is not None or promise.due_at <= now:
        return False
    if not sent.has_told_hour(promise):
        return False
    was = promise.due_at
    later = promises.usually_due(promise.appointment.location, now=was)
    Promise.objects.filter(pk=promise.pk).update(slipped_at=now)
    promise = promises.put_off(promise, until=later, why=noop("we need longer than we said"), by=SYSTEM, now=now)
    announce.needs_longer(promise, was=was, now=now)
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
