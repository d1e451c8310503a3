"""Tables as they are: ambiguous, ragged, full of formulas. Every row that is left out is told with its line."""

import pytest

from tests.appointments.domain.imports.reading.samples import levels, said, starts, table


def test_dates_that_may_be_read_in_two_ways_are_left_out_until_the_order_is_told():
    text = "Name,When\nA,03/04/2026 10:00\nB,05/05/2026 10:00\nC,2026-04-03 12:00\nD,04/03/2026 11:00\n"
    reading = table(text)
    assert [row.customer_name for row in reading.rows] == ["C", "B"]
    assert said(reading) == [
        (2, "error", "“03/04/2026 10:00” may be the day before the month or the month before the day."),
        (2, "error", "2 rows were left out. Please choose the order of day and month (--date-order dmy or mdy)."),
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


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("A,,10:00", "This row has no date, so it was left out."),
        ("A,2026-11-24,", "This row has no hour, so it was left out."),
        ("A,2026-02-30,10:00", "“2026-02-30” is not a date that exists, so the row was left out."),
        ("A,24 Nov,10:00", "In “24 Nov” the year is missing, so the row was left out."),
        ("A,2026-11-24,25:00", "“25:00” cannot be read as a date and hour, so the row was left out."),
        ("A,soon,10:00", "“soon” cannot be read as a date and hour, so the row was left out."),
        ("A,{0},10:00", "“{0}” cannot be read as a date and hour, so the row was left out."),
        (",2026-11-24,10:00", "This row names no customer, so it was left out."),
        ("A,2026-11-24,10:00,more", "This row has 4 cells, but there are 3 headings, so it was left out."),
    ],
)
def test_a_row_that_cannot_be_read_costs_only_itself(row, sentence):
    reading = table(f"Name,Date,Time\nBefore,2026-11-24,08:00\n{row}\nAfter,2026-11-24,12:00\n")
    assert [found.customer_name for found in reading.rows] == ["Before", "After"]
    assert said(reading) == [(3, "error", sentence)]


def test_short_rows_and_empty_cells_too_many_are_no_matter():
    reading = table("Name,Start,Note,Email\nA,2026-11-24 10:00\nB,2026-11-24 11:00,n,,,,\n")
    assert ([row.customer_name for row in reading.rows], said(reading)) == (["A", "B"], [])


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


def test_formulas_become_plain_text():
    reading = table(
        "Name,Start,Service,Note,Phone\n"
        '"=HYPERLINK(""http://evil.example"",""Dewi"")",2026-11-24 10:00,@SUM(1),- bring it,+62812345\n'
        '"=""Budi""",2026-11-24 11:00,+Cut,=1+1,"=""0812345"""\n'
    )
    first, second = reading.rows
    assert (first.customer_name, first.service, first.note, first.customer_phone) == (
        'HYPERLINK("http://evil.example","Dewi")',
        "SUM(1)",
        "- bring it",
        "+62812345",
    )
    assert (second.customer_name, second.service, second.note, second.customer_phone) == (
        "Budi",
        "Cut",
        "1+1",
        "0812345",
    )
    assert levels(reading) == [(2, "warning"), (2, "warning"), (3, "warning")]


def test_numbers_and_addresses_that_are_none_are_left_out_with_a_warning():
    reading = table(
        "Name;Start;Phone;Email\nA;2026-11-24 10:00;6,28123E+11;dewi(at)example\nB;2026-11-24 11:00;ask;-\n"
    )
    assert [(row.customer_phone, row.customer_email) for row in reading.rows] == [("", ""), ("", "")]
    assert said(reading) == [
        (2, "warning", "“dewi(at)example” is not an e-mail address, so it was left out."),
        (2, "warning", "The spreadsheet has rounded the telephone number 6,28123E+11, so it was left out."),
        (3, "warning", "“ask” is not a telephone number, so it was left out."),
    ]


def test_a_customer_without_a_name_is_known_by_an_address():
    reading = table("Name,Start,Email,Phone\n,2026-11-24 10:00,Dewi <dewi@example.com>,\n,2026-11-24 11:00,,0812345\n")
    assert [(row.customer_name, row.customer_email) for row in reading.rows] == [
        ("dewi@example.com", "dewi@example.com"),
        ("0812345", ""),
    ]


def test_unknown_zones_lengths_ends_and_languages_cost_only_themselves():
    reading = table(
        "Name;Start;Zone;Duration;End;Language\n"
        "A;2026-11-24 10:00;Mordor;;;\n"
        "B;2026-11-24 11:00;;long;;\n"
        "C;2026-11-24 12:00;;;later;\n"
        "D;2026-11-24 13:00;;;;Klingon\n"
    )
    assert len(reading.rows) == 4
    assert said(reading) == [
        (2, "warning", "The time zone “Mordor” is not known; Asia/Jakarta was used instead. Please check the hour."),
        (3, "warning", "The length “long” cannot be read, so it was left out."),
        (4, "warning", "The end “later” cannot be read, so the row has none."),
        (5, "warning", "The language “Klingon” is not one we write in; ours is used."),
    ]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest():
    reading = table('Name,Start\n"A,2026-11-24 10:00\nB,2026-11-24 11:00\nC,2026-11-24 12:00\n')
    assert [row.customer_name for row in reading.rows] == ['"A', "B", "C"]
    assert said(reading) == [(2, "warning", "A quotation mark in this row is not closed. Please check the row.")]


def test_quotation_marks_inside_cells_are_letters():
    reading = table('Name,Start,Note\n5" screen,2026-11-24 10:00,"say ""hi"""\n"Ann" Lee,2026-11-24 11:00,x\n')
    assert [(row.customer_name, row.note) for row in reading.rows] == [('5" screen', 'say "hi"'), ("Ann Lee", "x")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n\r\n", "The file is empty."),
        (b"\x00" * 100, "The file is empty."),
        (b"PK\x03\x04", "“bookings.csv” is not a table. Please save it as CSV and import that."),
        (b"<html><table>", "“bookings.csv” is not a table. Please save it as CSV and import that."),
        (b"%PDF-1.7", "“bookings.csv” is not a table. Please save it as CSV and import that."),
        (b"BEGIN:VCALENDAR\n", "“bookings.csv” is a calendar. Please import it as a file that ends in .ics."),
    ],
)
def test_what_is_no_table_is_named(data, sentence):
    assert said(table(data)) == [(0, "error", sentence)]


def test_headings_that_nobody_knows_are_told_with_those_that_are_there():
    assert said(table("a,b\n1,2")) == [
        (1, "error", "No column with a date was recognised. The columns are: a, b. Please say which is which.")
    ]
    assert said(table("Start,b\n2026-11-24 10:00,2")) == [
        (1, "error", "No column with a customer was recognised. The columns are: Start, b. Please say which is which.")
    ]
    assert said(table("Name,Jam\nA,10:00")) == [
        (1, "error", "No column with a date was recognised. The columns are: Name, Jam. Please say which is which.")
    ]


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


def test_huge_cells_are_cut_and_odd_characters_are_taken_out():
    reading = table(f'Name,Start,Note\nA\x00\x07\u2028B,2026-11-24 10:00,"{"x" * 1_000_000}"\n')
    assert [(row.customer_name, len(row.note)) for row in reading.rows] == [("A B", 10_000)]
