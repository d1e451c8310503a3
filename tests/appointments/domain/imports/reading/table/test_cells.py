"""What a cell says, made safe to store."""

import pytest

from tests.appointments.domain.imports.reading.samples import levels, said, table


@pytest.mark.parametrize(
    ("status", "cancelled"),
    [
        ("Cancelled", True),
        ("canceled by client", True),
        ("BATAL", True),
        ("Dibatalkan", True),
        ("Cancelled by customer, not notified", True),
        ("Confirmed", False),
        ("Not cancelled", False),
        ("tidak batal", False),
        ("No show", False),
        ("", False),
    ],
)
def test_cancelled_rows_are_cancelled(status, cancelled):
    assert [row.cancelled for row in table(f"Name;Start;Status\nA;2026-11-24 10:00;{status}").rows] == [cancelled]


def test_a_column_of_its_own_may_say_cancelled():
    assert [row.cancelled for row in table("Name,Start,Batal\nA,2026-11-24 10:00,ya\nB,2026-11-24 11:00,").rows] == [
        True,
        False,
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


def test_a_rounded_number_costs_only_itself():
    reading = table('Name,Start,Phone\nA,2026-11-24 10:00,"6.28126E+11 / 0813 5550 1061"\n')
    assert [row.customer_phone for row in reading.rows] == ["0813 5550 1061"]
    assert said(reading) == [
        (2, "warning", "The spreadsheet has rounded the telephone number 6.28126E+11, so it was left out.")
    ]


def test_lines_of_a_cell_are_several_numbers():
    reading = table('Name,Start,Phone\nA,2026-11-24 10:00,"081255501060\n081355501061"\n')
    assert [row.customer_phone for row in reading.rows] == ["081255501060; 081355501061"]


def test_huge_cells_are_cut_and_odd_characters_are_taken_out():
    reading = table(f'Name,Start,Note\nA\x00\x07\u2028B,2026-11-24 10:00,"{"x" * 1_000_000}"\n')
    assert [(row.customer_name, len(row.note)) for row in reading.rows] == [("A B", 10_000)]
