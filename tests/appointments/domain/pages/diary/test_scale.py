"""Where the moments of a day lie along its column."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments.domain.pages.diary.scale import HOUR, Scale, days_side_by_side, hours_of, scales
from appointments.domain.schedule.spans import Span
from tests.clock import at

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN = [date(2026, 10, 19) + timedelta(days=passed) for passed in range(7)]
"""A week on whose Sunday the hour from two to three passes twice."""
SPRING = [date(2026, 3, 23) + timedelta(days=passed) for passed in range(7)]
"""A week on whose Sunday the hour from two to three does not pass at all."""


def span(start: str, end: str) -> Span[datetime]:
    return Span(at(start), at(end))


def hour_of(scale: Scale, moment: datetime) -> float:
    """At which hour of the drawing a moment lies."""
    return scale.places(Span(moment, moment)).start / HOUR


def drawn_whole(dates: list[date]) -> list[Scale]:
    days = days_side_by_side(dates, BERLIN)
    return scales(days, [[day.span] for day in days])


def test_a_day_is_drawn_in_whole_hours_from_its_first_to_its_last_thing() -> None:
    days = days_side_by_side([date(2026, 11, 24)], ZoneInfo("Asia/Jakarta"))
    things = [span("2026-11-24 08:20", "2026-11-24 12:00"), span("2026-11-24 15:00", "2026-11-24 16:10")]

    [scale] = scales(days, [things])

    assert scale.window == Span(at("2026-11-24 08:00"), at("2026-11-24 17:00"))
    assert scale.gap is None
    assert hour_of(scale, at("2026-11-24 09:30")) == 1.5


def test_days_side_by_side_share_their_hours() -> None:
    days = days_side_by_side([date(2026, 11, 24), date(2026, 11, 25)], ZoneInfo("Asia/Jakarta"))
    things = [[span("2026-11-24 06:00", "2026-11-24 09:00")], [span("2026-11-25 13:00", "2026-11-25 20:00")]]

    early, late = scales(days, things)

    assert [one.window.start for one in (early, late)] == [at("2026-11-24 06:00"), at("2026-11-25 06:00")]
    assert [one.window.end for one in (early, late)] == [at("2026-11-24 20:00"), at("2026-11-25 20:00")]


def test_a_week_of_nothing_shows_usual_hours() -> None:
    days = days_side_by_side(AUTUMN, BERLIN)

    assert {one.shown for one in scales(days, [[]] * 7)} == {Span(8 * HOUR, 17 * HOUR)}


def test_an_hour_that_one_day_has_twice_is_a_gap_in_the_others() -> None:
    *ordinary, sunday = drawn_whole(AUTUMN)

    assert {one.length for one in (*ordinary, sunday)} == {25 * HOUR}
    assert {one.gap for one in ordinary} == {Span(3 * HOUR, 4 * HOUR)}
    assert sunday.gap is None
    assert [hour.astimezone(BERLIN).hour for hour in sunday.hours][1:6] == [1, 2, 2, 3, 4]
    second = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert [hour_of(sunday, one) for one in (second.replace(fold=0), second)] == [2.5, 3.5]
    # Eight o'clock lies beside eight o'clock.
    assert hour_of(ordinary[0], at("2026-10-19 08:00", zone="Europe/Berlin")) == 9
    assert hour_of(sunday, at("2026-10-25 08:00", zone="Europe/Berlin")) == 9


def test_an_hour_that_one_day_skips_is_a_gap_in_it() -> None:
    *ordinary, sunday = drawn_whole(SPRING)

    assert {one.length for one in (*ordinary, sunday)} == {24 * HOUR}
    assert {one.gap for one in ordinary} == {None}
    assert sunday.gap == Span(2 * HOUR, 3 * HOUR)
    assert hour_of(sunday, at("2026-03-29 01:30", zone="Europe/Berlin")) == 1.5
    assert hour_of(sunday, at("2026-03-29 03:00", zone="Europe/Berlin")) == 3
    assert hour_of(sunday, at("2026-03-29 08:00", zone="Europe/Berlin")) == 8


def test_what_ends_as_the_clock_changes_ends_above_the_gap() -> None:
    *_, sunday = drawn_whole(SPRING)
    change = at("2026-03-29 03:00", zone="Europe/Berlin").astimezone(ZoneInfo("UTC"))

    assert sunday.places(Span(change - HOUR, change)) == Span(1 * HOUR, 2 * HOUR)
    assert sunday.places(Span(change, change + HOUR)) == Span(3 * HOUR, 4 * HOUR)


def test_the_gap_is_seen_only_where_its_hour_is_drawn() -> None:
    days = days_side_by_side(AUTUMN, BERLIN)
    by_day = [[Span(one.span.start + 8 * HOUR, one.span.start + 16 * HOUR)] for one in days]

    monday, *_, sunday = scales(days, by_day)

    assert (monday.gap, sunday.gap) == (None, None)
    assert [one.window.start.astimezone(BERLIN).hour for one in (monday, sunday)] == [7, 7]


@pytest.mark.parametrize(("zone", "day", "length"), [("Australia/Lord_Howe", date(2026, 4, 5), 24.5)])
def test_a_clock_that_changes_by_half_an_hour_keeps_its_half_hour(zone: str, day: date, length: float) -> None:
    week = [day - timedelta(days=1), day]
    first, changed = scales(days := days_side_by_side(week, ZoneInfo(zone)), [[one.span] for one in days])

    assert {first.length / HOUR, changed.length / HOUR} == {length}
    assert first.gap is not None
    assert (first.gap.end - first.gap.start) / HOUR == 0.5


def test_hours_are_counted_as_they_pass() -> None:
    window = Span(at("2026-10-25 01:00", zone="Europe/Berlin"), at("2026-10-25 04:00", zone="Europe/Berlin"))
    utc = Span(*(one.astimezone(ZoneInfo("UTC")) for one in window))

    assert [hour.astimezone(BERLIN).hour for hour in hours_of(utc)] == [1, 2, 2, 3, 4]
