"""Tables as they are: ambiguous, ragged, full of formulas. Every row that is left out is told with its line."""

import pytest

from tests.appointments.domain.imports.reading.samples import levels, said, starts, table

NO_TABLE = "“bookings.csv” is no table that can be read. Please save it as CSV, XLSX, XLS or ODS, without a password."


def test_dates_that_may_be_read_in_two_ways_are_left_out_until_the_order_is_told():
    text = "Name,When\nA,03/04/2026 10:00\nB,05/05/2026 10:00\nC,2026-04-03 12:00\nD,04/03/2026 11:00\n"
    reading = table(text)
    assert [row.customer_name for row in reading.rows] == ["C", "B"]
    assert said(reading) == [
        (2, "error", "“03/04/2026 10:00” may be the day before the month or the month before the day."),
        (2, "error", "2 rows were left out. Please choose the order of day and month."),
    ]
    assert starts(table(text, date_order="dmy"))[0] == "2026-03-04 04:00"
    assert starts(table(text, date_order="mdy"))[0] == "2026-03-04 03:00"
    assert said(table(text, date_order="dmy")) == []


def test_one_clear_date_tells_the_order_of_the_whole_column():
    assert starts(table("Name,When\nA,03/04/2026 10:00\nB,24/11/2026 10:00")) == [
        "2026-04-03 03:00",
        "2026-11-24 03:00",
    ]
    assert starts(table("Name,When\nA,03/04/2026 10:00\nB,11/24/2026 10:00")) == [
        "2026-03-04 03:00",
        "2026-11-24 03:00",
    ]


def test_a_column_with_both_orders_keeps_only_what_is_clear():
    reading = table("Name,When\nA,03/04/2026 10:00\nB,24/11/2026 10:00\nC,11/24/2026 11:00")
    assert [row.customer_name for row in reading.rows] == ["B", "C"]
    assert levels(reading) == [(2, "error"), (2, "error")]


def test_a_date_that_is_none_in_the_told_order_is_never_turned_round():
    reading = table("Name,When\nA,24/11/2026 10:00\nB,11/24/2026 10:00", date_order="mdy")
    assert [row.customer_name for row in reading.rows] == ["B"]
    assert said(reading) == [(2, "error", "“24/11/2026 10:00” is not a date that exists, so the row was left out.")]


def test_a_day_of_the_week_that_does_not_fit_is_worth_a_look():
    reading = table("Name,When\nA,Senin 24 November 2026 10:00")
    assert starts(reading) == ["2026-11-24 03:00"]
    assert said(reading) == [
        (2, "warning", "The day of the week does not fit the date 2026-11-24; the date was taken.")
    ]


def test_a_row_that_comes_twice_is_read_once():
    reading = table("Name,Start\nA,2026-11-24 10:00\nB,2026-11-24 10:00\nA,2026-11-24 10:00\n")
    assert [row.customer_name for row in reading.rows] == ["A", "B"]
    assert said(reading) == [(4, "warning", "This row says the same as line 2, so it was left out.")]


def test_two_rows_with_one_number_that_say_different_things_are_told():
    reading = table("ID,Name,Start\n7,A,2026-11-24 10:00\n7,B,2026-11-24 10:00\n7,A,2026-11-24 10:00")
    assert [row.customer_name for row in reading.rows] == ["A"]
    assert said(reading) == [
        (3, "error", "This row has the same number as line 2, but says something else. It was left out."),
        (4, "warning", "This row says the same as line 2, so it was left out."),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n\r\n", "The file is empty."),
        (b"\x00" * 100, "The file is empty."),
        (b"PK\x03\x04", NO_TABLE),
        (b"<html><table>", NO_TABLE),
        (b"%PDF-1.7", NO_TABLE),
        (b"BEGIN:VCALENDAR\n", "“bookings.csv” is a calendar. Please import it as a file that ends in .ics."),
    ],
)
def test_what_is_no_table_is_named(data, sentence):
    assert said(table(data)) == [(0, "error", sentence)]


def test_a_table_without_rows_says_so():
    assert said(table("Name,Start\n\n")) == [(1, "note", "There is nothing below the headings.")]


def test_a_table_that_is_too_large_is_refused_with_a_sentence():
    many = "Name,Start\n" + "A,2026-11-24 10:00\n" * 21
    assert said(table(many, max_rows=10)) == [
        (0, "error", "The file has more than 10 rows. Please import it in parts.")
    ]
    assert said(table(many, max_bytes=100)) == [
        (0, "error", "The file is larger than 1 MB. Please import it in parts.")
    ]
