"""Where in a file the table is: its sheet or its delimiter, its line of headings, and what stands below them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.rows import Problems, shorten
from appointments.domain.imports.reading.table.delimited import DELIMITERS, Record, records, said_delimiter
from appointments.domain.imports.reading.table.headings import Columns, recognise
from appointments.domain.imports.reading.table.workbook import NotAWorkbook, TooMuch, sheet_of
from appointments.domain.imports.reading.text import as_utf8, decode, looks_like

NO_TABLE = _("“{name}” is no table that can be read. Please save it as CSV, XLSX, XLS or ODS, without a password.")
TOO_MANY_ROWS = _("The file has more than {limit} rows. Please import it in parts.")
_LINES_BEFORE_HEADINGS = 10
_SAMPLE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Meant:
    """What whoever imports says of the columns: `mapping` names fields by headings, or headings by fields; those of
    `ignored` are left out, whatever they are called.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    ignored: Collection[str] = ()

    def columns(self, record: Record) -> Columns:
        return recognise(record.cells, self.mapping, self.ignored)


@dataclass(slots=True)
class Table:
    """The records below the headings, with what the headings mean."""

    headings: Record
    columns: Columns
    rows: list[Record] = field(default_factory=list)


def find_table(data: bytes, filename: str, meant: Meant, problems: Problems, max_rows: int) -> Table | None:
    """None when there is none, or too much of one; why is then among the problems."""
    seems = looks_like(data)
    if seems == "workbook":
        filled = _of_workbook(data, filename, problems, max_rows)
    elif seems or b"BEGIN:VCALENDAR" in data[:2000]:
        sentence = NO_TABLE
        if data[:2000].lstrip().startswith(b"BEGIN:"):
            sentence = _("“{name}” is a calendar. Please import it as a file that ends in .ics.")
        problems.error(0, sentence, name=shorten(filename))
        filled = None
    else:
        filled = _of_text(data, meant, problems, max_rows)
    if filled is None:
        return None
    return _below_headings(filled, meant, problems)


def _of_workbook(data: bytes, filename: str, problems: Problems, max_rows: int) -> list[Record] | None:
    try:
        filled, others = sheet_of(data, max_rows=max_rows + _LINES_BEFORE_HEADINGS)
    except NotAWorkbook:
        problems.error(0, NO_TABLE, name=shorten(filename))
        return None
    except TooMuch:
        problems.error(0, TOO_MANY_ROWS, limit=max_rows)
        return None
    if others:
        sentence = _("Only the first sheet with anything on it was read. The others are: {names}.")
        problems.note(0, sentence, names=shorten(", ".join(others), 300))
    return filled


def _of_text(data: bytes, meant: Meant, problems: Problems, max_rows: int) -> list[Record] | None:
    text, guessed = decode(as_utf8(data))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "")
    if guessed:
        problems.note(0, _("The file is not in UTF-8: letters with accents may be wrong."))
    delimiter = said_delimiter(text)
    skipped = 1 if delimiter else 0
    filled = _filled_records(text, delimiter or _likely_delimiter(text, meant), skipped, max_rows)
    if filled is None:
        problems.error(0, TOO_MANY_ROWS, limit=max_rows)
    return filled


def _filled_records(text: str, delimiter: str, skipped: int, max_rows: int) -> list[Record] | None:
    """All that are not blank, below the lines to skip; None when there are too many of them, or of all."""
    filled: list[Record] = []
    for number, record in enumerate(records(text, delimiter)):
        if record.line > skipped and not record.is_blank:
            filled.append(record)
        if len(filled) > max_rows + _LINES_BEFORE_HEADINGS or number > 10 * max_rows:
            return None
    return filled


def _likely_delimiter(text: str, meant: Meant) -> str:
    """The one with which most headings are understood, then the one that gives most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        best = (0, 0)
        for number, record in enumerate(records(text[:_SAMPLE], delimiter)):
            if number >= _LINES_BEFORE_HEADINGS:
                break
            best = max(best, (len(meant.columns(record).places), len(record.cells)))
        return best

    return max(DELIMITERS, key=worth)


def _below_headings(filled: list[Record], meant: Meant, problems: Problems) -> Table | None:
    """A title or two may stand above the headings: those are in the line of which most is understood."""
    top = filled[:_LINES_BEFORE_HEADINGS]
    if not top:
        problems.error(0, _("The file is empty."))
        return None
    place = max(range(len(top)), key=lambda index: (len(meant.columns(top[index]).places), -index))
    table = Table(top[place], meant.columns(top[place]), filled[place + 1 :])
    if not table.rows:
        problems.note(table.headings.line, _("There is nothing below the headings."))
    return table
