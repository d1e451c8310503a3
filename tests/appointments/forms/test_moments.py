"""What somebody types as a time at a place: the moment a clock there shows it, and no other."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms

from appointments.forms.missing import MissingForm
from appointments.forms.moments import hour_to_tell, in_utc
from appointments.forms.moving.added_time import AddTimeForm
from tests.clock import NOW, at
from tests.factories import clinic


def typed(text: str, zone: str) -> str:
    return f"{in_utc(datetime.fromisoformat(text), ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "day", "exists"),
    [
        ("Europe/Berlin", "2027-03-28", [True, False, False, True]),
        ("America/New_York", "2027-03-14", [True, False, False, True]),
        ("Asia/Jakarta", "2027-03-28", [True, True, True, True]),
    ],
)
def test_an_hour_that_the_clock_skips_is_refused_and_not_shifted(zone: str, day: str, exists: list[bool]) -> None:
    def is_taken(hour: str) -> bool:
        try:
            return bool(typed(f"{day} {hour}", zone))
        except forms.ValidationError as error:
            (sentence,) = error.messages
            assert sentence == (
                f"{hour} does not exist on that day: the clocks go forward. Please choose another time."
            )
            return False

    assert [is_taken(hour) for hour in ("01:59", "02:00", "02:59", "03:00")] == exists


def test_of_two_equal_hours_the_first_is_meant() -> None:
    assert typed("2027-10-31 02:30", "Europe/Berlin") == "2027-10-31 00:30"
    assert typed("2027-11-07 01:30", "America/New_York") == "2027-11-07 05:30"
    assert typed("2027-10-31 02:30", "Asia/Jakarta") == "2027-10-30 19:30"


def test_there_is_no_day_before_the_first() -> None:
    with pytest.raises(forms.ValidationError, match="There is no such day"):
        typed("0001-01-01 00:00", "Asia/Jakarta")


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "UTC"])
def test_there_is_no_quarter_after_the_last(zone: str) -> None:
    with pytest.raises(forms.ValidationError, match="There is no such day"):
        hour_to_tell(datetime.fromisoformat("9999-12-31 23:59"), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("shown", "told"), [("08:41", "08:45"), ("08:45", "08:45"), ("20:46", "21:00"), ("07:50", "08:00")]
)
def test_an_hour_that_we_tell_people_is_the_next_quarter(shown: str, told: str) -> None:
    moment = hour_to_tell(datetime.fromisoformat(f"2026-11-24 {shown}"), ZoneInfo("Asia/Jakarta"))
    assert moment == at(f"2026-11-24 {told}")


@pytest.mark.parametrize("shown", ["05:00", "07:44", "21:01", "23:59"])
def test_nobody_is_told_an_hour_at_night(shown: str) -> None:
    with pytest.raises(forms.ValidationError, match="is at night"):
        hour_to_tell(datetime.fromisoformat(f"2026-11-24 {shown}"), ZoneInfo("Asia/Jakarta"))


@pytest.mark.django_db
def test_a_colleague_who_adds_a_skipped_hour_is_told_so() -> None:
    here = clinic()
    here.location.zone = "Europe/Berlin"
    here.location.save()
    appointment = here.booked(at("2027-03-26 10:00", "Europe/Berlin"))

    form = AddTimeForm(
        {"add_day": "2027-03-28", "add_time": "02:30"}, question=MissingForm(appointment=appointment, now=NOW)
    )

    assert form.errors["__all__"] == [
        "02:30 does not exist on that day: the clocks go forward. Please choose another time."
    ]
