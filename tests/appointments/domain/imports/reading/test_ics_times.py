"""When an entry is: zones, days, hours that the clock skips or repeats, ends."""

from datetime import date

import pytest

from tests.appointments.domain.imports.reading.samples import calendar, event, levels, read, said, shown, starts, times

AUTUMN = (date(2027, 9, 1), date(2027, 12, 31))
CUSTOM_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Head Office",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def test_a_time_in_utc_is_that_instant():
    reading = read(calendar(event("DTSTART:20261124T073000Z", "DTEND:20261124T080000Z")))
    assert times(reading) == [("2026-11-24 07:30", "2026-11-24 08:00")]
    assert reading.rows[0].zone == "UTC"
    assert said(reading) == []


def test_a_time_without_a_zone_is_on_the_default_clock():
    reading = read(calendar(event("DTSTART:20261124T143000"), head=("X-WR-TIMEZONE:Europe/Berlin",)))
    assert starts(reading) == ["2026-11-24 07:30"]
    assert reading.rows[0].zone == "Asia/Jakarta"


@pytest.mark.parametrize(
    ("tzid", "zone", "start"),
    [
        ("America/New_York", "America/New_York", "2026-11-24 14:00"),
        ("america/new_york", "America/New_York", "2026-11-24 14:00"),
        ('"America/New_York"', "America/New_York", "2026-11-24 14:00"),
        ("Eastern Standard Time", "America/New_York", "2026-11-24 14:00"),
        ('"(UTC-05:00) Eastern Time (US & Canada)"', "America/New_York", "2026-11-24 14:00"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York", "2026-11-24 14:00"),
        ("(GMT-05:00) Eastern Time (US and Canada)", "America/New_York", "2026-11-24 14:00"),
        ('"GMT Standard Time"', "Europe/London", "2026-11-24 09:00"),
        ('"Greenwich Mean Time:Dublin; Edinburgh; Lisbon; London"', "Europe/London", "2026-11-24 09:00"),
        ("Greenwich Mean Time:Dublin; Edinburgh; Lisbon; London", "Europe/London", "2026-11-24 09:00"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', "Europe/Berlin", "2026-11-24 08:00"),
        ("W. Europe Standard Time", "Europe/Berlin", "2026-11-24 08:00"),
        ("SE Asia Standard Time", "Asia/Bangkok", "2026-11-24 02:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin", "2026-11-24 08:00"),
        (
            "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
            "2026-11-24 12:00",
        ),
        ("WITA", "Asia/Makassar", "2026-11-24 01:00"),
        ("GMT+0700", "Etc/GMT-7", "2026-11-24 02:00"),
        ("tzone://Microsoft/Utc", "UTC", "2026-11-24 09:00"),
    ],
)
def test_known_names_of_zones_become_the_same_clock(tzid, zone, start):
    reading = read(calendar(event(f"DTSTART;TZID={tzid}:20261124T090000")))
    assert (starts(reading), reading.rows[0].zone, said(reading)) == ([start], zone, [])


def test_a_zone_that_only_the_file_knows_follows_the_rules_in_the_file():
    entries = [
        event("DTSTART;TZID=Head Office:20261124T090000", uid="winter"),
        event("DTSTART;TZID=Head Office:20270524T090000", uid="summer"),
    ]
    reading = read(calendar(*entries, head=CUSTOM_ZONE))
    assert starts(reading) == ["2026-11-24 08:00", "2027-05-24 07:00"]
    assert {row.zone for row in reading.rows} == {"Asia/Jakarta"}
    assert said(reading) == [
        (20, "note", "The time zone “Head Office” is not a known one; its rules were taken from the file.")
    ]


def test_the_file_may_say_which_known_zone_its_own_name_stands_for():
    head = (*CUSTOM_ZONE[:2], "X-LIC-LOCATION:Europe/Madrid", *CUSTOM_ZONE[2:])
    reading = read(calendar(event("DTSTART;TZID=Head Office:20261124T090000"), head=head))
    assert (starts(reading), reading.rows[0].zone) == (["2026-11-24 08:00"], "Europe/Madrid")


def test_an_unknown_zone_is_the_calendars_zone_and_is_reported_once():
    entries = [event("DTSTART;TZID=Middle Earth:20261124T090000", uid=str(number)) for number in range(3)]
    reading = read(calendar(*entries, head=("X-WR-TIMEZONE:Europe/Berlin",)))
    assert starts(reading) == ["2026-11-24 08:00"] * 3
    assert said(reading) == [
        (
            6,
            "warning",
            "The time zone “Middle Earth” is not known; Europe/Berlin was used instead. Please check the hours.",
        )
    ]


def test_an_unknown_zone_without_any_help_is_the_default_zone():
    reading = read(calendar(event("DTSTART;TZID=Middle Earth:20261124T090000")))
    assert starts(reading) == ["2026-11-24 02:00"]
    assert levels(reading) == [(5, "warning")]


def test_each_of_several_calendars_in_a_file_has_its_own_zones():
    one = calendar(event("DTSTART;TZID=X:20261124T090000", uid="one"), head=("X-WR-TIMEZONE:Europe/Berlin",))
    two = calendar(event("DTSTART;TZID=X:20261124T090000", uid="two"), head=("X-WR-TIMEZONE:Asia/Tokyo",))
    assert {row.uid: shown(row.starts_at) for row in read(one + two).rows} == {
        "one": "2026-11-24 08:00",
        "two": "2026-11-24 00:00",
    }


def test_a_whole_day_runs_from_midnight_to_midnight_here():
    reading = read(calendar(event("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261126")))
    assert times(reading) == [("2026-11-23 17:00", "2026-11-25 17:00")]
    assert reading.rows[0].all_day is True


@pytest.mark.parametrize("end", [(), ("DTEND;VALUE=DATE:20261124",), ("DURATION:P1D",)])
def test_a_day_without_a_usable_end_lasts_one_day(end):
    reading = read(calendar(event("DTSTART:20261124", *end)))
    assert times(reading) == [("2026-11-23 17:00", "2026-11-24 17:00")]
    assert said(reading) == []


def test_a_whole_day_on_which_the_clock_changes_has_23_hours():
    row = read(calendar(event("DTSTART;VALUE=DATE:20270328")), zone="Europe/Berlin").rows[0]
    assert (shown(row.starts_at), shown(row.ends_at)) == ("2027-03-27 23:00", "2027-03-28 22:00")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("DTEND;TZID=Asia/Jakarta:20261124T150000", "2026-11-24 08:00"),
        ("DTEND:20261124T080000Z", "2026-11-24 08:00"),
        ("DTEND:20261124T150000", "2026-11-24 08:00"),
        ("DTEND;TZID=Asia/Jayapura:20261124T170000", "2026-11-24 08:00"),
        ("DURATION:PT1H15M5S", "2026-11-24 08:45"),
        ("DURATION:P1DT2H", "2026-11-25 09:30"),
        ("DURATION:P2W", "2026-12-08 07:30"),
        ("DTEND;TZID=Asia/Jakarta:20261127T120000", "2026-11-27 05:00"),
    ],
)
def test_the_end_is_a_time_or_a_duration(end, expected):
    reading = read(calendar(event("DTSTART;TZID=Asia/Jakarta:20261124T143000", end)))
    assert (times(reading), said(reading)) == ([("2026-11-24 07:30", expected)], [])


