"""A table as an XLSX file. `appointments.exports` says what may stand in its cells."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

WIDTH = 20  # of a column, in letters


def write(file: IO[bytes], head: Iterable[Any], rows: Iterable[Iterable[Any]], limit: int) -> None:
    """Writes it row by row, on as many sheets as `limit` rows on each of them take; each begins with the head."""
    book, titles = Workbook(write_only=True), list(head)
    sheet = _sheet(book, titles)
    for number, row in enumerate(rows):
        if number and number % limit == 0:
            sheet = _sheet(book, titles)
        sheet.append([_wrapped(sheet, value) for value in row])
    book.save(file)


def _sheet(book: Workbook, head: Sequence[Any]) -> Any:
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for column in range(1, len(head) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    cells = [WriteOnlyCell(sheet, title) for title in head]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    return sheet


def _wrapped(sheet: Any, value: Any) -> Any:
    """A text of several lines shows all of them."""
    if not (isinstance(value, str) and "\n" in value):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.alignment = Alignment(wrap_text=True)
    return cell
