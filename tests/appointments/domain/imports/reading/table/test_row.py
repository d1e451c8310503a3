"""A row of a table becomes an appointment, or is left out and told."""

import pytest

from tests.appointments.domain.imports.reading.samples import said, table


def test_rows_have_an_identity_that_stays_when_the_table_is_imported_again():
    rows = ["A,2026-11-24 10:00", "B,2026-11-24 10:00", "A,2026-11-25 10:00"]
    first, second = (table("Name,Start\n" + "\n".join(order)) for order in (rows, rows[::-1]))
    assert {row.identity for row in first.rows} == {row.identity for row in second.rows}
    assert len({row.identity for row in first.rows}) == 3


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
