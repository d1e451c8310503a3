"""The same again, every so many weeks, at the same hour on the clock of the place."""

from datetime import timedelta
from typing import Any

import pytest

from appointments.domain.diary import repeating
from appointments.domain.diary.repeating import MOST_TIMES, look, repeat, times
from appointments.models import Appointment, Location
from notifications.models import Message
from tests.clock import NOW, at
from tests.factories import AbsenceFactory, Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def again(appointment: Appointment, *starts: str, melati: Clinic, **change: Any) -> repeating.Repeated:
    said: dict[str, Any] = {"tells": True, "form": "form", "by": melati.staff, "now": NOW} | change
    return repeat(appointment, [at(one) for one in starts], **said)


def test_the_clock_of_the_place_shows_the_same_hour_across_a_change_of_it(melati: Clinic) -> None:
    Location.objects.update(zone="Europe/Berlin")
    booked = Appointment.objects.select_related("location").get(
        pk=melati.booked(at("2027-03-21 10:00", "Europe/Berlin")).pk
    )
    shown = times(booked, weeks=1, count=2)
    assert [f"{one:%m-%d %H:%M}" for one in shown] == ["03-28 10:00", "04-04 10:00"]
    found = look(booked, shown, now=NOW)
    assert [one.starts_at for one in found] == [at(f"2027-{day} 10:00", "Europe/Berlin") for day in ("03-28", "04-04")]


def test_an_hour_that_the_clock_skips_is_said(melati: Clinic) -> None:
    Location.objects.update(zone="Europe/Berlin")
    booked = Appointment.objects.select_related("location", "service").get(
        pk=melati.booked(at("2027-03-21 02:30", "Europe/Berlin")).pk
    )
    [one] = look(booked, times(booked, weeks=1, count=1), now=NOW)
    assert (one.starts_at, "does not exist" in one.why_not) == (None, True)


def test_looking_says_what_is_in_the_way_and_books_nothing(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    melati.booked("2026-12-01 10:00", customer=CustomerFactory(name="Dewi Anggraini"))
    AbsenceFactory(resource=melati.provider, starts_at=at("2026-12-15 08:00"), ends_at=at("2026-12-15 18:00"))

    found = look(booked, times(booked, weeks=1, count=3), now=NOW)

    assert [bool(one.why_not) for one in found] == [True, False, True]
    assert "Dewi Anggraini" in found[0].why_not
    assert Appointment.objects.count() == 2


def test_what_can_stay_stays_and_each_is_an_appointment_of_its_own(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00", note="Left knee")
    booked.ends_at += timedelta(minutes=15)
    booked.save()

    first, second = again(booked, "2026-12-08 10:00", "2026-12-01 10:00", melati=melati).booked

    assert [one.starts_at for one in (first, second)] == [at("2026-12-01 10:00"), at("2026-12-08 10:00")]
    assert (first.duration, first.provider, first.note) == (timedelta(minutes=45), melati.provider, "Left knee")
    assert len({booked.uid, first.uid, second.uid}) == 3
    assert Message.objects.count() == 1


def test_what_is_not_free_fails_alone(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    melati.booked("2026-12-01 10:00", customer=CustomerFactory(name="Dewi Anggraini"))

    done = again(booked, "2026-12-01 10:00", "2026-12-08 10:00", melati=melati)

    assert [one.starts_at for one in done.booked] == [at("2026-12-08 10:00")]
    assert [(one.starts_at, "Dewi Anggraini" in one.why_not) for one in done.failed] == [(at("2026-12-01 10:00"), True)]


def test_the_same_form_books_and_tells_once(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    first = again(booked, "2026-12-01 10:00", melati=melati)
    assert again(booked, "2026-12-01 10:00", "2026-12-08 10:00", melati=melati).booked == first.booked
    assert Message.objects.count() == 1


def test_half_a_year_of_weeks_is_the_most(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    starts = [f"{at('2026-12-01 10:00') + timedelta(weeks=n):%Y-%m-%d} 10:00" for n in range(MOST_TIMES + 1)]
    done = again(booked, *starts, melati=melati)
    assert len(done.booked) + len(done.failed) == MOST_TIMES == 26


@pytest.mark.parametrize("tells", [True, False])
def test_a_confirmation_goes_out_if_it_is_wanted(melati: Clinic, tells: bool) -> None:
    again(melati.booked("2026-11-24 10:00"), "2026-12-01 10:00", melati=melati, tells=tells)
    assert Message.objects.exists() is tells
