"""The month around a board."""

from datetime import date
from typing import Any

import pytest

from appointments.domain.pages.diary.day import day_board
from appointments.domain.pages.diary.filters import Filters
from appointments.domain.pages.diary.month import Month, MonthDay, month_around
from appointments.domain.pages.diary.times import Load
from tests.clock import NOW
from tests.factories import AbsenceFactory, Clinic, ProviderFactory, clinic

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def month(world: Clinic, day: date = TUESDAY, **filters: Any) -> Month:
    return day_board(world.location, day, now=NOW, filters=Filters(**filters)).month()


def on(world: Clinic, day: date = TUESDAY, **filters: Any) -> MonthDay:
    return month(world, day, **filters).days[day.day - 1]


def test_a_day_is_as_full_as_its_people_are(melati: Clinic) -> None:
    for hour in range(8, 17):
        for half in ("00", "30"):
            melati.booked(f"2026-11-24 {hour:02}:{half}")  # with Dr. Ratna, in the one room

    assert on(melati).load == Load(usual=1080, open=1080, taken=540)
    assert on(melati, kind="room").load.percent == 100
    assert on(melati, resource=melati.colleague.pk).load.percent == 0
    # Whoever asks for what a service needs sees its people and its room counted.
    assert on(melati, service=melati.service.pk).load == Load(usual=1620, open=1620, taken=1080)


def test_who_is_away_leaves_less_to_be_taken(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    AbsenceFactory(resource=melati.colleague, starts_at="2026-11-24T00:00+07:00", ends_at="2026-11-25T00:00+07:00")

    assert on(melati).load == Load(usual=1080, open=540, taken=30)


def test_a_sunday_is_closed_and_a_holiday_says_which(melati: Clinic) -> None:
    sunday, christmas = on(melati, date(2026, 11, 29)), on(melati, date(2026, 12, 25))

    assert (sunday.is_closed, sunday.closed) == (True, "")
    assert (christmas.is_closed, christmas.closed) == (True, "Christmas Day")
    assert not on(melati).is_closed


def test_a_column_that_was_switched_off_does_not_make_a_day_emptier(melati: Clinic) -> None:
    gone = ProviderFactory(location=melati.location, is_active=True)
    melati.booked("2026-11-24 10:00", provider=gone, room=None)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    assert on(melati).load == Load(usual=1080, open=1080, taken=0)


@pytest.mark.parametrize(
    ("day", "days", "before", "after"),
    [
        (TUESDAY, 30, date(2026, 10, 1), date(2026, 12, 1)),
        (date(2028, 2, 29), 29, date(2028, 1, 1), date(2028, 3, 1)),
        (date(2000, 1, 15), 31, None, date(2000, 2, 1)),
        (date(2099, 12, 15), 31, date(2099, 11, 1), None),
    ],
)
def test_a_month_leads_to_its_neighbours_as_far_as_addresses_go(
    melati: Clinic, day: date, days: int, before: date | None, after: date | None
) -> None:
    found = month(melati, day)

    assert (len(found.days), found.before, found.after) == (days, before, after)


def test_what_is_read_reaches_from_the_month_to_the_week() -> None:
    assert month_around(TUESDAY) == (date(2026, 11, 1), date(2026, 11, 30))
    assert month_around(date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 6)) == (
        date(2026, 11, 30),
        date(2026, 12, 31),
    )


@pytest.mark.parametrize("count", [1, 40])
def test_the_whole_month_is_one_query_more(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    for person in ProviderFactory.create_batch(count, location=melati.location):
        melati.booked("2026-11-10 10:00", provider=person, room=None)
    board = day_board(melati.location, TUESDAY, now=NOW)
    with django_assert_num_queries(1):
        assert sum(day.load.taken for day in board.month().days) == 30 * count
