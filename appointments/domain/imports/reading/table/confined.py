"""Run by itself, by `foreign`: a workbook on standard input → its filled rows, a line of JSON each, on standard output.

What reads these formats keeps a sheet as a whole and is not ours to mend: a small file can ask it for all the memory
there is. So it works in a process of its own with so much memory and time, which may die of it, and in which there is
nothing but this. It imports nothing of ours, so that it starts in a moment; and we import its constants without that
reader.
"""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 30
BROKEN, TOO_MUCH = 3, 4
"""How it ends where there is no table to be had."""


def main(max_rows: int, most_cells: int, longest_cell: int, most_written: int) -> int:
    _confine()
    from python_calamine import CalamineError

    try:
        left = most_written
        for line in _lines(io.BytesIO(sys.stdin.buffer.read()), max_rows, most_cells, longest_cell):
            left -= len(line)
            if left < 0:
                return TOO_MUCH
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except MemoryError:
        return TOO_MUCH
    except (CalamineError, ValueError, OSError, OverflowError):
        return BROKEN
    return 0


def _confine() -> None:
    if sys.platform == "win32":
        return
    import resource

    limits = {resource.RLIMIT_AS: MOST_MEMORY, resource.RLIMIT_CPU: MOST_SECONDS, resource.RLIMIT_CORE: 0}
    for what, most in limits.items():
        _soft, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # nobody may raise what the system set
        resource.setrlimit(what, (most, most))


def _lines(data: io.BytesIO, max_rows: int, most_cells: int, longest_cell: int) -> Iterator[str]:
    """[number, cells] of the first sheet with anything on it; then the name of each further one."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_filelike(data)
    is_found = False
    for kind in book.sheets_metadata:
        if kind.typ != SheetTypeEnum.WorkSheet:
            continue
        filled = _filled(book.get_sheet_by_name(kind.name).iter_rows(), most_cells, longest_cell)
        if is_found:
            if next(filled, None):
                yield json.dumps(kind.name[:longest_cell])
            continue
        for count, row in enumerate(filled, start=1):
            is_found = True
            yield json.dumps(row)
            if count > max_rows:
                break  # who reads this sees that it is one too many


def _filled(rows: Iterable[list[Any]], most_cells: int, longest_cell: int) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows, start=1):
        cells = [_plain(value, longest_cell) for value in row[:most_cells]]
        while cells and cells[-1] == "":
            cells.pop()
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            yield number, cells


def _plain(value: Any, longest_cell: int) -> Any:
    """As JSON can say it: what is no text, number or truth as the name of its kind and how Python writes it."""
    if isinstance(value, timedelta):
        return ["timedelta", value.total_seconds()]
    if isinstance(value, datetime | date | time):
        return [type(value).__name__, value.isoformat()]
    return value[:longest_cell] if isinstance(value, str) else value


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
