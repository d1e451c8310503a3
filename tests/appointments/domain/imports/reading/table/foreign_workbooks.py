"""Workbooks of other programs, made byte by byte: `.xls` as Excel kept it before 2007, and `.ods`."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any

SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
FORMATS = {date: 14, datetime: 22, time: 21, timedelta: 46}
"""How such a cell is shown, by the numbers that every Excel knows."""
KINDS = (0, *FORMATS.values())


def xls(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """Of rows of texts, numbers, truths, days, moments, hours and spans; None leaves a cell out."""
    cells = [[(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row)] for rows in sheets]
    return in_container(_book(cells))


def xls_of_cells(*cells: tuple[int, int, Any]) -> bytes:
    """With (row, column, value) anywhere."""
    return in_container(_book([list(cells)]))


def _book(sheets: list[list[tuple[int, int, Any]]]) -> bytes:
    """The stream of records: first what holds for all sheets, with where each begins, then the sheets."""
    styles = b"".join(_record(0xE0, struct.pack("<HH", 0, one) + bytes(16)) for one in KINDS)
    names = [f"Sheet {number}".encode() for number in range(len(sheets))]
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + styles
    bodies = [_sheet(cells) for cells in sheets]
    begins = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += _record(0x85, struct.pack("<IHBB", begins, 0, len(name), 0) + name)
        begins += len(body)
    return head + listed + _record(0x0A, b"") + b"".join(bodies)


def _sheet(cells: list[tuple[int, int, Any]]) -> bytes:
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    return begin + b"".join(_cell(*cell) for cell in cells if cell[2] is not None) + _record(0x0A, b"")


def _cell(row: int, column: int, value: Any) -> bytes:
    style = KINDS.index(FORMATS.get(type(value), 0))
    where = struct.pack("<HHH", row, column, style)
    if isinstance(value, bool):
        return _record(0x205, where + bytes([value, 0]))
    if isinstance(value, str):
        return _record(0x204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x203, where + struct.pack("<d", _as_number(value)))


def _as_number(value: Any) -> float:
    """Days since the end of 1899, as Excel counts."""
    if isinstance(value, time):
        return (value.hour * 60 + value.minute) / 1440
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001  a spreadsheet knows no zones
    return float((value - date(1899, 12, 30)).days) if isinstance(value, date) else float(value)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def in_container(stream: bytes) -> bytes:
    """The compound file around it: its table of sectors, its folder, the stream."""
    stream = stream.ljust(4096, b"\x00")  # what is smaller lies elsewhere
    sectors = -(-len(stream) // SECTOR)
    tables = -(-(sectors + 2) // (SECTOR // 4 - 1))
    chain = [TABLE] * tables + [END] + [tables + 2 + number for number in range(sectors - 1)] + [END]
    table = b"".join(struct.pack("<I", one) for one in chain).ljust(tables * SECTOR, b"\xff")
    root, book = _entry("Root Entry", 5, child=1), _entry("Workbook", 2, start=tables + 1, size=len(stream))
    where = [*range(tables), *[FREE] * (109 - tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0) + struct.pack("<109I", *where)
    return head + table + (root + book).ljust(SECTOR, b"\x00") + stream.ljust(sectors * SECTOR, b"\x00")


def _entry(name: str, kind: int, *, child: int = FREE, start: int = END, size: int = 0) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\x00") + struct.pack("<HBBIII", len(written) + 2, kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def ods(*sheets: Sequence[Sequence[Any]], more: str = "") -> bytes:
    """`more` are rows as they stand in the file, on the first sheet."""
    tables = ""
    for number, rows in enumerate(sheets):
        filled = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        filled += more if number == 0 else ""
        tables += f'<table:table table:name="Sheet {number}">{filled}</table:table>'
    return ods_of_content(f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>")


MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/></manifest:manifest>'
)


def ods_of_content(body: str) -> bytes:
    kinds = ("office", "table", "text")
    names = "".join(f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in kinds)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    return data.getvalue()


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    if isinstance(value, bool):
        kind, said = "boolean", f'boolean-value="{str(value).lower()}"'
    elif isinstance(value, time):
        kind, said = "time", f'time-value="PT{value:%HH%MM%SS}"'
    elif isinstance(value, date):
        kind, said = "date", f'date-value="{value.isoformat()}"'
    else:
        kind, said = "float", f'value="{value}"'
    return f'<table:table-cell office:value-type="{kind}" office:{said}/>'
