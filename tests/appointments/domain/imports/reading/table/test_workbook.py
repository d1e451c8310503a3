"""A workbook is read as somebody would type it, and takes no more than its share."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest

from appointments.domain.imports.reading.table import workbook
from appointments.domain.imports.reading.table.workbook import NotAWorkbook, TooMuch, sheet_of
from tests.appointments.domain.imports.reading.table.test_find import workbook as book_of


def cells(*row: Any) -> tuple[str, ...]:
    (record,), _others = sheet_of(book_of([list(row)]), max_rows=10)
    return record.cells


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("  Ana ", "  Ana "),
        (6281255501060, "6281255501060"),
        (6281255501060.0, "6281255501060"),
        (1.5, "1.5"),
        (True, "yes"),
        (date(2026, 4, 3), "2026-04-03"),
        (datetime(2026, 4, 3), "2026-04-03 00:00:00"),  # noqa: DTZ001  a spreadsheet knows no zones
        (datetime(2026, 4, 3, 9, 30), "2026-04-03 09:30:00"),  # noqa: DTZ001  a spreadsheet knows no zones
        (datetime(2026, 4, 3, 9, 29, 59, 999_600), "2026-04-03 09:30:00"),  # noqa: DTZ001  a spreadsheet knows no zones
        (time(9, 30), "09:30:00"),
        (timedelta(minutes=75), "1:15"),
        ("=1+1", ""),
        ("'=1+1", "'=1+1"),
    ],
)
def test_a_cell_is_what_somebody_would_type(value: Any, written: str) -> None:
    assert cells("x", value, "y") == ("x", written, "y")


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    found, _others = sheet_of(book_of([["a"], [], [None, "b"], ["c\nd", None]]), max_rows=10)
    assert [(one.line, one.cells) for one in found] == [(1, ("a",)), (3, ("", "b")), (4, ("c\nd",))]


def _packed(size: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * size)
    return data.getvalue()


def test_a_small_file_that_unpacks_to_very_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _packed(workbook.MOST_UNPACKED + 1)
    assert len(bomb) < 200_000
    with pytest.raises(TooMuch):
        sheet_of(bomb, max_rows=10)
    monkeypatch.setattr(workbook, "MOST_PARTS", 0)
    with pytest.raises(TooMuch):
        sheet_of(_packed(10), max_rows=10)


def test_an_archive_that_lies_about_its_size_is_broken() -> None:
    honest = _packed(5_000_000)
    liar = honest.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert liar != honest
    with pytest.raises(NotAWorkbook):
        sheet_of(liar, max_rows=10)


def test_a_cell_at_the_end_of_the_world_takes_no_more_than_its_row() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.active["XFD1048576"] = "far"
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(TooMuch):
        sheet_of(data.getvalue(), max_rows=100)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, _packed(10), book_of([["a"]])[:-40]],
    ids=["empty", "head", "old", "no workbook", "cut off"],
)
def test_what_is_broken_or_of_another_kind_is_no_workbook(data: bytes) -> None:
    with pytest.raises(NotAWorkbook):
        sheet_of(data, max_rows=10)


def test_entities_that_grow_without_end_are_refused() -> None:
    data = io.BytesIO()
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><worksheet><x>&l9;</x></worksheet>'
    with zipfile.ZipFile(io.BytesIO(book_of([["a"]]))) as good, zipfile.ZipFile(data, "w") as bad:
        for part in good.infolist():
            is_sheet = part.filename.endswith("sheet1.xml")
            bad.writestr(part.filename, sheet if is_sheet else good.read(part))
    with pytest.raises((NotAWorkbook, TooMuch)):
        sheet_of(data.getvalue(), max_rows=10)


@pytest.mark.parametrize(("filled", "fits"), [(10, True), (11, False)])
def test_as_many_rows_as_are_wanted_and_no_more(filled: int, fits: bool) -> None:
    data = book_of([[f"row {n}"] for n in range(filled)])
    if fits:
        assert len(sheet_of(data, max_rows=9)[0]) == filled
    else:
        with pytest.raises(TooMuch):
            sheet_of(data, max_rows=9)
