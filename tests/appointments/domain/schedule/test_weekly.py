"""Weekly hours, breaks, closed days and closures become open minutes, by the clock on the wall."""

import logging
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.domain.schedule.weekly import Blocked, Week, Weekly, around_hours, blocked_minutes, week_open
from tests.clock import at

JAKARTA = "Asia/Jakarta"


def clock(first: str, last: str, zone: str = JAKARTA) -> WallClock:
    """The clock of a zone from one moment to another."""
    return WallClock(ZoneInfo(zone), Span(minute_from(at(first, zone)), minute_of(at(last, zone))))


def shown(spans: list[Span[int]], zone: str = JAKARTA) -> list[str]:
    tzinfo = ZoneInfo(zone)
    ends = [tuple(moment_of(minute).astimezone(tzinfo) for minute in span) for span in spans]
    return [f"{start:%a %H:%M}-{end:%H:%M}" for start, end in ends]


WEEK = clock("2026-11-23 00:00", "2026-11-30 00:00")
EIGHT_TO_FIVE = (time(8), time(17))


def test_hours_return_every_week_and_breaks_are_taken_out() -> None:
    week = Week((Weekly(1, *EIGHT_TO_FIVE), Weekly(3, *EIGHT_TO_FIVE)), (Weekly(1, time(12), time(13)),))
    assert shown(week_open(week, WEEK)) == ["Tue 08:00-12:00", "Tue 13:00-17:00", "Thu 08:00-17:00"]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (time(22), time(6), ["Mon 22:00-06:00"]),
        (time(8), time(8), ["Mon 08:00-08:00"]),
        (time(8), time(8, 1), ["Mon 08:00-08:01"]),
    ],
)
def test_what_closes_at_or_before_it_opens_reaches_into_the_next_day(
    opens: time, closes: time, expected: list[str]
) -> None:
    assert shown(week_open(Week((Weekly(0, opens, closes),)), WEEK)) == expected


def test_the_hours_around_are_those_of_days_on_which_both_have_hours() -> None:
    person = Week((Weekly(1, *EIGHT_TO_FIVE), Weekly(2, *EIGHT_TO_FIVE), Weekly(3, *EIGHT_TO_FIVE)))
    place = Week((Weekly(1, *EIGHT_TO_FIVE), Weekly(3, *EIGHT_TO_FIVE, valid_until=date(2026, 11, 25))))
    around = Span(7 * 60, 20 * 60)
    assert shown(around_hours(person, Week(), around, WEEK)) == [f"{day} 07:00-20:00" for day in ("Tue", "Wed", "Thu")]
    assert shown(around_hours(person, place, around, WEEK)) == ["Tue 07:00-20:00"]
    assert shown(around_hours(person, Week(), around, WEEK, closed_days=[date(2026, 11, 25)])) == [
        "Tue 07:00-20:00",
        "Thu 07:00-20:00",
    ]


def test_a_night_shift_has_hours_around_it_on_the_day_it_begins() -> None:
    night = Week((Weekly(4, time(22), time(6)),), (Weekly(4, time(18), time(19)),))
    pause = Week((), (Weekly(4, time(12), time(13)),))
    assert shown(around_hours(night, pause, Span(7 * 60, 20 * 60), WEEK)) == [
        "Fri 07:00-12:00",
        "Fri 13:00-18:00",
        "Fri 19:00-20:00",
    ]


def test_a_night_that_began_before_the_window_is_in_it() -> None:
    week = Week((Weekly(0, time(22), time(6)),))
    assert shown(week_open(week, clock("2026-11-24 00:00", "2026-11-25 00:00"))) == ["Tue 00:00-06:00"]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 25), None, ["Wed", "Thu"]),
        (None, date(2026, 11, 25), ["Tue", "Wed"]),
        (date(2026, 11, 25), date(2026, 11, 25), ["Wed"]),
        (date(2026, 11, 28), None, []),
    ],
)
def test_a_row_is_valid_from_and_until_its_days_both_included(
    first: date | None, last: date | None, days: list[str]
) -> None:
    week = Week(tuple(Weekly(day, *EIGHT_TO_FIVE, first, last) for day in (1, 2, 3)))
    assert [one[:3] for one in shown(week_open(week, WEEK))] == days


