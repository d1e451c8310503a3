"""Hours as they are typed, read and written."""

from datetime import date, time

import pytest

from appointments.domain.setup import hours
from appointments.domain.setup.hours import NotHours, Opened, Week
from appointments.models import Break, WeeklyHours
from tests.factories import BreakFactory, LocationFactory, WeeklyHoursFactory

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "line",
    ["09:00–12:30, 13:00–17:00", "9-12.30; 13-17", "13:00 - 17:00, 9.00 until 12.30", "9 sampai 12:30,13 s/d 17"],
)
def test_hours_are_read_as_people_write_them(line: str) -> None:
    assert hours.read(line) == [Opened(time(9), time(12, 30)), Opened(time(13), time(17))]


def test_nothing_is_closed_and_all_day_is_all_day() -> None:
    assert hours.read("  ") == []
    assert hours.read("00:00–24:00") == [Opened(time(0), time(0))]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("16:00–08:00", "This ends before it begins. Tick “the next day” for a night shift."),
        ("16:00–16:00", "This begins and ends at the same hour."),
        ("nine to five", "“nine to five” is not a span of hours. Write it like 09:00–17:00."),
        ("25:00–26:00", "25:00 is not an hour of the day."),
        ("9:75–10", "9:75 is not an hour of the day."),
        ("09:00–13:00, 12:00–17:00", "09:00–13:00 and 12:00–17:00 overlap."),
        ("09:00–09:01, 09:00–24:00", "09:00–09:01 and 09:00–24:00 overlap."),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(line: str, why: str) -> None:
    with pytest.raises(NotHours, match=why.replace("(", r"\(")):
        hours.read(line)


def test_spans_that_touch_are_two() -> None:
    assert len(hours.read("09:00–12:00, 12:00–17:00")) == 2


def test_a_night_is_meant_only_when_it_is_said() -> None:
    assert hours.read("22:00–06:00", nights=True) == [Opened(time(22), time(6), overnight=True)]
    assert hours.read("08:00–16:00", nights=True) == [Opened(time(8), time(16))]


def a_week(**days: str) -> dict[int, str]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return {number: days.get(name, "") for number, name in enumerate(names)}


@pytest.mark.parametrize(
    ("own", "place", "left"),
    [
        (a_week(mon="09:00–17:00"), a_week(mon="9-17"), {}),
        (a_week(mon="08:59–17:00"), a_week(mon="09:00–17:00"), {0: "08:59–09:00"}),
        (a_week(mon="09:00–17:01"), a_week(mon="09:00–17:00"), {0: "17:00–17:01"}),
        (
            a_week(mon="08:00–18:00"),
            a_week(mon="09:00–12:00, 13:00–17:00"),
            {0: "08:00–09:00, 12:00–13:00, 17:00–18:00"},
        ),
        (a_week(tue="10:00–11:00"), a_week(mon="09:00–17:00"), {1: "10:00–11:00"}),
        (a_week(tue="10:00–11:00"), a_week(), {}),  # without any hours it is open day and night
    ],
)
def test_what_lies_outside_of_the_place_is_named(own: Week, place: Week, left: Week) -> None:
    assert hours.beyond(own, place) == left


@pytest.mark.parametrize(
    ("own", "place", "left"),
    [
        (a_week(fri="22:00–02:00"), a_week(fri="20:00–03:00"), {}),
        (a_week(fri="22:00–04:00"), a_week(fri="20:00–03:00"), {4: "03:00–04:00"}),
        (a_week(fri="22:00–02:00"), a_week(fri="00:00–24:00", sat="00:00–24:00"), {}),
        (a_week(sun="22:00–02:00"), a_week(sun="20:00–24:00", mon="00:00–06:00"), {}),
        (a_week(mon="01:00–02:00"), a_week(sun="20:00–03:00"), {}),
        (a_week(sun="22:00–02:00"), a_week(sun="20:00–24:00"), {6: "00:00–02:00"}),
    ],
)
def test_a_night_goes_on_until_the_next_day_and_sunday_into_monday(own: Week, place: Week, left: Week) -> None:
    assert hours.beyond(own, place, nights=True) == left


def test_hours_are_the_same_however_they_are_typed() -> None:
    assert hours.says_the_same(a_week(mon="9-12, 13-17"), a_week(mon="13:00–17:00, 09:00–12:00"))
    assert not hours.says_the_same(a_week(mon="9-12"), a_week(mon="9-12", tue="9-12"))


@pytest.mark.django_db
def test_what_is_written_is_read_back() -> None:
    place = LocationFactory()
    week = dict.fromkeys(range(7), "") | {0: "09:00–12:30, 13:00–17:00", 4: "22:00–06:00", 6: "00:00–24:00"}
    hours.write(place, week, nights=True, today=TODAY)

    assert hours.week_of(place, today=TODAY) == week
    assert hours.works_at_night(place)
    assert not hours.works_at_night(LocationFactory())


@pytest.mark.django_db
def test_a_break_is_shown_as_the_gap_that_it_is() -> None:
    place = LocationFactory()
    WeeklyHoursFactory(location=place, opens_at=time(8), closes_at=time(17))
    BreakFactory(location=place)

    assert hours.week_of(place, today=TODAY)[0] == "08:00–12:00, 13:00–17:00"


@pytest.mark.django_db
def test_a_day_that_is_not_changed_keeps_its_rows() -> None:
    place = LocationFactory()
    kept = WeeklyHoursFactory(location=place), BreakFactory(location=place)
    other = WeeklyHoursFactory(location=place, weekday=2)
    hours.write(place, hours.week_of(place, today=TODAY) | {2: "10:00–11:00"}, today=TODAY)

    assert [*WeeklyHours.objects.filter(weekday=0), *Break.objects.all()] == [*kept]
    assert not WeeklyHours.objects.filter(pk=other.pk).exists()
    assert hours.week_of(place, today=TODAY)[2] == "10:00–11:00"


@pytest.mark.django_db
def test_hours_that_change_at_a_date_are_not_overwritten() -> None:
    place = LocationFactory()
    WeeklyHoursFactory(location=place, valid_until=date(2026, 12, 31))
    WeeklyHoursFactory(location=place, opens_at=time(10), valid_from=date(2027, 1, 1))

    assert hours.week_of(place, today=TODAY)[0] == "08:00–17:00"
    assert hours.week_of(place, today=date(2026, 12, 31))[0] == "08:00–17:00"
    assert hours.week_of(place, today=date(2027, 1, 1))[0] == "10:00–17:00"
    with pytest.raises(NotHours, match="On Monday the hours change at a date"):
        hours.write(place, {0: "09:00–17:00"}, today=TODAY)
    assert WeeklyHours.objects.count() == 2
