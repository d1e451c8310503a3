"""Kept, slipped with a word before, broken: three things; and a call that nobody answered is none of them."""

from typing import Any

import pytest

from appointments.domain.reports.promises import Kept, kept_between, kept_by_kind, together
from appointments.enums import CallOutcome, PromiseKind, PromiseState
from appointments.models import Appointment, Promise
from tests.clock import NOW, days, hours, minutes
from tests.factories import CallAttemptFactory, Clinic, PromiseFactory

pytestmark = pytest.mark.django_db
SINCE = NOW - days(90)


def promise(appointment: Appointment, kind: PromiseKind = PromiseKind.CALL, **fields: Any) -> Promise:
    values = {"state": PromiseState.KEPT, "settled_at": NOW - hours(1), "due_at": NOW - hours(1), "request": None}
    return PromiseFactory(appointment=appointment, kind=kind, made_at=NOW - hours(5), **values | fields)


def test_each_is_counted_as_what_it_was(melati: Clinic) -> None:
    booked = melati.booked()
    kept = promise(booked)
    promise(booked, slipped_at=NOW - hours(2))
    promise(booked, state=PromiseState.BROKEN, broken_at=NOW)
    promise(booked, broken_at=NOW - hours(1))
    promise(booked, state=PromiseState.OPEN, settled_at=None, due_at=NOW - minutes(1))
    promise(booked, state=PromiseState.RELEASED)
    promise(booked, PromiseKind.REPLY)
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER, CallOutcome.CALL_LATER):
        CallAttemptFactory(promise=kept, at=NOW - hours(2), outcome=outcome, nonce=outcome)
    rows = kept_by_kind(SINCE, NOW)
    assert rows == [
        Kept(PromiseKind.CALL, kept=1, slipped=1, broken=3, tries=2),
        Kept(PromiseKind.REPLY, kept=1, slipped=0, broken=0, tries=0),
    ]
    assert (rows[0].count, rows[0].share) == (5, 0.2)
    assert together(rows) == Kept(None, kept=2, slipped=1, broken=3, tries=2)


def test_what_falls_due_outside_of_the_time_is_not_counted(melati: Clinic) -> None:
    booked = melati.booked()
    for due in (SINCE, NOW):
        promise(booked, due_at=due)
    for due in (SINCE - minutes(1), NOW + minutes(1)):
        promise(booked, due_at=due)
    assert [row.count for row in kept_by_kind(SINCE, NOW)] == [2]


def test_without_promises_there_is_no_share() -> None:
    assert together(kept_by_kind(SINCE, NOW)) == Kept(None, 0, 0, 0, 0)
    assert together([]).share is None


def test_days_are_whole_and_end_with_now(melati: Clinic) -> None:
    zone = melati.location.tzinfo
    today = NOW.astimezone(zone).date()
    promise(melati.booked(), due_at=NOW)
    found = {
        first: [row.count for row in kept_between(today + days(first), today + days(last), zone=zone, now=NOW)]
        for first, last in ((0, 0), (1, 2), (-2, -1))
    }
    assert found == {0: [1], 1: [], -2: []}
