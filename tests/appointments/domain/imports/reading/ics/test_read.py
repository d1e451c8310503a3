"""When an entry is: zones, days, hours that the clock skips or repeats, ends."""

from datetime import date

import pytest

from tests.appointments.domain.imports.reading.samples import calendar, event, levels, read, said, shown, starts, times

AUTUMN = (date(2027, 9, 1), date(2027, 12, 31))


def test_a_time_in_utc_is_that_instant():
    reading = read(calendar(event("DTSTART:20261124T073000Z", "DTEND:20261124T080000Z")))
    assert times(reading) == [("2026-11-24 07:30", "2026-11-24 08:00")]
    assert reading.rows[0].zone == "UTC"
    assert said(reading) == []


def test_a_time_without_a_zone_is_on_the_default_clock():
    reading = read(calendar(event("DTSTART:20261124T143000")))
    assert starts(reading) == ["2026-11-24 07:30"]
    assert reading.rows[0].zone == "Asia/Jakarta"


def test_a_whole_day_runs_from_midnight_to_midnight_here():
    reading = read(calendar(event("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261126")))
    assert times(reading) == [("2026-11-23 17:00", "2026-11-25 17:00")]
    assert reading.rows[0].all_day is True


def test_a_whole_day_on_which_the_clock_changes_has_23_hours():
    row = read(calendar(event("DTSTART;VALUE=DATE:20270328")), zone="Europe/Berlin").rows[0]
    assert (shown(row.starts_at), shown(row.ends_at)) == ("2027-03-27 23:00", "2027-03-28 22:00")


SKIPPED = "{} does not exist there, because the clocks go forward, so it was left out."


@pytest.mark.parametrize(
    ("zone", "skipped", "just_before", "just_after"),
    [
        ("America/New_York", "20270314T023000", "20270314T015900", "20270314T030000"),
        ("Europe/Berlin", "20270328T020000", "20270328T015900", "20270328T030000"),
    ],
)
def test_an_hour_that_the_clock_skips_is_refused_with_its_line(zone, skipped, just_before, just_after):
    walls = (skipped, just_before, just_after)
    entries = [event(f"DTSTART;TZID={zone}:{wall}", "DURATION:PT30M", uid=wall) for wall in walls]
    reading = read(calendar(*entries))
    day = f"{skipped[:4]}-{skipped[4:6]}-{skipped[6:8]} {skipped[9:11]}:{skipped[11:13]}"
    assert len(reading.rows) == 2
    assert said(reading) == [(3, "error", SKIPPED.format(day))]


@pytest.mark.parametrize("wall", ["20270314T023000", "20270328T023000", "20271031T023000", "20271107T013000"])
def test_in_jakarta_every_hour_comes_once(wall):
    reading = read(calendar(event(f"DTSTART;TZID=Asia/Jakarta:{wall}")), window=(date(2027, 1, 1), date(2027, 12, 31)))
    assert (len(reading.rows), said(reading)) == (1, [])


def test_a_series_leaves_out_the_date_whose_hour_the_clock_skips_and_says_so():
    """RFC 5545, 3.3.10: such a date is no part of the series. The others stay."""
    lines = ("DTSTART;TZID=Europe/Berlin:20270327T023000", "DURATION:PT30M", "RRULE:FREQ=DAILY;UNTIL=20270329T235959Z")
    reading = read(calendar(event(*lines)))
    assert starts(reading) == ["2027-03-27 01:30", "2027-03-29 00:30"]
    assert said(reading) == [(3, "warning", SKIPPED.format("2027-03-28 02:30"))]


def test_a_series_that_begins_in_a_skipped_hour_is_refused_for_that_date_alone():
    lines = ("DTSTART;TZID=Europe/Berlin:20270328T023000", "DURATION:PT30M", "RRULE:FREQ=DAILY;UNTIL=20270329T235959Z")
    reading = read(calendar(event(*lines)))
    assert starts(reading) == ["2027-03-29 00:30"]
    assert said(reading) == [(3, "error", SKIPPED.format("2027-03-28 02:30"))]


def test_an_hourly_series_keeps_the_hour_after_the_skipped_one():
    """Both stand for one instant if the skipped one is shifted; the real one must not be taken for a double."""
    lines = ("DTSTART;TZID=Europe/Berlin:20270328T003000", "DURATION:PT30M", "RRULE:FREQ=HOURLY;COUNT=5")
    reading = read(calendar(event(*lines)))
    assert starts(reading)[:3] == ["2027-03-27 23:30", "2027-03-28 00:30", "2027-03-28 01:30"]
    assert said(reading) == [(3, "warning", SKIPPED.format("2027-03-28 02:30"))]


def test_a_skipped_date_that_was_cancelled_or_moved_is_nobodys_business():
    rule = ("DTSTART;TZID=Europe/Berlin:20270327T023000", "DURATION:PT30M", "RRULE:FREQ=DAILY;UNTIL=20270328T235959Z")
    cancelled = read(calendar(event(*rule, "EXDATE;TZID=Europe/Berlin:20270328T023000")))
    moved_to = ("RECURRENCE-ID;TZID=Europe/Berlin:20270328T023000", "DTSTART;TZID=Europe/Berlin:20270328T100000")
    moved = read(calendar(event(*rule), event(*moved_to, "DURATION:PT30M")))
    assert (starts(cancelled), said(cancelled)) == (["2027-03-27 01:30"], [])
    assert (starts(moved), said(moved)) == (["2027-03-27 01:30", "2027-03-28 08:00"], [])


def test_the_second_of_two_equal_hours_may_be_told_in_utc():
    reading = read(calendar(event("DTSTART:20271031T013000Z")), window=AUTUMN)
    assert (starts(reading), said(reading)) == (["2027-10-31 01:30"], [])


def test_an_hour_that_comes_twice_is_the_first_and_is_said():
    reading = read(calendar(event("DTSTART;TZID=Europe/Berlin:20271031T023000")), window=AUTUMN)
    assert starts(reading) == ["2027-10-31 00:30"]
    assert levels(reading) == [(3, "warning")]


def test_a_daily_hour_keeps_its_place_on_the_wall_when_the_clock_changes():
    lines = ("DTSTART;TZID=Europe/Berlin:20270327T100000", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=3")
    assert starts(read(calendar(event(*lines)))) == ["2027-03-27 09:00", "2027-03-28 08:00", "2027-03-29 08:00"]


def test_the_window_counts_days_here_and_both_of_its_days():
    entries = [
        event("DTSTART;TZID=Asia/Jakarta:20261123T235900", uid="before"),
        event("DTSTART;TZID=Asia/Jakarta:20261124T000000", uid="first"),
        event("DTSTART;TZID=Asia/Jakarta:20261125T235900", uid="last"),
        event("DTSTART;TZID=Asia/Jakarta:20261126T000000", uid="after"),
        event("DTSTART;TZID=Asia/Jakarta:20261001T000000", uid="long before"),
    ]
    reading = read(calendar(*entries), window=(date(2026, 11, 24), date(2026, 11, 25)))
    assert [row.uid for row in reading.rows] == ["first", "last"]
    assert said(reading) == [
        (0, "note", "2 entries in the past were left out."),
        (0, "note", "1 entry too far in the future was left out."),
    ]


def test_a_zone_or_window_that_does_not_exist_is_the_callers_mistake():
    with pytest.raises(ValueError, match="Nowhere"):
        read(calendar(), zone="Nowhere/Land")
    with pytest.raises(ValueError, match="window"):
        read(calendar(), window=(date(2026, 11, 2), date(2026, 11, 1)))
