"""Series: rules, further and cancelled dates, moved dates, and what names each of them."""

from datetime import date

import pytest

from tests.appointments.domain.imports.reading.samples import (
    MORNING,
    calendar,
    event,
    levels,
    read,
    said,
    shown,
    starts,
    times,
)


def keys(reading):
    return [row.recurrence_id for row in reading.rows]


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20261215T020000Z", 3),
        ("20261215T015959Z", 2),
        ("20261215", 3),
        ("20261214", 2),
        ("20261215T090000", 3),
        ("20261215T085959", 2),
        ("20251215T085959", 1),
    ],
)
def test_until_may_be_an_instant_a_day_or_a_local_hour(until, count):
    reading = read(calendar(event(MORNING, f"RRULE:FREQ=WEEKLY;UNTIL={until}")))
    assert starts(reading) == ["2026-12-01 02:00", "2026-12-08 02:00", "2026-12-15 02:00"][:count]


def test_until_is_an_instant_where_local_hours_are_late():
    lines = ("DTSTART;TZID=America/Los_Angeles:20261201T200000", "RRULE:FREQ=DAILY;UNTIL=20261203T040000Z")
    assert starts(read(calendar(event(*lines)))) == ["2026-12-02 04:00", "2026-12-03 04:00"]


@pytest.mark.parametrize("until", ["20261203", "20261203T000000Z", "20261203T235959Z", "20261202T170000Z"])
def test_until_of_a_series_of_days_is_a_day(until):
    reading = read(calendar(event("DTSTART;VALUE=DATE:20261201", f"RRULE:FREQ=DAILY;UNTIL={until}")))
    assert keys(reading) == ["20261201", "20261202", "20261203"]


