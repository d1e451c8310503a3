"""Tables that leave the house: CSV for everybody, XLSX for spreadsheets; both without anything that computes.

A spreadsheet takes a cell that begins with = + - @ for a formula, also behind a TAB or a CR. Names and comments come
from strangers, so such texts get an apostrophe in front, in the head too. Numbers and dates stay what they are.

A table is written row by row, so that a hundred thousand rows need no more memory than a thousand.
"""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones too
# What XML (and so XLSX) cannot hold, halves of characters included; nobody can read them anyway.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_000  # a spreadsheet refuses more than 32,767
SHEET_LIMIT = 1_000_000  # rows on one sheet; a spreadsheet has 1,048,576
LINES = 500  # of a CSV file, sent together


@dataclass(frozen=True)
class Table:
    """What to write: `name` becomes the name of the file. Cells: text, numbers, booleans, dates, None."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]


def download(table: Table, kind: str) -> StreamingHttpResponse:
    """The table as a file of `kind`, a key of `FORMATS` (KeyError for others)."""
    return FORMATS[kind](table)


def links(request: HttpRequest, address: str) -> list[tuple[str, str]]:
    """(name, address) of what a page shows, as a file of each kind; `address` names the page of the files."""
    query = request.GET.urlencode()
    return [(kind.upper(), f"{reverse(address, args=[kind])}{'?' if query else ''}{query}") for kind in FORMATS]


def _csv(table: Table) -> StreamingHttpResponse:
    """Sent while it is written, so the first lines arrive at once; with a byte order mark, by which Excel recognises
    UTF-8.
    """
    response = StreamingHttpResponse(
        _said_in(translation.get_language(), _csv_parts(table)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv_parts(table: Table) -> Iterator[bytes]:
    yield _lines([table.head], "\ufeff")
    rows = iter(table.rows)
    while some := list(islice(rows, LINES)):
        yield _lines(some)


def _lines(rows: Iterable[Sequence[Any]], start: str = "") -> bytes:
    text = io.StringIO(start, newline="")
    text.seek(len(start))
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _said_in(language: str | None, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts. They are made after the page has returned, when no language is in force any more."""
    while True:
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _xlsx(table: Table) -> StreamingHttpResponse:
    """The head frozen, further sheets for what one cannot hold. Written to a temporary file, which goes with the
    response.
    """
    from appointments import spreadsheets  # takes a fifth of a second to load, and every program loads this module

    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    spreadsheets.write(file, map(safe_cell, table.head), (map(safe_cell, row) for row in table.rows), SHEET_LIMIT)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{table.name}.xlsx", content_type=XLSX)
    response["X-Content-Type-Options"] = "nosniff"
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, Callable[[Table], StreamingHttpResponse]] = {"csv": _csv, "xlsx": _xlsx}


def safe_cell(value: Any) -> Any:
    """`value` as it may stand in a cell: text that a spreadsheet would compute begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()
    text = _UNPRINTABLE.sub("", str(value))[:CELL_LIMIT]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def wall_time(moment: datetime | None, zone: str) -> datetime | None:
    """The time a clock in `zone` shows, without its offset: the zone has a column of its own."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0) if moment else None
