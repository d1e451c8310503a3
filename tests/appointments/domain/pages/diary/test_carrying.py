"""An appointment that is carried over the week of a place."""

from datetime import date
from typing import Any

import pytest

from appointments.domain.pages.diary.carrying import Carried, Spot, carry, free_between
from appointments.domain.pages.diary.place import week_of_place
from appointments.models import Appointment, Resource
from tests.clock import NOW, at
from tests.factories import AbsenceFactory, Clinic, ClosureFactory, ProviderFactory, clinic, open_weekly, service_at

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


def carried(world: Clinic, appointment: Appointment) -> Carried:
    return carry(appointment, week_of_place(world.location, TUESDAY, now=NOW), now=NOW)


def spots(found: Carried, resource: Resource) -> list[Spot]:
    return [found.spots[resource.pk, date(2026, 11, 23 + number)] for number in range(7)]


def test_each_day_of_a_person_says_how_many_times_are_free_then(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-25 08:00", ends_at=at("2026-11-25 16:30"), room=None)

    found = carried(melati, booked)

    # From 8 to 17 a time begins every quarter of an hour, the last one at half past four. Its own hour is no other one.
    assert [spots(found, melati.colleague)[day].free for day in (1, 2)] == [35, 35]
    assert [spots(found, melati.provider)[day].free for day in (1, 2)] == [35, 1]
    free = free_between(booked, melati.location, TUESDAY, TUESDAY, now=NOW)
    assert sum(one.provider_id == melati.provider.pk for one in free) == 35


def test_a_day_without_a_time_says_what_is_against_it(melati: Clinic) -> None:
    booked = melati.booked("2026-11-26 10:00")
    open_weekly(melati.colleague, weekdays=[0, 1, 2, 3, 4])
    AbsenceFactory(resource=melati.colleague, starts_at=at("2026-11-25 00:00"), ends_at=at("2026-11-26 00:00"))
    ClosureFactory(location=melati.location, starts_at=at("2026-11-27 00:00"), ends_at=at("2026-11-28 00:00"))
    melati.booked("2026-11-24 08:00", ends_at=at("2026-11-24 17:00"), provider=melati.colleague, room=None)

    now = at("2026-11-24 07:00")
    found = carry(booked, week_of_place(melati.location, TUESDAY, now=now), now=now)

    against = [one.against for one in spots(found, melati.colleague)]
    assert against == ["passed", "full", "away", "", "closed", "off", "closed"]


def test_who_does_not_do_it_says_so_and_rooms_say_nothing(melati: Clinic) -> None:
    other = ProviderFactory(location=melati.location, name="Massage", position=90)

    found = carried(melati, melati.booked())

    assert set(spots(found, other)) == {Spot(0, "unable")}
    assert not [key for key in found.spots if key[0] == melati.room.pk]


def test_where_only_a_room_is_needed_the_rooms_say_it(melati: Clinic) -> None:
    service = service_at(melati.location, providers=0, rooms=[melati.room])
    booked = melati.booked("2026-11-24 10:00", service=service, provider=None)

    found = carried(melati, booked)

    assert found.spots[melati.room.pk, date(2026, 11, 25)].free == 35
    assert not [key for key in found.spots if key[0] == melati.provider.pk]


@pytest.mark.parametrize("count", [1, 30])
def test_many_people_take_as_many_queries_as_one(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    booked = melati.booked()
    ProviderFactory.create_batch(count, location=melati.location)
    week = week_of_place(melati.location, TUESDAY, now=NOW)
    with django_assert_num_queries(6):
        carry(booked, week, now=NOW)