def test_without_hours_it_is_there_all_the_time_but_for_closed_days() -> None:
    around = clock("2026-11-23 12:00", "2026-11-26 12:00")
    assert shown(week_open(Week(), around, closed_days={date(2026, 11, 24)})) == ["Mon 12:00-00:00", "Wed 00:00-12:00"]


def test_a_night_shift_ends_at_midnight_before_a_closed_day() -> None:
    week = Week((Weekly(0, time(22), time(6)),))
    assert shown(week_open(week, WEEK, closed_days={date(2026, 11, 24)})) == ["Mon 22:00-00:00"]


def blocked(begin: str, end: str, rule: str = "", *, zone: str = JAKARTA) -> Blocked:
    return Blocked(at(begin, zone), at(end, zone), rule)


def test_what_blocks_once_blocks_every_minute_it_touches() -> None:
    odd = Blocked(at("2026-11-24 12:00:30"), at("2026-11-24 13:00:30"))
    assert shown(blocked_minutes([odd], WEEK)) == ["Tue 12:00-13:01"]
    outside = blocked("2026-11-01 08:00", "2026-11-02 08:00")
    assert blocked_minutes([outside], WEEK) == []


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=2", ["Tue", "Wed"]),
        ("RRULE:FREQ=DAILY;UNTIL=20261126", ["Tue", "Wed", "Thu"]),
        ("FREQ=DAILY;UNTIL=20261126T120000", ["Tue", "Wed", "Thu"]),
        ("FREQ=DAILY;UNTIL=20261126T115959", ["Tue", "Wed"]),
        ("FREQ=DAILY;UNTIL=20261126T050000Z", ["Tue", "Wed", "Thu"]),
        ("FREQ=DAILY;UNTIL=20261126T045959Z", ["Tue", "Wed"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH", ["Tue", "Thu"]),
    ],
)
def test_what_recurs_ends_when_it_says(rule: str, days: list[str]) -> None:
    lunch = blocked("2026-11-24 12:00", "2026-11-24 13:00", rule)
    assert [one[:3] for one in shown(blocked_minutes([lunch], WEEK))] == days


def test_what_began_before_the_window_and_reaches_in_counts() -> None:
    long = blocked("2026-11-10 20:00", "2026-11-12 20:00", "FREQ=WEEKLY")
    assert shown(blocked_minutes([long], clock("2026-11-25 08:00", "2026-11-27 08:00"))) == ["Wed 08:00-20:00"]


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;UNTIL=soon", "nonsense"])
def test_a_rule_that_cannot_be_followed_counts_once_and_is_told(rule: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        found = blocked_minutes([blocked("2026-11-24 12:00", "2026-11-24 13:00", rule)], WEEK)
    assert shown(found) == ["Tue 12:00-13:00"]
    assert rule in caplog.text


def test_a_rule_stays_on_the_wall_when_the_clock_changes() -> None:
    zone = "Europe/Berlin"
    around = clock("2027-03-27 00:00", "2027-03-30 00:00", zone)
    lunch = blocked("2027-03-20 12:00", "2027-03-20 13:00", "FREQ=DAILY", zone=zone)
    assert shown(blocked_minutes([lunch], around), zone) == ["Sat 12:00-13:00", "Sun 12:00-13:00", "Mon 12:00-13:00"]


def test_over_the_hour_that_comes_twice_the_true_length_counts() -> None:
    """From 02:30 to 02:30 an hour later, as the wall shows it in Berlin's autumn."""
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone)
    begin, end = (moment.astimezone(UTC) for moment in (first, first.replace(fold=1)))
    again = Blocked(begin, end, "FREQ=DAILY")
    found = blocked_minutes([again], clock("2026-10-27 00:00", "2026-10-28 00:00", "Europe/Berlin"))
    assert shown(found, "Europe/Berlin") == ["Tue 02:30-03:30"]
