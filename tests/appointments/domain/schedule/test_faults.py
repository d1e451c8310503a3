"""What stands in the way of a booked appointment, and what a change has added to it."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from appointments.domain.schedule.faults import Fault, faults_of, is_without, new_in
from appointments.models import Appointment, Location, Requirement
from tests.clock import NOW, at, minutes
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, open_weekly


def whom_it_hits(change: Callable[[], Any]) -> list[str]:
    """When those are booked whom `change` has put something in the way of."""
    before = faults_of(Appointment.objects.all(), now=NOW)
    change()
    after = faults_of(Appointment.objects.all(), now=NOW)
    return [f"{one.starts_at.astimezone(one.location.tzinfo):%a %H:%M}" for one in new_in(after, before=before)]


@pytest.fixture
def booked(melati: Clinic) -> Clinic:
    melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-24 16:00", customer=CustomerFactory())
    return melati


def test_shorter_hours_leave_some_outside(booked: Clinic) -> None:
    assert whom_it_hits(lambda: open_weekly(booked.provider, closes_at=time(12))) == ["Tue 16:00"]


def test_an_absence_hits_who_it_overlaps_by_a_minute(booked: Clinic) -> None:
    def away(since: str, until: str) -> Callable[[], Any]:
        return lambda: AbsenceFactory(resource=booked.provider, starts_at=at(since), ends_at=at(until))

    assert whom_it_hits(away("2026-11-24 10:30", "2026-11-24 16:00")) == []
    assert whom_it_hits(away("2026-11-24 10:29", "2026-11-24 16:01")) == ["Tue 10:00", "Tue 16:00"]


def test_who_was_outside_before_is_nobody_new(booked: Clinic) -> None:
    booked.booked("2026-11-24 19:00", customer=CustomerFactory())
    assert whom_it_hits(lambda: open_weekly(booked.provider, closes_at=time(17))) == []


def test_what_has_begun_is_not_asked_about(melati: Clinic) -> None:
    melati.booked("2026-11-23 09:00")
    melati.booked("2026-11-23 09:30", customer=CustomerFactory())
    assert whom_it_hits(lambda: type(melati.room).objects.update(is_active=False)) == ["Mon 09:30"]


@pytest.mark.parametrize(
    "change",
    [
        lambda here: type(here.room).objects.filter(pk=here.room.pk).update(is_active=False),
        lambda here: Location.objects.update(is_active=False),
        lambda here: Location.objects.update(zone="Asia/Makassar"),
        lambda here: type(here.service).objects.update(is_active=False),
        lambda here: type(here.service).objects.update(minutes=here.service.minutes + 5),
        lambda here: Requirement.objects.get(kind="room").candidates.clear(),
    ],
    ids=["room", "place", "clock", "service", "length", "what it needs"],
)
def test_everything_it_needs_can_fail(booked: Clinic, change: Callable[[Clinic], Any]) -> None:
    assert len(whom_it_hits(lambda: change(booked))) == 2


@pytest.mark.parametrize("many", [1, 30])
def test_however_many_there_are_it_takes_four_queries(
    melati: Clinic, many: int, django_assert_num_queries: Any
) -> None:
    for turn in range(many):
        melati.booked(at("2026-11-24 00:00") + minutes(turn * 30), customer=CustomerFactory())
    with django_assert_num_queries(4):
        assert len(faults_of(Appointment.objects.all(), now=NOW)) == many


@pytest.mark.parametrize("what", ["off", "unable", "closed"])
def test_only_what_is_wrong_with_a_resource_is_its_fault(what: str) -> None:
    assert is_without([Fault(what, 7)], {7, 8})
    assert not is_without([Fault(what, 9), Fault("place off", 7), Fault("service off", 7), Fault("minutes", 7)], {7, 8})
