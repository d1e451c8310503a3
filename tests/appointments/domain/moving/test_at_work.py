"""Two colleagues have one appointment in hand: each reads of the other, and nothing is locked."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from appointments import tasks
from appointments.domain.moving import at_work
from appointments.domain.moving.at_work import BETWEEN_PAGES, KEPT_FOR
from appointments.models import Appointment, AtWork
from tests.clock import NOW, minutes
from tests.factories import Clinic, StaffFactory

pytestmark = pytest.mark.django_db
MOMENT = timedelta(seconds=1)


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    return melati.booked()


def seen_by(reader: User, booked: Appointment, *, now: datetime = NOW) -> list[tuple[User, datetime]]:
    return [(one.colleague, one.since) for one in at_work.others(booked, reader=reader, now=now)]


def test_the_other_one_reads_who_and_since_when(melati: Clinic, booked: Appointment) -> None:
    sari, budi = melati.staff, StaffFactory()
    at_work.begin(booked, by=sari, now=NOW)
    at_work.begin(booked, by=budi, now=NOW + minutes(1))

    later = NOW + minutes(1)
    assert seen_by(budi, booked, now=later) == [(sari, NOW)]
    assert seen_by(sari, booked, now=later) == [(budi, later)]
    assert seen_by(melati.manager, booked, now=later) == [(sari, NOW), (budi, later)]
    assert seen_by(budi, melati.booked("2026-11-25 10:00"), now=later) == []


def test_who_does_not_renew_it_is_believed_for_two_minutes(melati: Clinic, booked: Appointment) -> None:
    at_work.begin(booked, by=melati.staff, now=NOW)
    assert minutes(2) == KEPT_FOR
    assert seen_by(melati.manager, booked, now=NOW + minutes(2) - MOMENT) == [(melati.staff, NOW)]
    assert seen_by(melati.manager, booked, now=NOW + minutes(2)) == []


def test_who_renews_it_has_been_at_it_since_the_beginning(melati: Clinic, booked: Appointment) -> None:
    for passed in range(5):
        at_work.begin(booked, by=melati.staff, now=NOW + minutes(passed))
    assert seen_by(melati.manager, booked, now=NOW + minutes(5)) == [(melati.staff, NOW)]


@pytest.mark.parametrize(("away", "since"), [(BETWEEN_PAGES - MOMENT, "the first page"), (BETWEEN_PAGES, "the second")])
def test_from_the_form_to_the_preview_nobody_has_been_away(
    melati: Clinic, booked: Appointment, away: timedelta, since: str
) -> None:
    left = NOW + minutes(1)
    at_work.begin(booked, by=melati.staff, now=NOW)
    at_work.leave(booked, by=melati.staff, now=left)
    assert seen_by(melati.manager, booked, now=left) == []

    at_work.begin(booked, by=melati.staff, now=left + away)
    began = NOW if since == "the first page" else left + away
    assert seen_by(melati.manager, booked, now=left + away) == [(melati.staff, began)]


def test_leaving_takes_nothing_from_the_other(melati: Clinic, booked: Appointment) -> None:
    budi = StaffFactory()
    for one in (melati.staff, budi):
        at_work.begin(booked, by=one, now=NOW)
    at_work.leave(booked, by=budi, now=NOW + minutes(1))
    assert seen_by(melati.manager, booked, now=NOW + minutes(1)) == [(melati.staff, NOW)]


def test_what_is_over_is_forgotten_by_the_hour(
    melati: Clinic, booked: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.begin(booked, by=melati.staff, now=NOW)
    at_work.forget(now=NOW + KEPT_FOR + BETWEEN_PAGES - MOMENT)
    assert AtWork.objects.count() == 1
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW + KEPT_FOR + BETWEEN_PAGES)
    tasks.forget()
    assert AtWork.objects.count() == 0


def test_the_database_keeps_one_row_for_each_and_its_order(melati: Clinic, booked: Appointment) -> None:
    at_work.begin(booked, by=melati.staff, now=NOW)
    row = {"appointment": booked, "colleague": melati.staff}
    with pytest.raises(IntegrityError), transaction.atomic():
        AtWork.objects.create(**row, since=NOW, until=NOW)
    with pytest.raises(IntegrityError, match="at_work_ends_after_start"), transaction.atomic():
        AtWork.objects.update(until=NOW - MOMENT)
