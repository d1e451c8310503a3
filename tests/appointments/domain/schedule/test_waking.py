"""Hours that one can tell people: by day, on a quarter, on the clock of the place."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import (
    is_waking,
    last_quarter,
    latest_hour,
    must_be_an_hour_to_tell,
    next_quarter,
    soonest_hour,
    waking,
)
from appointments.errors import DomainError
from tests.clock import at, minutes

JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")
A_MOMENT = timedelta(microseconds=1)


def test_of_a_night_and_two_days_only_the_days_are_left() -> None:
    span = Span(at("2026-11-23 19:30"), at("2026-11-25 07:00"))
    assert [(part.start, part.end) for part in waking([span], JAKARTA)] == [
        (at("2026-11-23 19:30"), at("2026-11-23 21:00")),
        (at("2026-11-24 08:00"), at("2026-11-24 21:00")),
    ]
    assert list(waking([Span(at("2026-11-23 21:00"), at("2026-11-24 08:00"))], JAKARTA)) == []


def test_the_clock_of_the_place_counts_also_when_it_changes() -> None:
    night = Span(at("2027-03-27 20:00", "Europe/Berlin"), at("2027-03-28 09:00", "Europe/Berlin"))
    assert [part.end - part.start for part in waking([night], BERLIN)] == [minutes(60), minutes(60)]


@pytest.mark.parametrize(
    ("clock", "answer"), [("07:59", False), ("08:00", True), ("21:00", True), ("21:01", False), ("00:00", False)]
)
def test_from_eight_to_nine_in_the_evening(clock: str, answer: bool) -> None:
    assert is_waking(at(f"2026-11-23 {clock}"), JAKARTA) is answer


@pytest.mark.parametrize(
    ("clock", "earlier", "later"),
    [
        ("09:00", "09:00", "09:00"),
        ("09:01", "09:00", "09:15"),
        ("09:15", "09:15", "09:15"),
        ("23:59", "23:45", "00:00"),
    ],
)
def test_a_quarter_is_the_nearest_one_on_either_side(clock: str, earlier: str, later: str) -> None:
    moment = at(f"2026-11-23 {clock}")
    assert (f"{last_quarter(moment):%H:%M}", f"{next_quarter(moment):%H:%M}") == (earlier, later)


def test_a_moment_after_a_quarter_belongs_to_the_next_one() -> None:
    nine = at("2026-11-23 09:00")
    assert next_quarter(nine + A_MOMENT) == at("2026-11-23 09:15")
    assert last_quarter(nine - A_MOMENT) == at("2026-11-23 08:45")


@pytest.mark.parametrize(
    ("moment", "latest", "soonest"),
    [
        ("23 09:00", "23 09:00", "23 09:00"),
        ("23 09:01", "23 09:00", "23 09:15"),
        ("23 21:00", "23 21:00", "23 21:00"),
        ("23 21:01", "23 21:00", "24 08:00"),
        ("24 00:00", "23 21:00", "24 08:00"),
        ("24 07:59", "23 21:00", "24 08:00"),
        ("24 08:00", "24 08:00", "24 08:00"),
    ],
)
def test_the_nearest_hours_that_one_can_tell_people(moment: str, latest: str, soonest: str) -> None:
    of = at(f"2026-11-{moment}")
    assert latest_hour(of, JAKARTA) == at(f"2026-11-{latest}")
    assert soonest_hour(of, JAKARTA) == at(f"2026-11-{soonest}")


@pytest.mark.parametrize(
    ("clock", "why"),
    [
        ("08:00", ""),
        ("20:45", ""),
        ("21:00", ""),
        ("21:15", "21:15 is at night. Choose an hour between 08:00 and 21:00."),
        ("05:00", "05:00 is at night. Choose an hour between 08:00 and 21:00."),
        ("08:41", "Choose a full, a half or a quarter of an hour."),
    ],
)
def test_what_is_no_hour_to_tell_is_refused_with_the_reason(clock: str, why: str) -> None:
    if not why:
        must_be_an_hour_to_tell(at(f"2026-11-23 {clock}"), JAKARTA)
        return
    with pytest.raises(DomainError) as refused:
        must_be_an_hour_to_tell(at(f"2026-11-23 {clock}"), JAKARTA)
    assert refused.value.message == why
