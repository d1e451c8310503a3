"""Tables that leave the house: CSV for everybody, XLSX for spreadsheets; both without anything that computes.

A spreadsheet takes a cell that begins with = + - @ for a formula, also behind a TAB or a CR. Names and comments come
from strangers, so such texts get an apostrophe in front, in the head too. Numbers and dates stay what they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import tablib
from django.http import HttpResponse
from import_export.formats import base_formats

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones too
# What XML (and so XLSX) cannot hold, halves of characters included; nobody can read them anyway.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_000  # a spreadsheet refuses more than 32,767


@dataclass(frozen=True)
class Table:
    """What to write: `name` becomes the name of the file. Cells: text, numbers, booleans, dates, None."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]


class SafeCSV(base_formats.CSV):
    """CSV with a byte order mark, by which Excel recognises UTF-8."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return ("\ufeff" + super().export_data(dataset, **kwargs)).encode()


class SafeXLSX(base_formats.XLSX):
    """One sheet, the head frozen."""


FORMATS: dict[str, type[base_formats.TablibFormat]] = {"csv": SafeCSV, "xlsx": SafeXLSX}


def download(table: Table, kind: str) -> HttpResponse:
    """The table as a file of `kind`, a key of `FORMATS` (KeyError for others)."""
    form = FORMATS[kind]()
    dataset = tablib.Dataset(headers=[safe_cell(cell) for cell in table.head])
    for row in table.rows:
        dataset.append([safe_cell(cell) for cell in row])
    response = HttpResponse(form.export_data(dataset), content_type=form.get_content_type())
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form.get_extension()}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


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
