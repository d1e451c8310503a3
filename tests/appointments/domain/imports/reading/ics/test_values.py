"""Moments, lengths, ends and people as an entry writes them."""

from datetime import date

import pytest

from appointments.domain.imports.reading import Person
from tests.appointments.domain.imports.reading.samples import (
    calendar,
    event,
    levels,
    read,
    row,
    said,
    shown,
    starts,
    times,
)


@pytest.mark.parametrize("end", [(), ("DTEND;VALUE=DATE:20261124",), ("DURATION:P1D",)])
def test_a_day_without_a_usable_end_lasts_one_day(end):
    reading = read(calendar(event("DTSTART:20261124", *end)))
    assert times(reading) == [("2026-11-23 17:00", "2026-11-24 17:00")]
    assert said(reading) == []


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


def test_a_duration_of_a_day_ends_at_the_same_hour_one_of_24_hours_does_not():
    nominal = read(calendar(event("DTSTART;TZID=Europe/Berlin:20270327T100000", "DURATION:P1D")))
    exact = read(calendar(event("DTSTART;TZID=Europe/Berlin:20270327T100000", "DURATION:PT24H")))
    assert (shown(nominal.rows[0].ends_at), shown(exact.rows[0].ends_at)) == ("2027-03-28 08:00", "2027-03-28 09:00")


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


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("ATTENDEE:dewi@example.com", Person(email="dewi@example.com")),
        ("ATTENDEE:MAILTO:dewi@example.com", Person(email="dewi@example.com")),
        ("ATTENDEE:mailto: dewi@example.com", Person(email="dewi@example.com")),
        ("ATTENDEE:mailto:dewi%2Bvisit@example.com", Person(email="dewi+visit@example.com")),
        ("ATTENDEE;CN=dewi@example.com:mailto:dewi@example.com", Person(email="dewi@example.com")),
        ('ATTENDEE;CN="Lestari, Dewi":mailto:dewi@example.com', Person("Lestari, Dewi", "dewi@example.com")),
        (
            'ATTENDEE;CN="Lestari, Dewi <dewi@example.com> (dewi@example.com)":mailto:dewi@example.com',
            Person("Lestari, Dewi", "dewi@example.com"),
        ),
        ("ATTENDEE;CN=Dr^'Dewi^' L:mailto:dewi@example.com", Person('Dr"Dewi" L', "dewi@example.com")),
        ("ATTENDEE;CN=Dr: Dewi:mailto:dewi@example.com", Person("Dr", "dewi@example.com")),
        ("ATTENDEE;CN=Dewi:tel:+62-812-345", Person("Dewi", phone="+62-812-345")),
        ("ATTENDEE;CN=Dewi;EMAIL=dewi@example.com:urn:uuid:12", Person("Dewi", "dewi@example.com")),
        ("ATTENDEE;CN=Dewi:invalid:nomail", Person("Dewi")),
    ],
)
def test_people_are_recognised_however_they_are_written(line, person):
    assert row(line).attendees == (person,)


def test_texts_are_unescaped_and_keep_their_lines():
    found = row("SUMMARY:A\\, B\\; C \\\\ D", "DESCRIPTION:one\\ntwo\\Nthree")
    assert (found.summary, found.description) == ("A, B; C \\ D", "one\ntwo\nthree")
