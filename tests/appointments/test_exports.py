"""Files for spreadsheets: nothing in them computes, everything in them can be read again."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from appointments.exports import Table, download, safe_cell, wall_time
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


def written(kind: str, *cells: object) -> list[Any]:
    """What a reader of the file finds in the one row of it."""
    content = download(Table(name="t", head=["h"] * len(cells), rows=[cells]), kind).content
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
    content = download(Table(name="t", head=[text], rows=[[text]]), "xlsx").content
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
