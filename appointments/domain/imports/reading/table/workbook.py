"""A workbook (.xlsx, .xls, .ods) → the records of its first sheet with anything on it.

A workbook of today is a packed archive of XML: what it unpacks to is counted before anybody reads it, and .xlsx is read
row by row, so that a small file cannot take all the memory. What `foreign` reads works in a process of its own for the
same reason. Each cell is what somebody would type; formulas count as what they came to; nothing is computed here.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from appointments.domain.imports.reading.table import foreign
from appointments.domain.imports.reading.table.delimited import MOST_CELLS, Record

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
LONGEST_CELL = 40_000
BLANKS = 10
"""So many times as many rows as may be filled may be there at all."""
_BLOCK = 1024 * 1024


class NotAWorkbook(Exception):
    """No workbook, a broken one, or one that is locked."""


class TooMuch(Exception):
    """More rows than are wanted, or more than it may unpack to."""


def sheet_of(data: bytes, *, max_rows: int) -> tuple[list[Record], list[str]]:
    """Its records that are not blank, by the numbers of their rows, and the names of further sheets that are filled.

    Raises `NotAWorkbook` and `TooMuch`.
    """
    if data.startswith(foreign.OLD):
        return _foreign(data, max_rows)
    _check_size(data)
    return _foreign(data, max_rows) if _is_open_document(data) else _own(data, max_rows)


def _is_open_document(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "content.xml" in archive.namelist()


def _foreign(data: bytes, max_rows: int) -> tuple[list[Record], list[str]]:
    try:
        rows, others = foreign.rows_of(data, max_rows=max_rows, longest_cell=LONGEST_CELL)
    except foreign.Refused as error:
        raise NotAWorkbook from error
    except foreign.Endless as error:
        raise TooMuch from error
    if len(rows) > max_rows:
        raise TooMuch
    try:
        return [Record(number, tuple(map(_written, cells))) for number, cells in rows], others
    except _BROKEN as error:  # the last moment of the calendar, say, that cannot be rounded up
        raise NotAWorkbook from error


def _own(data: bytes, max_rows: int) -> tuple[list[Record], list[str]]:
    from openpyxl import load_workbook  # takes a fifth of a second to load, and every program loads this module

    try:
        with warnings.catch_warnings(action="ignore"):  # of styles and extensions, which nobody needs here
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found: list[Record] = []
        others: list[str] = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            if found:
                others += [sheet.title] if next(_records(sheet, max_rows), None) else []
            else:
                found = _filled(sheet, max_rows)
        book.close()
    except TooMuch:
        raise
    except _BROKEN as error:
        raise NotAWorkbook from error
    return found, others


_BROKEN = (
    ParseError, zipfile.BadZipFile, zlib.error,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, OverflowError,
)  # fmt: skip
"""What the reader of workbooks raises at one that is broken: it says nothing of its own about that."""


def _check_size(data: bytes) -> None:
    """Unpacks it to nowhere. What an archive claims of its size is not believed: what differs fails its check sum."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise TooMuch
            for part in parts:
                with archive.open(part) as stream:
                    while stream.read(_BLOCK):
                        pass
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise NotAWorkbook from error


def _filled(sheet: Any, max_rows: int) -> list[Record]:
    found: list[Record] = []
    for record in _records(sheet, max_rows):
        if len(found) > max_rows:
            raise TooMuch
        found.append(record)
    return found


def _records(sheet: Any, max_rows: int) -> Iterator[Record]:
    most = BLANKS * max_rows
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_CELLS), start=1):
        if number > most:
            raise TooMuch
        cells = [_written(cell.value, is_day=_is_day(cell)) for cell in islice(row, MOST_CELLS)]
        while cells and not cells[-1]:
            cells.pop()
        if any(cell.strip() for cell in cells):
            yield Record(number, tuple(cells))


def _written(value: Any, *, is_day: bool = False) -> str:
    """As text. A date without an hour has none; a whole number has no decimals, so that a telephone number stays so.
    `is_day`: it is shown without an hour.
    """
    if isinstance(value, datetime):
        moment = _to_the_second(value)
        return f"{moment:%Y-%m-%d}" if is_day and moment.time() == time.min else f"{moment:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)[:LONGEST_CELL]


def _to_the_second(moment: datetime) -> datetime:
    """A spreadsheet keeps a moment as a fraction of days, a little beside the second that was meant."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _is_day(cell: Any) -> bool:
    return "h" not in str(getattr(cell, "number_format", "") or "").lower()
