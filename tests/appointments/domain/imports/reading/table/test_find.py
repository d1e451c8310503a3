"""Where in a file the table is."""

import io
from typing import Any

import openpyxl

from appointments.domain.imports.reading.rows import Problems
from appointments.domain.imports.reading.table.find import Meant, find_table


def workbook(*sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def found(data: bytes, *, most: int = 100, **meant: Any) -> tuple[list[Any], list[str]]:
    problems = Problems()
    table = find_table(data, "a.xlsx", Meant(**meant), problems, most)
    rows = [(one.line, *one.cells) for one in table.rows] if table else []
    return rows, [str(one.message) for one in problems.found]


def test_a_workbook_is_read_from_its_first_sheet_with_anything_on_it_below_its_headings() -> None:
    data = workbook([], [["Our list"], [], ["Name", "Start"], ["Ana", "2026-11-24 09:00"]], [["more"]])
    assert found(data) == (
        [(4, "Ana", "2026-11-24 09:00")],
        ["Only the first sheet with anything on it was read. The others are: Sheet 2."],
    )


def test_headings_are_in_the_line_of_which_most_is_understood_as_it_is_meant() -> None:
    text = b"Wer,Wann\nName,Start\nAna,2026-11-24 09:00\n"
    assert [one[0] for one in found(text)[0]] == [3]
    meant = {"customer_name": "Wer", "start": "Wann"}
    assert [one[0] for one in found(text, mapping=meant, ignored=["Name", "Start"])[0]] == [2, 3]


def test_what_is_no_workbook_and_what_is_too_much_of_one_is_said() -> None:
    assert found(b"PK\x03\x04broken") == (
        [], ["“a.xlsx” is no table that can be read. Please save it as CSV, XLSX, XLS or ODS, without a password."],
    )  # fmt: skip
    rows = [["Name", "Start"], *(["Ana", "2026-11-24 09:00"] for _ in range(20))]
    assert len(found(workbook(rows), most=11)[0]) == 20
    assert found(workbook(rows), most=9) == ([], ["The file has more than 9 rows. Please import it in parts."])
