"""When resources are there, day by day, and how much of it is taken."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from appointments.domain.pages.diary.times import Load, Times
from appointments.domain.schedule.spans import Span
from appointments.models import Resource
from tests.clock import NOW, at, hours, minutes
from tests.factories import (
    AbsenceFactory,
    BreakFactory,
    Clinic,
    ClosureFactory,
    LocationFactory,
    OccupancyFactory,
    ProviderFactory,
    RescheduleRequestFactory,
    SpecialDayFactory,
    clinic,
    open_weekly,
)

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 29)
NINE_HOURS = 9 * 60


@pytest.fixture
def melati() -> Clinic:
    return clinic(buffer_after=10)


def times_of(world: Clinic, *resources: Resource) -> Times:
    return Times(world.location, [one.pk for one in resources], MONDAY, SUNDAY, now=NOW)


def test_what_is_taken_are_appointments_with_their_buffers_and_held_times(melati: Clinic) -> None:
    moving = melati.booked("2026-11-24 10:00")
    OccupancyFactory(
        appointment=moving, request=RescheduleRequestFactory(appointment=moving), resource=melati.provider,
        starts_at=at("2026-11-24 14:00"), ends_at=at("2026-11-24 15:00"),
    )  # fmt: skip

    load = times_of(melati, melati.provider).load(melati.provider.pk, TUESDAY)

    assert load == Load(usual=NINE_HOURS, open=NINE_HOURS, taken=40 + 60)
    assert (load.percent, load.tenths) == (18, 2)


def test_a_hold_that_has_run_out_takes_nothing(melati: Clinic) -> None:
    moving = melati.booked("2026-11-25 10:00")
    round_ = RescheduleRequestFactory(appointment=moving, respond_by=NOW - minutes(1), opened_at=NOW - hours(5))
    OccupancyFactory(
        appointment=moving, request=round_, resource=melati.provider,
        starts_at=at("2026-11-24 14:00"), ends_at=at("2026-11-24 15:00"), expires_at=NOW,
    )  # fmt: skip

    assert times_of(melati, melati.provider).load(melati.provider.pk, TUESDAY).taken == 0


def test_only_what_lies_in_the_hours_is_counted(melati: Clinic) -> None:
    BreakFactory(location=melati.location, weekday=TUESDAY.weekday())  # 12 to 13
    melati.booked("2026-11-24 07:45")  # until 8:25 with its buffer
    melati.booked("2026-11-24 12:45")

    load = times_of(melati, melati.provider).load(melati.provider.pk, TUESDAY)

    assert load == Load(usual=8 * 60, open=8 * 60, taken=25 + 25)


def test_who_is_away_is_not_there_though_usually_they_are(melati: Clinic) -> None:
    AbsenceFactory(resource=melati.provider, starts_at=at("2026-11-24 12:00"), ends_at=at("2026-11-24 20:00"))

    times = times_of(melati, melati.provider)

    assert times.load(melati.provider.pk, TUESDAY) == Load(usual=NINE_HOURS, open=4 * 60, taken=0)
    assert times.opened(melati.provider.pk, Span(at("2026-11-24 00:00"), at("2026-11-25 00:00"))) == [
        Span(at("2026-11-24 08:00"), at("2026-11-24 12:00"))
    ]


def test_a_place_that_is_closed_has_no_usual_hours(melati: Clinic) -> None:
    ClosureFactory(location=melati.location, starts_at=at("2026-11-24 00:00"), ends_at=at("2026-11-25 00:00"))
    SpecialDayFactory(location=melati.location, day=date(2026, 11, 25), name="Moving house", is_open=False)

    times = times_of(melati, melati.provider)

    assert [times.load(melati.provider.pk, date(2026, 11, day)).usual for day in (24, 25, 26)] == [0, 0, NINE_HOURS]
    assert times.closed_days == {date(2026, 11, 25): "Moving house"}
    assert times.place_open == {date(2026, 11, day) for day in (23, 26, 27, 28)}


def test_a_day_that_is_open_all_the_same_is_not_closed(melati: Clinic) -> None:
    SpecialDayFactory(location=None, day=TUESDAY, name="Everywhere", is_open=False)
    SpecialDayFactory(location=melati.location, day=TUESDAY, name="Not here", is_open=True)

    assert times_of(melati, melati.provider).closed_days == {}


def test_a_night_is_counted_to_the_days_it_lies_in() -> None:
    place = LocationFactory()
    nurse = ProviderFactory(location=place)
    open_weekly(nurse, weekdays=[0], opens_at=time(20), closes_at=time(4), overnight=True)

    times = Times(place, [nurse.pk], MONDAY, SUNDAY, now=NOW)

    assert [times.load(nurse.pk, MONDAY + timedelta(days=passed)).open for passed in range(3)] == [240, 240, 0]


@pytest.mark.parametrize(
    ("load", "percent", "tenths"),
    [
        (Load(), None, 0),
        (Load(600, 600, 0), 0, 0),
        (Load(600, 600, 1), 0, 1),
        (Load(600, 600, 599), 99, 10),
        (Load(600, 600, 600), 100, 10),
        (Load(600, 0, 0), None, 0),
    ],
)
def test_full_is_said_of_what_is_full_and_a_little_is_seen(load: Load, percent: int | None, tenths: int) -> None:
    assert (load.percent, load.tenths) == (percent, tenths)


def test_loads_add_up() -> None:
    assert Load(3, 2, 1) + Load(30, 20, 10) == Load(33, 22, 11)


@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_resources_takes_two_queries(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    people = ProviderFactory.create_batch(count, location=melati.location)
    for one in people:
        melati.booked("2026-11-24 10:00", provider=one, room=None)
    with django_assert_num_queries(2):
        times = times_of(melati, *people)
        assert sum(times.load(one.pk, TUESDAY).taken for one in people) == 40 * count


def test_hours_alone_take_one_query(melati: Clinic, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        times_of(melati, melati.provider).opened(
            melati.provider.pk, Span(at("2026-11-24 00:00"), at("2026-11-25 00:00"))
        )
