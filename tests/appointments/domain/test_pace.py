"""How long we take, in open hours; and what we promise because of it."""

from datetime import datetime

import pytest

from appointments.domain import pace, promises
from appointments.domain.pace import FEWEST, LOOK_BACK, Pace
from appointments.enums import PromiseKind, PromiseState
from appointments.models import Appointment, Business, Promise
from tests.clock import at, hours, minutes
from tests.factories import Clinic, PromiseFactory

pytestmark = pytest.mark.django_db
MONDAY = at("2026-11-16 09:00")
LATER = at("2026-11-23 18:00")


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    return melati.booked()


def done(appointment: Appointment, *, after: float, made: datetime = MONDAY, **fields: object) -> Promise:
    values = {"kind": PromiseKind.CALL, "state": PromiseState.KEPT, "settled_at": made + hours(after)}
    return PromiseFactory(appointment=appointment, made_at=made, due_at=made + hours(3), **values | fields)


def test_four_of_five_were_done_within_it(booked: Appointment) -> None:
    for number in range(FEWEST):
        done(booked, after=1 if number < 16 else 7)
    assert pace.measured(now=LATER) == Pace(1.0, FEWEST)
    done(booked, after=7)
    assert pace.measured(now=LATER) == Pace(7.0, FEWEST + 1)


def test_of_few_nothing_is_said(booked: Appointment) -> None:
    for _number in range(FEWEST - 1):
        done(booked, after=1)
    assert pace.measured(now=LATER) is None
    done(booked, after=1)
    assert pace.measured(now=LATER) is not None


@pytest.mark.parametrize(
    ("made", "after", "said"),
    [
        ("2026-11-16 16:00", 17, 2.0),  # an hour before closing, and until nine the next morning
        ("2026-11-14 16:00", 42, 3.0),  # over a Sunday
        ("2026-11-16 09:00", 1.1, 1.5),
        ("2026-11-16 22:00", 1, 0.0),
    ],
)
def test_only_hours_count_in_which_we_are_open(booked: Appointment, made: str, after: float, said: float) -> None:
    for _number in range(FEWEST):
        done(booked, after=after, made=at(made))
    assert pace.measured(now=LATER) == Pace(said, FEWEST)


def test_what_is_still_owed_and_late_counts_until_now(booked: Appointment) -> None:
    for _number in range(16):
        done(booked, after=1)
    for _number in range(5):
        done(booked, after=0, state=PromiseState.OPEN, settled_at=None, request=None)
    assert pace.measured(now=MONDAY + hours(5)) == Pace(5.0, 21)


def test_other_promises_and_old_ones_do_not_count(booked: Appointment) -> None:
    for _number in range(FEWEST - 1):
        done(booked, after=1)
    done(booked, after=1, kind=PromiseKind.HOLD)
    done(booked, after=1, state=PromiseState.RELEASED)
    old = done(booked, after=1, made=LATER - LOOK_BACK - minutes(1))
    assert pace.measured(now=LATER) is None
    Promise.objects.filter(pk=old.pk).update(made_at=LATER - LOOK_BACK)
    assert pace.measured(now=LATER) is not None


def test_what_is_said_is_never_less_than_it_takes(melati: Clinic, booked: Appointment) -> None:
    Business.objects.update(promise_hours=2)
    assert pace.hours_to_say(Business.current()) == 2
    for _number in range(FEWEST):
        done(booked, after=5)
    pace.remember(now=LATER)
    assert pace.hours_to_say(Business.current()) == 5
    assert promises.usually_due(melati.location, now=at("2026-11-24 09:00")) == at("2026-11-24 14:00")
    Business.objects.update(promise_hours=6)
    assert pace.hours_to_say(Business.current()) == 6
    Promise.objects.all().delete()
    pace.remember(now=LATER)
    assert Business.current().measured_hours is None