def test_until_in_the_last_century_that_can_be_written_is_never():
    reading = read(
        calendar(event(MORNING, "RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z")),
        window=(date(2026, 1, 1), date(2028, 12, 31)),
    )
    assert starts(reading) == ["2026-12-01 02:00", "2027-12-01 02:00", "2028-12-01 02:00"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", ["2026-12-01", "2027-01-05", "2027-02-02"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;COUNT=3", ["2026-12-01", "2027-01-01", "2027-02-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=3", ["2026-12-01", "2026-12-31", "2027-01-01"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=3", ["2026-12-01", "2026-12-13", "2026-12-15"]),
        ("freq=weekly;byday=tu;count=2;", ["2026-12-01", "2026-12-08"]),
        ("FREQ=WEEKLY; BYDAY=TU, TH;COUNT=2;X-MARK=1", ["2026-12-01", "2026-12-03"]),
    ],
)
def test_rules_give_the_dates_they_say(rule, days):
    reading = read(calendar(event(MORNING, f"RRULE:{rule}")))
    assert (starts(reading), said(reading)) == ([f"{day} 02:00" for day in days], [])


def test_several_rules_and_dates_in_any_order_make_one_series():
    lines = (
        "EXDATE;TZID=Asia/Jakarta:20261208T090000",
        "RDATE;TZID=Asia/Jakarta:20261205T090000",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "RDATE:20261206T020000Z,20261207T020000Z",
        MORNING,
        "RRULE:FREQ=MONTHLY;COUNT=2",
        "EXDATE:20261215T020000Z",
    )
    assert starts(read(calendar(event(*lines)))) == [
        "2026-12-01 02:00",
        "2026-12-05 02:00",
        "2026-12-06 02:00",
        "2026-12-07 02:00",
        "2027-01-01 02:00",
    ]


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=Asia/Jakarta:20261208T090000",
        "EXDATE:20261208T020000Z",
        "EXDATE:20261208T090000",
        "EXDATE;VALUE=DATE:20261208",
        "EXDATE:20261208",
        "EXDATE;TZID=Asia/Tokyo:20261208T110000",
        "EXDATE;TZID=Asia/Jakarta:\r\n 20250101T090000,\r\n\t20261208T090000",
    ],
)
def test_a_date_is_cancelled_however_it_is_written(exdate):
    reading = read(calendar(event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=3", exdate)))
    assert (starts(reading), said(reading)) == (["2026-12-01 02:00", "2026-12-15 02:00"], [])


def test_the_first_date_can_be_cancelled_too():
    reading = read(calendar(event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261201T020000Z")))
    assert starts(reading) == ["2026-12-08 02:00"]


@pytest.mark.parametrize("exdate", ["EXDATE;VALUE=DATE:20261202", "EXDATE:20261202T000000Z", "EXDATE:20261201T170000Z"])
def test_a_day_of_a_series_of_days_is_cancelled(exdate):
    reading = read(calendar(event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3", exdate)))
    assert keys(reading) == ["20261201", "20261203"]


def test_the_old_way_to_except_dates_by_a_rule_works():
    lines = (MORNING, "RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2")
    assert starts(read(calendar(event(*lines)))) == ["2026-12-02 02:00", "2026-12-04 02:00"]


def test_a_further_date_may_be_a_period_with_its_own_end():
    lines = (MORNING, "DURATION:PT30M", "RDATE;VALUE=PERIOD:20261205T020000Z/20261205T050000Z,20261206T020000Z/PT2H")
    assert times(read(calendar(event(*lines)))) == [
        ("2026-12-01 02:00", "2026-12-01 02:30"),
        ("2026-12-05 02:00", "2026-12-05 05:00"),
        ("2026-12-06 02:00", "2026-12-06 04:00"),
    ]


def test_a_further_date_may_be_a_mere_day_or_a_mere_time():
    lines = (
        MORNING,
        "RDATE;VALUE=DATE:20261205",
        "RDATE;VALUE=TIME;TZID=Asia/Jakarta:153000",
        "RDATE;VALUE=TIME:041500Z",
    )
    assert starts(read(calendar(event(*lines)))) == [
        "2026-12-01 02:00",
        "2026-12-01 04:15",
        "2026-12-01 08:30",
        "2026-12-05 02:00",
    ]


def test_a_date_that_is_said_twice_is_one():
    lines = (
        MORNING,
        "RRULE:FREQ=WEEKLY;COUNT=2",
        "RDATE:20261208T020000Z,20261208T020000Z",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    assert starts(read(calendar(event(*lines)))) == ["2026-12-01 02:00", "2026-12-08 02:00"]


def test_a_first_date_that_its_rule_does_not_give_is_kept_and_said():
    reading = read(calendar(event(MORNING, "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2")))
    assert starts(reading) == ["2026-12-01 02:00", "2026-12-02 02:00", "2026-12-09 02:00"]
    assert said(reading) == [
        (6, "warning", "The first date of this series does not follow its own rule; it was taken all the same.")
    ]


@pytest.mark.parametrize("until", ["20261130", "20261201T015959Z"])
def test_a_series_that_ends_before_it_begins_is_worth_a_look(until):
    reading = read(calendar(event(MORNING, f"RRULE:FREQ=WEEKLY;UNTIL={until}")))
    assert (starts(reading), levels(reading)) == (["2026-12-01 02:00"], [(6, "warning")])


def moved(*lines: str) -> str:
    return event("RECURRENCE-ID;TZID=Asia/Jakarta:20261208T090000", *lines)


def test_a_moved_date_takes_the_place_of_the_old_one_and_keeps_its_identity():
    master = event(MORNING, "DURATION:PT30M", "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Visit")
    override = moved("DTSTART;TZID=Asia/Jakarta:20261210T140000", "DURATION:PT1H", "SUMMARY:Visit, moved")
    for parts in ((master, override), (override, master)):
        reading = read(calendar(*parts))
        assert [(row.recurrence_id, shown(row.starts_at), row.summary) for row in reading.rows] == [
            ("20261201T020000Z", "2026-12-01 02:00", "Visit"),
            ("20261208T020000Z", "2026-12-10 07:00", "Visit, moved"),
            ("20261215T020000Z", "2026-12-15 02:00", "Visit"),
        ]
        assert said(reading) == []


@pytest.mark.parametrize(
    "named",
    [
        "RECURRENCE-ID:20261208T020000Z",
        "RECURRENCE-ID:20261208T090000",
        "RECURRENCE-ID;VALUE=DATE:20261208",
        "RECURRENCE-ID;TZID=Asia/Tokyo:20261208T110000",
    ],
)
def test_the_date_that_was_moved_may_be_named_in_another_way(named):
    master = event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=2")
    reading = read(calendar(master, event(named, "DTSTART:20261210T070000Z")))
    assert [(row.recurrence_id, shown(row.starts_at)) for row in reading.rows] == [
        ("20261201T020000Z", "2026-12-01 02:00"),
        ("20261208T020000Z", "2026-12-10 07:00"),
    ]


def test_a_moved_date_can_come_into_the_window_or_leave_it():
    master = event("DTSTART:20261001T020000Z", "RRULE:FREQ=MONTHLY;COUNT=3")
    override = event("RECURRENCE-ID:20261001T020000Z", "DTSTART:20261120T020000Z")
    away = event("RECURRENCE-ID:20261201T020000Z", "DTSTART:20271220T020000Z")
    reading = read(calendar(master, override, away))
    assert starts(reading) == ["2026-11-01 02:00", "2026-11-20 02:00"]
    assert said(reading) == [(0, "note", "1 entry too far in the future was left out.")]


def test_a_moved_date_whose_series_is_not_in_the_file_is_read_by_itself():
    reading = read(calendar(moved("DTSTART;TZID=Asia/Jakarta:20261210T140000")))
    assert [row.identity for row in reading.rows] == ["visit-1@example.com#20261208T020000Z"]
    assert starts(reading) == ["2026-12-10 07:00"]


@pytest.mark.parametrize(("sequence", "left"), [(1, []), (2, ["2026-12-10 07:00"])])
def test_a_date_that_was_moved_and_later_cancelled_is_gone(sequence, left):
    series = event(MORNING, "SEQUENCE:2", "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE;TZID=Asia/Jakarta:20261208T090000")
    move = moved("DTSTART:20261210T070000Z", f"SEQUENCE:{sequence}")
    for parts in ((series, move), (move, series)):
        reading = read(calendar(*parts))
        assert (starts(reading), said(reading)) == (["2026-12-01 02:00", *left], [])


def test_a_cancelled_date_of_a_series_is_a_cancelled_row():
    reading = read(calendar(event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=2"), moved(MORNING, "STATUS:CANCELLED")))
    assert [(row.recurrence_id, row.cancelled) for row in reading.rows] == [
        ("20261201T020000Z", False),
        ("20261208T020000Z", True),
    ]


def test_this_and_all_later_dates_move_together():
    master = event(MORNING, "DURATION:PT30M", "RRULE:FREQ=WEEKLY;COUNT=4", "SUMMARY:Old")
    override = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Asia/Jakarta:20261215T090000",
        "DTSTART;TZID=Asia/Jakarta:20261216T100000",
        "DURATION:PT1H",
        "SUMMARY:New",
    )
    reading = read(calendar(master, override))
    assert [(row.recurrence_id, shown(row.starts_at), shown(row.ends_at), row.summary) for row in reading.rows] == [
        ("20261201T020000Z", "2026-12-01 02:00", "2026-12-01 02:30", "Old"),
        ("20261208T020000Z", "2026-12-08 02:00", "2026-12-08 02:30", "Old"),
        ("20261215T020000Z", "2026-12-16 03:00", "2026-12-16 04:00", "New"),
        ("20261222T020000Z", "2026-12-23 03:00", "2026-12-23 04:00", "New"),
    ]


def test_this_and_all_later_dates_can_be_cancelled_together():
    master = event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=3")
    override = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261208T020000Z", "DTSTART:20261208T020000Z", "STATUS:CANCELLED"
    )
    assert [row.cancelled for row in read(calendar(master, override)).rows] == [False, True, True]


def test_a_moved_date_without_people_is_still_the_same_customers():
    master = event(
        MORNING,
        "RRULE:FREQ=WEEKLY;COUNT=2",
        "ORGANIZER;CN=Sari:mailto:sari@example.com",
        "ATTENDEE;CN=Dewi:mailto:dewi@example.com",
        "LOCATION:Kemang",
    )
    reading = read(calendar(master, moved("DTSTART:20261210T070000Z")))
    assert [(row.customer_email, row.provider, row.location) for row in reading.rows] == [
        ("dewi@example.com", "Sari", "Kemang")
    ] * 2


def test_the_higher_sequence_wins_wherever_it_stands():
    old = event(MORNING, "SEQUENCE:1", "SUMMARY:Old", "DTSTAMP:20261109T000000Z")
    new = event("DTSTART;TZID=Asia/Jakarta:20261202T090000", "SEQUENCE:2", "SUMMARY:New", "DTSTAMP:20261101T000000Z")
    for parts, lines in (((old, new), (3, 10)), ((new, old), (10, 3))):
        reading = read(calendar(*parts))
        assert [(row.summary, row.sequence, row.line) for row in reading.rows] == [("New", 2, lines[1])]
        assert said(reading) == [
            (lines[0], "note", f"The same entry is in the file twice; the newer one, in line {lines[1]}, was taken.")
        ]


def test_two_different_entries_with_one_uid_and_sequence_are_worth_a_warning():
    one = event(MORNING, "DTSTAMP:20261101T000000Z", "SUMMARY:Early")
    two = event("DTSTART:20261224T020000Z", "DTSTAMP:20261102T000000Z", "SUMMARY:Late")
    reading = read(calendar(two, one))
    assert [row.summary for row in reading.rows] == ["Late"]
    assert levels(reading) == [(9, "warning")]


def test_a_cancellation_cancels_all_dates_without_repeating_the_rule():
    series = calendar(event(MORNING, "SEQUENCE:0", "RRULE:FREQ=WEEKLY;COUNT=2"))
    cancel = calendar(event(MORNING, "SEQUENCE:1"), head=("METHOD:CANCEL",))
    reading = read(series + cancel)
    assert [(row.recurrence_id, row.cancelled) for row in reading.rows] == [
        ("20261201T020000Z", True),
        ("20261208T020000Z", True),
    ]


@pytest.mark.parametrize("status", ["STATUS:CANCELLED", "STATUS:cancelled", "STATUS:CANCELED"])
def test_a_cancelled_entry_is_a_cancelled_row(status):
    assert [row.cancelled for row in read(calendar(event(MORNING, status))).rows] == [True]
    assert [row.cancelled for row in read(calendar(event(MORNING, "STATUS:CONFIRMED"))).rows] == [False]


def test_a_series_without_a_date_in_the_window_is_counted_once():
    over = event("DTSTART:20200101T020000Z", "RRULE:FREQ=DAILY;COUNT=500", uid="over")
    to_come = event("DTSTART:20300101T020000Z", "RRULE:FREQ=DAILY", uid="to come")
    reading = read(calendar(over, to_come))
    assert starts(reading) == []
    assert said(reading) == [
        (0, "note", "1 entry in the past was left out."),
        (0, "note", "1 entry too far in the future was left out."),
    ]


def test_a_series_from_long_ago_still_has_its_dates():
    reading = read(
        calendar(event("DTSTART;TZID=Europe/Berlin:19710104T090000", "RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=MO"))
    )
    expected = [
        f"{day:%Y-%m-%d}" for day in _every(date(1971, 1, 4), 21) if date(2026, 11, 1) <= day <= date(2027, 6, 30)
    ]
    assert [shown(row.starts_at)[:10] for row in reading.rows] == expected
    assert len(expected) == 12


def _every(day, step):
    return [date.fromordinal(number) for number in range(day.toordinal(), date(2028, 1, 1).toordinal(), step)]


def test_a_rule_of_a_single_date_is_no_silent_loss():
    moved = event(MORNING, "RECURRENCE-ID:20261201T020000Z", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:Moved")
    alone = read(calendar(moved))
    assert said(alone) == [
        (7, "error", "This replaces one date of a series that is not in the file; its rule was left out.")
    ]
    assert len(alone.rows) == 1
    with_series = read(calendar(event(MORNING, "RRULE:FREQ=DAILY;COUNT=3"), moved))
    assert (said(with_series), len(with_series.rows)) == ([], 3)
