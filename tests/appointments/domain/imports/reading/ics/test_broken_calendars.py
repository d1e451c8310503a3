"""Files that break the rules: every entry that can be read is read, every problem names its line."""

import pytest

from tests.appointments.domain.imports.reading.samples import (
    GOOD,
    calendar,
    event,
    levels,
    read,
    said,
    starts,
    summaries,
)


def test_a_date_that_does_not_exist_costs_one_entry_and_names_its_line():
    reading = read(calendar(GOOD, event("SUMMARY:Bad", "DTSTART:20171032T000000"), GOOD.replace("good", "third")))
    assert [row.uid for row in reading.rows] == ["good", "third"]
    assert said(reading) == [(11, "error", "“20171032T000000” is not a date that exists, so this entry was left out.")]


@pytest.mark.parametrize(
    "start",
    [
        "20261301",
        "20260230",
        "tomorrow",
        "",
        "20261124T253000",
        "20261124T0",
        "00000101",
        "99991231",
        "20261124T240001",
    ],
)
def test_a_start_that_is_no_date_costs_one_entry(start):
    reading = read(calendar(event(f"DTSTART:{start}"), GOOD))
    assert (summaries(reading), levels(reading)) == (["Good"], [(5, "error")])


def test_an_entry_without_a_start_is_left_out():
    reading = read(calendar(event("SUMMARY:When?"), GOOD))
    assert summaries(reading) == ["Good"]
    assert said(reading) == [(3, "error", "This entry has no start, so it was left out.")]


def test_other_kinds_of_entries_are_left_out_with_a_note_and_alarms_without():
    todo = "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Buy\r\nDUE:20261124T073000Z\r\nEND:VTODO\r\n"
    journal = "BEGIN:VJOURNAL\r\nDTSTART:20261124T073000Z\r\nEND:VJOURNAL\r\n"
    busy = "BEGIN:VFREEBUSY\r\nDTSTART:20261124T073000Z\r\nEND:VFREEBUSY\r\n"
    alarm = "BEGIN:VALARM\r\nSUMMARY:Ring\r\nDTSTART:19990101T000000Z\r\nTRIGGER:-PT5M\r\nEND:VALARM"
    reading = read(calendar(todo, event(alarm, "DTSTART:20261124T073000Z", "SUMMARY:Kept"), journal, busy, todo))
    assert (summaries(reading), starts(reading)) == (["Kept"], ["2026-11-24 07:30"])
    assert said(reading) == [
        (3, "note", "Only appointments are imported; left out were tasks: 2."),
        (18, "note", "Only appointments are imported; left out were journal entries: 1."),
        (21, "note", "Only appointments are imported; left out were free/busy times: 1."),
    ]


def test_the_frame_around_the_entries_may_be_missing():
    assert summaries(read(GOOD + GOOD.replace("good", "other"))) == ["Good", "Good"]


def test_several_calendars_in_one_file_are_all_read():
    assert summaries(read(calendar(GOOD) + calendar(GOOD.replace("good", "other")))) == ["Good", "Good"]


def test_an_entry_whose_end_is_missing_counts_when_the_next_one_begins():
    open_one = event("DTSTART:20261124T073000Z", "SUMMARY:Open", uid="open").replace("END:VEVENT\r\n", "")
    reading = read(calendar(open_one, GOOD))
    assert summaries(reading) == ["Open", "Good"]
    assert said(reading) == [
        (3, "warning", "The end of this entry is missing; the next one begins in line 7. Please check it.")
    ]


def test_an_alarm_without_an_end_does_not_swallow_the_next_entry():
    torn = event("DTSTART:20261124T073000Z", "SUMMARY:Torn", "BEGIN:VALARM", "TRIGGER:-PT5M", uid="torn")
    assert sorted(summaries(read(calendar(torn, GOOD)))) == ["Good", "Torn"]


def test_a_file_that_was_cut_off_says_so_and_gives_what_was_whole():
    whole = calendar(GOOD, event("DTSTART:20261125T073000Z", "SUMMARY:Half", uid="half"))
    reading = read(whole[: whole.index(b"SUMMARY:Half")])
    assert summaries(reading) == ["Good"]
    assert said(reading) == [
        (0, "warning", "The file ends in the middle, so entries may be missing. Please export it again."),
        (8, "error", "The file ends in the middle of this entry, so it was left out."),
    ]


