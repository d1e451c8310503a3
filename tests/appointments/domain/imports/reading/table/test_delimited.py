"""How a table is parted into records and cells."""

import pytest

from tests.appointments.domain.imports.reading.samples import levels, said, table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_encoding_and_line_end_will_do(delimiter, encoding, end):
    lines = [
        ("Name", "Start", "Note"),
        ("Zoë", "2026-11-24 10:00", f'"a{delimiter}b"'),
        ("Budi", "2026-11-24 11:00", ""),
    ]
    reading = table(end.join(delimiter.join(cells) for cells in lines).encode(encoding))
    assert [(row.line, row.customer_name, row.note) for row in reading.rows] == [
        (2, "Zoë", f"a{delimiter}b"),
        (3, "Budi", ""),
    ]
    assert said(reading) == []


def test_a_line_that_names_the_delimiter_is_obeyed():
    reading = table("sep=;\nName;Start\nA, B;2026-11-24 10:00")
    assert [(row.line, row.customer_name) for row in reading.rows] == [(3, "A, B")]


def test_lines_are_counted_through_cells_of_several_lines():
    reading = table('Name,Start,Note\nA,2026-11-24 10:00,"one\ntwo\n\nfour"\nB,nonsense,\nC,2026-11-24 11:00,\n')
    assert [(row.line, row.customer_name, row.note) for row in reading.rows] == [
        (2, "A", "one\ntwo\n\nfour"),
        (7, "C", ""),
    ]
    assert levels(reading) == [(6, "error")]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest():
    reading = table('Name,Start\n"A,2026-11-24 10:00\nB,2026-11-24 11:00\nC,2026-11-24 12:00\n')
    assert [row.customer_name for row in reading.rows] == ['"A', "B", "C"]
    assert said(reading) == [(2, "warning", "A quotation mark in this row is not closed. Please check the row.")]


def test_quotation_marks_inside_cells_are_letters():
    reading = table('Name,Start,Note\n5" screen,2026-11-24 10:00,"say ""hi"""\n"Ann" Lee,2026-11-24 11:00,x\n')
    assert [(row.customer_name, row.note) for row in reading.rows] == [('5" screen', 'say "hi"'), ("Ann Lee", "x")]


def test_short_rows_and_empty_cells_too_many_are_no_matter():
    reading = table("Name,Start,Note,Email\nA,2026-11-24 10:00\nB,2026-11-24 11:00,n,,,,\n")
    assert ([row.customer_name for row in reading.rows], said(reading)) == (["A", "B"], [])
