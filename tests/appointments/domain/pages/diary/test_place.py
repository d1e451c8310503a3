"""The week of a place."""

from datetime import date
from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.pages.diary.filters import Filters
from appointments.domain.pages.diary.place import Cell, PlaceWeek, week_of_place
from appointments.domain.pages.diary.times import Load
from appointments.enums import AppointmentState, DisruptionScope
from appointments.models import Resource
from tests.clock import NOW, at, hours
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    Clinic,
    ClosureFactory,
    LocationFactory,
    OccupancyFactory,
    ProviderFactory,
    RescheduleRequestFactory,
    clinic,
    open_weekly,
)

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def week_at(world: Clinic, **filters: Any) -> PlaceWeek:
    return week_of_place(world.location, TUESDAY, now=NOW, filters=Filters(**filters))


def cells(week: PlaceWeek, resource: Resource) -> tuple[Cell, ...]:
    return next(row.cells for row in week.rows if row.resource == resource)


def test_a_cell_says_how_many_are_booked_and_how_full_it_is(melati: Clinic) -> None:
    moving = melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-24 11:00")
    OccupancyFactory(
        appointment=moving, request=RescheduleRequestFactory(appointment=moving), resource=melati.provider,
        starts_at=at("2026-11-24 14:00"), ends_at=at("2026-11-24 15:00"),
    )  # fmt: skip

    monday, tuesday, *_ = cells(week_at(melati), melati.provider)

    assert (monday.booked, monday.load) == (0, Load(540, 540, 0))
    # What is held for somebody is no appointment, and still taken.
    assert (tuesday.booked, tuesday.load) == (2, Load(540, 540, 120))


def test_why_a_cell_is_not_open_is_said(melati: Clinic) -> None:
    open_weekly(melati.colleague, weekdays=[0, 2, 3, 4])  # not on Tuesdays
    AbsenceFactory(resource=melati.colleague, starts_at=at("2026-11-25 00:00"), ends_at=at("2026-11-26 00:00"))
    AbsenceFactory(resource=melati.colleague, starts_at=at("2026-11-26 08:00"), ends_at=at("2026-11-26 12:00"))
    ClosureFactory(location=melati.location, starts_at=at("2026-11-27 00:00"), ends_at=at("2026-11-28 00:00"))

    found = cells(week_at(melati), melati.colleague)

    assert [one.presence for one in found] == ["open", "off", "away", "partly_away", "closed", "off", "closed"]


def test_a_day_says_that_the_place_is_closed_and_why(melati: Clinic) -> None:
    week = week_of_place(melati.location, date(2026, 12, 24), now=NOW)

    assert [(head.is_open, head.closed) for head in week.heads][3:] == [
        (True, ""), (False, "Christmas Day"), (True, ""), (False, ""),
    ]  # fmt: skip
    assert (week.number, week.first, week.last) == (52, date(2026, 12, 21), date(2026, 12, 27))


def test_an_appointment_counts_on_the_day_it_begins_on_the_clock_of_the_place() -> None:
    makassar = LocationFactory(zone="Asia/Makassar")
    nurse = ProviderFactory(location=makassar)
    # 23:30 on Monday in Jakarta is 00:30 on Tuesday in Makassar; the other one lasts until Thursday.
    AppointmentFactory(location=makassar, provider=nurse, starts_at=at("2026-11-23 23:30"))
    late = at("2026-11-25 23:30", zone="Asia/Makassar")
    AppointmentFactory(location=makassar, provider=nurse, starts_at=late, ends_at=late + hours(2))

    [row] = week_of_place(makassar, TUESDAY, now=NOW).rows

    assert [one.booked for one in row.cells] == [0, 1, 1, 0, 0, 0, 0]


def test_who_has_to_move_is_counted_until_they_have(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-24 16:00")
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, at("2026-11-24 08:00"), at("2026-11-24 12:00"), (melati.room.pk,)
    )

    def counted() -> list[int]:
        return [cells(week_at(melati), one)[1].to_move for one in (melati.provider, melati.room)]

    assert counted() == [0, 0]
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)
    assert counted() == [1, 1]
    melati.offered(appointment)
    assert counted() == [0, 0]


def test_what_was_cancelled_counts_no_more_and_what_was_switched_off_stays_while_booked(melati: Clinic) -> None:
    gone = ProviderFactory(location=melati.location, name="Gone")
    melati.booked("2026-11-24 10:00", provider=gone, room=None)
    AppointmentFactory(
        location=melati.location, provider=melati.provider, state=AppointmentState.CANCELLED, occupies=False
    )
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    week = week_at(melati)

    assert [(row.resource.name, row.booked) for row in week.rows] == [
        ("Gone", 1), ("Dr. Ratna", 0), ("Dr. Budi", 0), ("Room 1", 0),
    ]  # fmt: skip


def test_rows_are_filtered_and_sum_up(melati: Clinic) -> None:
    for day in (23, 24, 27):
        melati.booked(f"2026-11-{day} 10:00")

    [row] = week_at(melati, kind="room").rows

    assert (row.resource, row.booked, row.load) == (melati.room, 3, Load(6 * 540, 6 * 540, 90))


@pytest.mark.parametrize("count", [1, 50])
def test_a_place_of_fifty_takes_as_many_queries_as_one_of_one(
    melati: Clinic, count: int, django_assert_num_queries: Any
) -> None:
    for person in ProviderFactory.create_batch(count, location=melati.location):
        for hour in (9, 14):
            melati.booked(f"2026-11-24 {hour:02}:00", provider=person, room=None)
    week_at(melati)  # the services of the place are known for some minutes
    with django_assert_num_queries(4):
        week = week_at(melati)
        assert sum(row.booked for row in week.rows) == 2 * count
        week.month()
