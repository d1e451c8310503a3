"""Files for spreadsheets: nothing in them computes, everything in them can be read again."""

import csv
import io
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.http import FileResponse
from django.utils import translation
from django.utils.translation import gettext

from appointments import exports
from appointments.exports import FORMATS, LINES, Table, download, safe_cell, wall_time
from tests.clock import at

DANGEROUS = [
    '=HYPERLINK("http://evil.example","click")',
    "=1+1",
    "+62812",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "\uff1d1+1",  # a wide one
]


def taken(table: Table, kind: str) -> bytes:
    """The whole file, as a browser keeps it."""
    response = download(table, kind)
    content = response.getvalue()
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()  # as the web server does in the end
    return content


def written(kind: str, *cells: object) -> list[Any]:
    """What a reader of the file finds in the one row of it."""
    content = taken(Table(name="t", head=["h"] * len(cells), rows=[cells]), kind)
    if kind == "xlsx":
        return [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[2]]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_formula_becomes_text(kind: str, text: str) -> None:
    (cell,) = written(kind, text)

    assert str(cell).startswith("'")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_spreadsheet_is_a_formula(text: str) -> None:
    content = taken(Table(name="t", head=[text], rows=[[text]]), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active

    assert {cell.data_type for row in sheet for cell in row} == {"s"}


def test_numbers_stay_numbers() -> None:
    assert written("xlsx", -2, 3.5, 0) == [-2, 3.5, 0]
    assert written("csv", -2, 3.5, None) == ["-2", "3.5", ""]


def test_ordinary_texts_are_left_alone() -> None:
    texts = ["Siti Nurhaliza", "a = b", "1+1", "line\nbreak", 'with "quotes", commas', "Dewi 👩‍⚕️ ü"]

    assert written("csv", *texts) == texts
    assert written("xlsx", *texts) == texts


def test_what_no_file_can_hold_is_left_out() -> None:
    assert safe_cell("a\x00b\x0bc\ud800d") == "abcd"
    assert len(safe_cell("x" * 1_000_000)) == 32_000
    assert written("xlsx", "x" * 1_000_000) == ["x" * 32_000]


def test_days_and_times_can_be_sorted() -> None:
    assert safe_cell(date(2026, 11, 24)) == "2026-11-24"
    assert safe_cell(datetime(2026, 11, 24, 14, 30)) == "2026-11-24 14:30"  # noqa: DTZ001  what a wall shows
    assert safe_cell(wall_time(at("2026-11-24 14:30"), "Asia/Makassar")) == "2026-11-24 15:30"


def test_the_file_says_what_it_is() -> None:
    response = download(Table(name="customers-2026-11-24", head=["name"], rows=[]), "csv")

    assert response["Content-Disposition"] == 'attachment; filename="customers-2026-11-24.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(KeyError):
        download(Table(name="t", head=[], rows=[]), "exe")


def most_memory(kind: str, count: int) -> int:
    """What writing and sending `count` rows takes at most, beyond what was there before."""

    def rows() -> Iterator[list[Any]]:
        for number in range(count):
            yield [number, f"Customer {number}", "a note of some words " * 5]

    tracemalloc.start()
    try:
        response = download(Table(name="t", head=["number", "name", "note"], rows=rows()), kind)
        for __ in response:
            pass
        if isinstance(response, FileResponse) and response.file_to_stream:
            response.file_to_stream.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_ten_times_the_rows_need_no_more_memory(kind: str) -> None:
    most_memory(kind, 10)  # what is loaded on first use
    few = most_memory(kind, 1_000)

    many = most_memory(kind, 10_000)

    assert many < few + 200_000


def test_the_first_lines_leave_before_the_last_are_made() -> None:
    made = []

    def rows() -> Iterator[list[int]]:
        for number in range(10_000):
            made.append(number)
            yield [number]

    parts = iter(download(Table(name="t", head=["number"], rows=rows()), "csv"))

    assert next(parts) == b"\xef\xbb\xbfnumber\r\n"
    assert made == []
    next(parts)
    assert len(made) == LINES


def test_words_are_said_in_the_language_of_who_asked() -> None:
    """The page that began the file has returned by then, and another language may be in force."""
    with translation.override("id"):
        response = download(Table(name="t", head=["h"], rows=([gettext("yes")] for __ in range(2))), "csv")
    with translation.override("en"):
        assert response.getvalue().decode("utf-8-sig").split() == ["h", "ya", "ya"]
        assert translation.get_language() == "en"


def test_what_one_sheet_cannot_hold_goes_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_LIMIT", 3)
    content = taken(Table(name="t", head=["n"], rows=([number] for number in range(7))), "xlsx")

    book = openpyxl.load_workbook(io.BytesIO(content))

    assert [[cell.value for (cell,) in sheet] for sheet in book] == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


def test_the_head_stays_in_sight() -> None:
    content = taken(Table(name="t", head=["name", "note"], rows=[["Ana", "two\nlines"]]), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active

    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert [bool(cell.alignment.wrap_text) for cell in sheet[2]] == [False, True]


def test_the_temporary_file_goes_with_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert len(taken(Table(name="t", head=["n"], rows=[[1]]), "xlsx")) > 1_000
    assert list(tmp_path.iterdir()) == []
