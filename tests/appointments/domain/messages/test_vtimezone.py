"""The clock of a zone, explained to programs that know no zones."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from appointments.domain.messages.vtimezone import _Change, vtimezone

YEARLY = {
    "Europe/Berlin": ["FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"],
    "America/New_York": ["FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"],
    "Asia/Jakarta": [],
    # Clocks change on dates that no rule tells: around the month of fasting, and on the Friday before a Sunday.
    "Africa/Casablanca": [],
    "Asia/Jerusalem": [],
}


def parts_of(zone: str, year: int = 2027) -> list[tuple[str | None, str, timedelta, timedelta]]:
    """(name, begins, from, to) of each part, in its order."""
    return [
        (part.name, f"{part.decoded('DTSTART'):%Y-%m-%d %H:%M}", *_offsets(part))
        for part in vtimezone(zone, year).subcomponents
    ]


def _offsets(part: Any) -> tuple[timedelta, timedelta]:
    return part.decoded("TZOFFSETFROM"), part.decoded("TZOFFSETTO")


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(("zone", "rules"), YEARLY.items())
def test_a_clock_is_told_in_rules_or_single_changes_and_never_in_lists_of_dates(zone: str, rules: list[str]) -> None:
    text = vtimezone(zone, 2027).to_ical().decode().replace("\r\n ", "")
    assert [line.removeprefix("RRULE:") for line in text.splitlines() if line.startswith("RRULE")] == rules
    assert "RDATE" not in text


def test_a_change_of_the_clock_begins_when_it_does() -> None:
    """RFC 5545, 3.6.5: an onset is told on the clock before the change, 2:00 in Berlin's spring and 3:00 in autumn."""
    assert parts_of("Europe/Berlin") == [
        ("DAYLIGHT", "2026-03-29 02:00", hours(1), hours(2)),
        ("STANDARD", "2026-10-25 03:00", hours(2), hours(1)),
    ]


def test_the_rules_hold_from_the_year_before() -> None:
    assert [part[1] for part in parts_of("America/New_York", 2030)] == ["2029-03-11 02:00", "2029-11-04 02:00"]


def test_a_clock_that_never_changes_has_one_part_for_all_time() -> None:
    assert parts_of("Asia/Jakarta") == [("STANDARD", "1970-01-01 00:00", hours(7), hours(7))]


def test_changes_without_a_rule_are_told_one_by_one_for_three_years() -> None:
    assert parts_of("Asia/Jerusalem") == [
        ("STANDARD", "1970-01-01 00:00", hours(2), hours(2)),
        ("DAYLIGHT", "2026-03-27 02:00", hours(2), hours(3)),
        ("STANDARD", "2026-10-25 02:00", hours(3), hours(2)),
        ("DAYLIGHT", "2027-03-26 02:00", hours(2), hours(3)),
        ("STANDARD", "2027-10-31 02:00", hours(3), hours(2)),
        ("DAYLIGHT", "2028-03-24 02:00", hours(2), hours(3)),
        ("STANDARD", "2028-10-29 02:00", hours(3), hours(2)),
    ]


def test_a_clock_that_changes_by_half_an_hour_does_so_here() -> None:
    (first, second) = parts_of("Australia/Lord_Howe")
    assert {abs(part[3] - part[2]) for part in (first, second)} == {hours(0.5)}


def test_a_clock_that_begins_to_change_by_a_rule_only_later_is_told_one_by_one() -> None:
    """Mexico gave its changes up in 2022: from 2021 on some years have two and the others none."""
    told = parts_of("America/Mexico_City", 2022)
    assert [part[1] for part in told[1:]] == [
        "2021-04-04 02:00", "2021-10-31 02:00", "2022-04-03 02:00", "2022-10-30 02:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "places"),
    [
        (date(2027, 9, 23), {"4TH"}),  # a week before the last day of September, which is a Thursday too
        (date(2027, 9, 24), {"4FR", "-1FR"}),
        (date(2027, 9, 30), {"5TH", "-1TH"}),
        (date(2027, 9, 7), {"1TU"}),
        (date(2027, 9, 8), {"2WE"}),
    ],
)
def test_a_day_is_the_last_of_its_weekday_when_no_week_follows_in_its_month(day: date, places: set[str]) -> None:
    """No zone of today tells these apart, so the day itself is asked."""
    assert _Change(datetime.combine(day, time(2)), hours(1), hours(2), None).places == places