def test_a_file_that_lacks_only_its_last_line_gives_all_entries_and_a_warning():
    reading = read(calendar(GOOD).replace(b"END:VCALENDAR\r\n", b""))
    assert (summaries(reading), levels(reading)) == (["Good"], [(0, "warning")])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n ", "The file is empty."),
        (b"PK\x03\x04rest", "This is a spreadsheet, not a calendar file. Please save it as CSV and import that."),
        (
            b"<!DOCTYPE html><html>",
            "This is a web page, not a calendar file. Please download the calendar's .ics file.",
        ),
        (b"Name,Date\nDewi,2026-11-24", "This is not a calendar file (.ics): no calendar begins in it."),
        (b"\x00\xff\xfe\x01" * 50, "This is not a calendar file (.ics): no calendar begins in it."),
        (b"END:VEVENT\nEND:VCALENDAR\n", "This is not a calendar file (.ics): no calendar begins in it."),
    ],
)
def test_what_is_no_calendar_is_named(data, sentence):
    assert said(read(data)) == [(0, "error", sentence)]


def test_a_calendar_without_entries_is_said_to_be_empty():
    assert said(read(calendar())) == [(0, "note", "The calendar holds no appointments.")]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;INTERVAL=0", "FREQ=FORTNIGHTLY", "BYDAY=MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;COUNT=-1"],
)
def test_a_rule_that_is_none_leaves_the_first_date_and_an_error(rule):
    reading = read(calendar(event("DTSTART:20261201T020000Z", f"RRULE:{rule}")))
    assert starts(reading) == ["2026-12-01 02:00"]
    assert said(reading) == [
        (6, "error", f"The rule “{rule}” cannot be understood; the dates it stands for are missing.")
    ]


@pytest.mark.parametrize("rule", ["", " "])
def test_an_empty_rule_says_nothing(rule):
    reading = read(calendar(event("DTSTART:20261201T020000Z", f"RRULE:{rule}")))
    assert (starts(reading), said(reading)) == (["2026-12-01 02:00"], [])


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY\\;COUNT=2", "FREQ=DAILY\\;BYHOUR=2\\,3\\;COUNT=2", "COUNT=-1;UNTIL=20261202;FREQ=DAILY"]
)
def test_a_rule_with_marks_too_many_is_understood(rule):
    reading = read(calendar(event("DTSTART:20261201T020000Z", f"RRULE:{rule}")))
    assert (len(starts(reading)), said(reading)) == (2, [])


def test_hours_in_a_series_of_days_are_ignored_but_no_series_of_days_repeats_hourly():
    ignored = read(calendar(event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=2;BYHOUR=9,10")))
    assert [row.recurrence_id for row in ignored.rows] == ["20261201", "20261202"]
    hourly = read(calendar(event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=HOURLY")))
    assert ([row.recurrence_id for row in hourly.rows], levels(hourly)) == ([""], [(6, "error")])


def test_bad_dates_in_a_list_cost_only_themselves():
    lines = ("DTSTART:20261201T020000Z", "RDATE:20261202T020000Z,nonsense,20261340,20261203T020000Z")
    reading = read(calendar(event(*lines)))
    assert starts(reading) == ["2026-12-01 02:00", "2026-12-02 02:00", "2026-12-03 02:00"]
    assert said(reading) == [(6, "error", "“nonsense” in the list of further or cancelled dates cannot be read.")]


def test_a_moved_date_that_does_not_say_which_is_an_entry_of_its_own():
    series = event("DTSTART:20261201T020000Z", "RRULE:FREQ=DAILY;COUNT=2")
    lost = event("RECURRENCE-ID:soon", "DTSTART:20261205T020000Z")
    reading = read(calendar(series, lost))
    assert starts(reading) == ["2026-12-01 02:00", "2026-12-02 02:00", "2026-12-05 02:00"]
    assert levels(reading) == [(10, "warning")]
    assert len({row.uid for row in reading.rows}) == 2


def test_a_moved_date_without_a_start_is_where_it_was():
    series = event("DTSTART:20261201T020000Z", "RRULE:FREQ=DAILY;COUNT=2")
    reading = read(calendar(series, event("RECURRENCE-ID:20261202T020000Z", "SUMMARY:Changed")))
    assert [(row.recurrence_id, row.summary) for row in reading.rows] == [
        ("20261201T020000Z", ""),
        ("20261202T020000Z", "Changed"),
    ]
    assert levels(reading) == [(8, "warning")]


def test_unknown_components_and_properties_do_not_matter():
    odd = "BEGIN:X-UNKNOWN\r\nDTSTART:nonsense\r\nBEGIN:VSOMETHING\r\nEND:VSOMETHING\r\nEND:X-UNKNOWN\r\n"
    inside = event("X-APPLE-THING;X-P=1:value", "DTSTART:20261124T073000Z", "SUMMARY:Kept", "garbage", "=;:", ":")
    reading = read(calendar(odd, inside, "END:VEVENT\r\nEND:VTODO\r\n", GOOD))
    assert summaries(reading) == ["Kept garbage =;: :", "Good"]
    assert said(reading) == []