def test_no_end_is_no_end():
    reading = read(calendar(event("DTSTART:20261124T073000Z")))
    assert (times(reading), said(reading)) == ([("2026-11-24 07:30", "")], [])


@pytest.mark.parametrize("end", ["DTEND:20261124T070000Z", "DURATION:-PT30M"])
def test_an_end_before_the_start_is_left_out_with_a_warning(end):
    reading = read(calendar(event("DTSTART:20261124T073000Z", end)))
    assert times(reading) == [("2026-11-24 07:30", "")]
    assert said(reading) == [(3, "warning", "The end is before the start, so the entry has no end. Please check it.")]


@pytest.mark.parametrize("end", ["DTEND:20261124T073000Z", "DURATION:PT0S"])
def test_a_length_of_nothing_is_no_length(end):
    reading = read(calendar(event("DTSTART:20261124T073000Z", end)))
    assert (times(reading), levels(reading)) == ([("2026-11-24 07:30", "")], [(3, "note")])


def test_an_end_that_cannot_be_read_costs_only_the_end():
    reading = read(calendar(event("DTSTART:20261124T073000Z", "DTEND:20261132T073000Z")))
    assert times(reading) == [("2026-11-24 07:30", "")]
    assert said(reading) == [(6, "warning", "The end “20261132T073000Z” cannot be read, so the entry has none.")]


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


def test_thirty_minutes_are_thirty_minutes_over_a_change_of_the_clock():
    lines = (
        "DTSTART;TZID=Europe/Berlin:20270327T014500",
        "DTEND;TZID=Europe/Berlin:20270327T021500",
        "RRULE:FREQ=DAILY;COUNT=2",
    )
    assert times(read(calendar(event(*lines)))) == [
        ("2027-03-27 00:45", "2027-03-27 01:15"),
        ("2027-03-28 00:45", "2027-03-28 01:15"),
    ]


def test_a_duration_of_a_day_ends_at_the_same_hour_one_of_24_hours_does_not():
    nominal = read(calendar(event("DTSTART;TZID=Europe/Berlin:20270327T100000", "DURATION:P1D")))
    exact = read(calendar(event("DTSTART;TZID=Europe/Berlin:20270327T100000", "DURATION:PT24H")))
    assert (shown(nominal.rows[0].ends_at), shown(exact.rows[0].ends_at)) == ("2027-03-28 08:00", "2027-03-28 09:00")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20261124T0730Z", "2026-11-24 07:30"),
        ("2026-11-24T07:30:00Z", "2026-11-24 07:30"),
        ("20261124t073000z", "2026-11-24 07:30"),
        ("20261124T143000+0700", "2026-11-24 07:30"),
        ("20261124T240000Z", "2026-11-25 00:00"),
        ("20261124T235960Z", "2026-11-24 23:59"),
        (" 20261124T073000Z ", "2026-11-24 07:30"),
    ],
)
def test_times_that_are_written_almost_right_are_read(written, expected):
    assert starts(read(calendar(event(f"DTSTART:{written}")))) == [expected]


def test_years_before_1970_and_after_2038_are_years_like_others():
    entries = [
        event("DTSTART;TZID=Europe/Berlin:19410512T120000", uid="then"),
        event("DTSTART;TZID=Europe/Berlin:20380201T120000", uid="soon"),
        event("DTSTART;TZID=Europe/Berlin:21060207T120000", uid="later"),
    ]
    reading = read(calendar(*entries), window=(date(1900, 1, 1), date(2200, 1, 1)))
    assert starts(reading) == ["1941-05-12 10:00", "2038-02-01 11:00", "2106-02-07 11:00"]


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
