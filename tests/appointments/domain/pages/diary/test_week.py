"""The week of one resource."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from appointments.domain.pages.diary.week import Week, days_of_week, ends_of_week, week_of_resource
from appointments.models import Resource
from tests.clock import NOW, at, hours
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    Clinic,
    ClosureFactory,
    LocationFactory,
    OccupancyFactory,
    OfferFactory,
    ProviderFactory,
    RescheduleRequestFactory,
    clinic,
    open_weekly,
)

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def melati() -> Clinic:
    return clinic(buffer_before=5, buffer_after=10)


def week_of(resource: Resource, day: date = TUESDAY) -> Week:
    return week_of_resource(resource, day, now=NOW)


def customers(week: Week) -> dict[int, list[str]]:
    """Who stands on which day of the month."""
    return {one.day.day: [block.customer for block in one.blocks] for one in week.columns if one.blocks}


def test_a_week_begins_on_monday_and_has_the_number_of_iso() -> None:
    assert days_of_week(TUESDAY)[0] == date(2026, 11, 23)
    assert ends_of_week(date(2026, 11, 29)) == (date(2026, 11, 23), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("day", "number"), [(date(2026, 12, 31), 53), (date(2027, 1, 3), 53), (date(2027, 1, 4), 1), (TUESDAY, 48)]
)
def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_one_before(
    melati: Clinic, day: date, number: int
) -> None:
    assert week_of(melati.provider, day).number == number


def test_at_the_ends_of_the_century_a_week_is_shorter() -> None:
    assert [one.day for one in days_of_week(date(2000, 1, 1))] == [1, 2]
    assert [one.day for one in days_of_week(date(2099, 12, 31))] == [28, 29, 30, 31]


def test_each_day_has_its_appointments_holds_and_offers(melati: Clinic) -> None:
    tuesday, friday = melati.booked("2026-11-24 10:00"), melati.booked("2026-11-27 15:00")
    round_ = RescheduleRequestFactory(appointment=friday)
    OccupancyFactory(
        appointment=friday, request=round_, resource=melati.provider,
        starts_at=at("2026-11-28 09:00"), ends_at=at("2026-11-28 09:45"),
    )  # fmt: skip
    OfferFactory(request=round_, starts_at=at("2026-11-26 14:00"), guaranteed=False, resources=[melati.provider])
    melati.booked("2026-12-01 10:00")  # the week after

    week = week_of(melati.provider)

    assert {one.day.day: [block.kind for block in one.blocks] for one in week.columns} == {
        23: [], 24: ["appointment"], 25: [], 26: ["offer"], 27: ["appointment"], 28: ["hold"], 29: [],
    }  # fmt: skip
    assert week.columns[1].blocks[0].span.start == tuesday.starts_at
    assert week.columns[1].blocks[0].occupied.start == at("2026-11-24 09:55")
    assert not week.is_empty


def test_a_room_has_its_week_too_with_whom_it_is_booked(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")

    assert [block.with_whom for one in week_of(melati.room).columns for block in one.blocks] == ["Dr. Ratna"]


def test_all_days_are_drawn_over_the_same_hours(melati: Clinic) -> None:
    melati.booked("2026-11-24 06:30")
    melati.booked("2026-11-27 17:00")

    drawn = [one.scale.window for one in week_of(melati.provider).columns]
    windows = {(one.start.astimezone(melati.location.tzinfo).time(), one.end - one.start) for one in drawn}

    assert windows == {(time(6), hours(12))}


def test_days_on_which_it_is_not_there_are_shut_and_closed_ones_say_why(melati: Clinic) -> None:
    AbsenceFactory(resource=melati.provider, starts_at=at("2026-11-24 00:00"), ends_at=at("2026-11-25 00:00"))
    ClosureFactory(location=melati.location, starts_at=at("2026-11-26 08:00"), ends_at=at("2026-11-26 17:00"))

    week = week_of(melati.provider)

    assert [one.day.day for one in week.columns if one.is_shut] == [24, 26, 29]
    assert not week.is_closed
    christmas = week_of(melati.provider, date(2026, 12, 25))
    assert [one.closed for one in christmas.columns] == ["", "", "", "", "Christmas Day", "", ""]


def test_a_night_over_midnight_stands_on_both_days() -> None:
    place = LocationFactory()
    nurse = ProviderFactory(location=place)
    open_weekly(nurse, weekdays=[0, 1], opens_at=time(22), closes_at=time(6), overnight=True)
    booked = AppointmentFactory(
        location=place, provider=nurse, starts_at=at("2026-11-23 23:30"), ends_at=at("2026-11-24 00:30")
    )

    assert customers(week_of(nurse)) == {23: [booked.customer.name], 24: [booked.customer.name]}


def test_a_week_in_which_an_hour_comes_twice_has_it_twice_beside_its_columns() -> None:
    berlin = LocationFactory(zone="Europe/Berlin", country="DE", closed_on_holidays=False)
    nurse = ProviderFactory(location=berlin)
    zone = ZoneInfo("Europe/Berlin")
    for fold in (0, 1):
        start = datetime(2026, 10, 25, 2, 0, tzinfo=zone, fold=fold).astimezone(ZoneInfo("UTC"))
        AppointmentFactory(location=berlin, provider=nurse, starts_at=start)

    week = week_of_resource(nurse, date(2026, 10, 22), now=NOW)

    assert [hour.astimezone(zone).hour for hour in week.scale.hours][1:5] == [1, 2, 2, 3]
    assert [one.day.day for one in week.columns if one.scale.gap] == [19, 20, 21, 22, 23, 24]
    first, second = (week.columns[-1].scale.places(block.span).start / hours(1) for block in week.columns[-1].blocks)
    assert (first, second) == (2, 3)


def test_how_full_the_week_is(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")

    load = week_of(melati.provider).load

    assert (load.taken, load.open) == (45, 6 * 9 * 60)


@pytest.mark.parametrize("count", [1, 40])
def test_a_full_week_takes_as_many_queries_as_an_empty_one(
    melati: Clinic, count: int, django_assert_num_queries: Any
) -> None:
    for place in range(count):
        start = at("2026-11-23 08:05") + hours(24) * (place // 8) + hours(1) * (place % 8)
        RescheduleRequestFactory(appointment=melati.booked(start, room=None))
    with django_assert_num_queries(4):
        week = week_of(melati.provider)
        assert sum(map(len, customers(week).values())) == count
        week.month()
