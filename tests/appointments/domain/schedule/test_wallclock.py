"""The wall and UTC in the nights when the clock changes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import (
    DAY,
    WallClock,
    day_of,
    midnight,
    minute_from,
    minute_of,
    moment_of,
    shown_by_clock,
)
from tests.clock import at

BERLIN = ZoneInfo("Europe/Berlin")
# Forward, back; a zone that changes by half an hour; one that changes at midnight; one that never does.
NIGHTS = [
    ("Europe/Berlin", "2027-03-28"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2027-03-14"),
    ("Australia/Lord_Howe", "2027-04-04"),
    ("America/Asuncion", "2024-10-06"),
    ("Asia/Jakarta", "2026-11-24"),
]


def around(zone: str, day: str) -> Span[int]:
    noon = minute_of(at(f"{day} 12:00", zone))
    return Span(noon - 2 * DAY, noon + 2 * DAY)


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_the_wall_shows_in_each_minute_what_the_zone_says(zone: str, day: str) -> None:
    window = around(zone, day)
    clock = WallClock(ZoneInfo(zone), window)
    for minute in range(window.start, window.end):
        wall = moment_of(minute).astimezone(ZoneInfo(zone))
        assert clock.wall(minute) == midnight(wall.date()) + wall.hour * 60 + wall.minute


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
@settings(max_examples=20)
@given(data=st.data())
def test_a_span_on_the_wall_is_every_minute_that_shows_it(zone: str, day: str, data: st.DataObject) -> None:
    window = around(zone, day)
    clock = WallClock(ZoneInfo(zone), window)
    first = clock.wall(window.start)
    start = data.draw(st.integers(first - 100, first + 5 * DAY))
    wanted = Span(start, start + data.draw(st.integers(0, DAY)))
    shown = {minute for minute in range(*window) if wanted.start <= clock.wall(minute) < wanted.end}
    assert {minute for span in clock.in_utc([wanted]) for minute in range(*span)} == shown


def test_an_hour_that_the_clock_leaves_out_is_nothing_and_one_that_it_repeats_is_two() -> None:
    gap = midnight(at("2027-03-28 12:00").date()) + 120
    fold = midnight(at("2026-10-25 12:00").date()) + 120
    spring = WallClock(BERLIN, around("Europe/Berlin", "2027-03-28"))
    autumn = WallClock(BERLIN, around("Europe/Berlin", "2026-10-25"))
    assert spring.in_utc([Span(gap, gap + 60)]) == []
    [twice] = autumn.in_utc([Span(fold, fold + 60)])
    assert (moment_of(twice.start), twice.end - twice.start) == (at("2026-10-25 00:00", "UTC"), 120)


def test_a_part_of_a_minute_counts_down_to_its_start_and_up_to_the_next() -> None:
    moment = at("2026-11-24 10:00:30")
    assert (moment_of(minute_of(moment)), moment_of(minute_from(moment))) == (
        at("2026-11-24 10:00"),
        at("2026-11-24 10:01"),
    )
    assert minute_of(at("2026-11-24 10:00")) == minute_from(at("2026-11-24 10:00"))


def test_a_day_has_its_midnight() -> None:
    day = at("2026-11-24 10:00").date()
    assert [day_of(midnight(day) + minute) for minute in (-1, 0, DAY - 1, DAY)] == [
        at("2026-11-23 10:00").date(),
        day,
        day,
        at("2026-11-25 10:00").date(),
    ]


@pytest.mark.parametrize(
    ("shown", "moment"), [("2026-10-25T02:30", "2026-10-25T00:30Z"), ("2027-03-28T03:00", "2027-03-28T01:00Z")]
)
def test_what_a_clock_shows_is_the_first_moment_at_which_it_does(shown: str, moment: str) -> None:
    assert shown_by_clock(datetime.fromisoformat(shown), BERLIN) == datetime.fromisoformat(moment)


def test_what_a_clock_never_shows_is_no_moment() -> None:
    with pytest.raises(ValueError, match="no clock"):
        shown_by_clock(datetime.fromisoformat("2027-03-28T02:59"), BERLIN)
