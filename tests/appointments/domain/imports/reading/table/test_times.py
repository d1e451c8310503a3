"""When a row of a table begins and ends, however it is written."""

import pytest

from tests.appointments.domain.imports.reading.samples import said, shown, starts, table, times


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("Tanggal;Jam", "24/11/2026;14.30", "2026-11-24 07:30"),
        ("Tanggal;Mulai", "24/11/2026;14.30", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026 00:00:00;14:30:00", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026 14:30;", "2026-11-24 07:30"),
        ("Tanggal;Jam", ";24/11/2026 14:30", "2026-11-24 07:30"),
        ("Start Time;X", "24/11/2026 14:30;", "2026-11-24 07:30"),
        ("Tanggal;Jam", "46350;0,604166667", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026;24:00", "2026-11-24 17:00"),
        ("Tanggal dan jam;X", "24.11.2026 14.30;", "2026-11-24 07:30"),
        ("Tanggal;Jam;Zona", "24/11/2026;14.30;WITA", "2026-11-24 06:30"),
        ("Tanggal;Jam;Zona", "24/11/2026;14.30 WIB;WITA", "2026-11-24 07:30"),
        ("Tanggal;Jam", "24/11/2026;14:30+09:00", "2026-11-24 05:30"),
    ],
)
def test_date_and_hour_may_be_in_one_column_or_two(head, cells, expected):
    reading = table(f"Nama;{head}\nA;{cells}")
    assert starts(reading) == [expected]


@pytest.mark.parametrize(
    ("head", "cells", "end"),
    [
        ("End", "2026-11-24 11:00", "04:00"),
        ("End", "11:00", "04:00"),
        ("End Time", "11.00", "04:00"),
        ("Selesai", "11.00 WIB", "04:00"),
        ("Selesai", "12.00 WITA", "04:00"),
        ("Duration", "60", "04:00"),
        ("Duration", "1:00", "04:00"),
        ("Durasi", "1 jam", "04:00"),
        ("Durasi", "1 jam 30 menit", "04:30"),
        ("Durasi", "45 menit", "03:45"),
        ("Durasi (jam)", "1,5", "04:30"),
        ("Duration (hours)", "2", "05:00"),
        ("Length", "PT45M", "03:45"),
        ("Length", "90 min", "04:30"),
        ("Length", "1.5 h", "04:30"),
        ("Length", "0.0208333333", "03:30"),
        ("Length", "", ""),
        ("Length", "-", ""),
    ],
)
def test_the_end_is_an_hour_or_a_length(head, cells, end):
    reading = table(f"Name;Start;{head}\nA;2026-11-24 10:00;{cells}")
    assert [shown(row.ends_at) for row in reading.rows] == [f"2026-11-24 {end}" if end else ""]
    assert said(reading) == []


def test_an_hour_before_the_start_is_in_the_night_after_it_when_that_is_near():
    reading = table("Name;Date;Time;End\nNight;2026-11-24;22:00;02:00\nWrong;2026-11-25;10:00;09:00")
    assert times(reading) == [("2026-11-24 15:00", "2026-11-24 19:00"), ("2026-11-25 03:00", "")]
    assert said(reading) == [(3, "warning", "The end is not after the start, so the row has no end.")]


def test_the_end_is_believed_before_the_length():
    reading = table("Name,Start,End,Duration\nA,2026-11-24 10:00,11:00,30\nB,2026-11-25 10:00,11:00,60")
    assert [shown(row.ends_at) for row in reading.rows] == ["2026-11-24 04:00", "2026-11-25 04:00"]
    assert said(reading) == [(2, "warning", "The end and the length do not fit each other; the end was taken.")]


def test_a_daily_hour_in_a_zone_with_summer_time():
    reading = table("Name,Start\nA,2027-03-27 10:00\nB,2027-03-28 10:00\nC,2027-03-28 02:30", zone="Europe/Berlin")
    assert starts(reading) == ["2027-03-27 09:00", "2027-03-28 08:00"]
    assert said(reading) == [
        (4, "error", "2027-03-28 02:30 does not exist there, because the clocks go forward, so it was left out.")
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2027-03-14", {"01:59": 1, "02:00": 0, "02:59": 0, "03:00": 1}),
        ("Europe/Berlin", "2027-03-28", {"01:59": 1, "02:00": 0, "02:59": 0, "03:00": 1}),
        ("Asia/Jakarta", "2027-03-28", {"01:59": 1, "02:00": 1, "02:59": 1, "03:00": 1}),
    ],
)
def test_only_the_hours_that_a_clock_skips_are_refused(zone, day, hours):
    found = {hour: len(table(f"Name,Start\nA,{day} {hour}", zone=zone).rows) for hour in hours}
    assert found == hours


def test_a_whole_day_has_no_hour_that_could_be_skipped():
    """In Santiago the clocks go forward at midnight."""
    reading = table("Name,Start,All day\nA,2027-09-05,yes", zone="America/Santiago")
    assert (len(reading.rows), reading.rows[0].all_day, said(reading)) == (1, True, [])


def test_an_hour_that_comes_twice_is_the_first_and_is_said():
    reading = table("Name,Start\nA,2027-10-31 02:30", zone="Europe/Berlin")
    assert starts(reading) == ["2027-10-31 00:30"]
    assert [(line, level) for line, level, __ in said(reading)] == [(2, "warning")]


def test_an_abbreviation_that_people_there_use_is_understood_others_are_not_guessed():
    rows = "Name,Start\nA,2026-11-24 10:00 CET\nB,2026-07-24 10:00 CEST\nC,2026-11-24 10:00 CST"
    reading = table(rows, zone="Europe/Berlin")
    assert starts(reading) == ["2026-07-24 08:00", "2026-11-24 09:00"]
    assert said(reading) == [(4, "error", "Which time zone “CST” means is not clear, so this row was left out.")]
