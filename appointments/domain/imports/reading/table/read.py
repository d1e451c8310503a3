"""A spreadsheet saved as CSV, from whatever program in whatever dialect → rows to import."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from appointments.domain.imports.reading.rows import ImportedRow, Problems, Reading, shorten
from appointments.domain.imports.reading.table import cells
from appointments.domain.imports.reading.table.dates import ORDERS, Order, Written, common_order, read_date, read_hour
from appointments.domain.imports.reading.table.delimited import DELIMITERS, Record, records, said_delimiter
from appointments.domain.imports.reading.table.headings import FIELDS, Columns, recognise
from appointments.domain.imports.reading.table.hours import DateError
from appointments.domain.imports.reading.table.row import RowReader
from appointments.domain.imports.reading.table.times import TimeReader
from appointments.domain.imports.reading.text import as_utf8, decode, looks_like
from appointments.domain.imports.reading.zones import Zone, find_zone

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
_LINES_BEFORE_HEADINGS = 10
_SAMPLE = 64 * 1024


@dataclass(slots=True)
class _Table:
    """The records below the headings, with what the headings mean."""

    headings: Record
    columns: Columns
    rows: list[Record] = field(default_factory=list)


def read_table(
    data: bytes,
    *,
    filename: str,
    default_zone: str,
    mapping: Mapping[str, str] | None = None,
    date_order: Order | None = None,
    colleagues: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Reading:
    """Every row that has a customer and a start. Times without a zone are on the clock of `default_zone`.

    `mapping` names columns that are not recognised: {"customer_name": "Who"} (the fields are those of
    `headings.FIELDS`). `date_order` says how dates like 03/04/2026 are meant; without it the column itself must tell,
    or those rows are left out. `colleagues` are our own addresses in lower case: they are no customer's. No file makes
    this raise. Raises ValueError for a zone or order that does not exist.
    """
    zone = find_zone(default_zone)
    if zone is None or (date_order is not None and date_order not in ORDERS):
        raise ValueError(f"unusable default zone or date order: {default_zone!r}, {date_order!r}")
    problems = Problems()
    if len(data) > max_bytes:
        size = max(1, max_bytes // 2**20)
        problems.error(0, _("The file is larger than {limit} MB. Please import it in parts."), limit=size)
        return Reading((), problems.in_order(), "table")
    table = _find_table(data, filename, mapping, problems, max_rows)
    if table is None:
        return Reading((), problems.in_order(), "table")
    rows = _Rows(table, zone, problems, colleagues).read(date_order)
    in_order = sorted(rows, key=lambda row: (row.starts_at, row.line))
    cut_off = any(record.unclosed for record in table.rows)
    return Reading(tuple(in_order), problems.in_order(), "table", cut_off=cut_off)


def _find_table(
    data: bytes, filename: str, mapping: Mapping[str, str] | None, problems: Problems, max_rows: int
) -> _Table | None:
    """None when there is none, or too much of one; why is then among the problems."""
    if looks_like(data) or b"BEGIN:VCALENDAR" in data[:2000]:
        sentence = _("“{name}” is not a table. Please save it as CSV and import that.")
        if data[:2000].lstrip().startswith(b"BEGIN:"):
            sentence = _("“{name}” is a calendar. Please import it as a file that ends in .ics.")
        problems.error(0, sentence, name=shorten(filename))
        return None
    text, guessed = decode(as_utf8(data))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "")
    if guessed:
        problems.note(0, _("The file is not in UTF-8: letters with accents may be wrong."))
    delimiter = said_delimiter(text)
    skipped = 1 if delimiter else 0
    filled = _filled_records(text, delimiter or _likely_delimiter(text, mapping), skipped, max_rows)
    if filled is None:
        problems.error(0, _("The file has more than {limit} rows. Please import it in parts."), limit=max_rows)
        return None
    return _below_headings(filled, mapping, problems)


def _filled_records(text: str, delimiter: str, skipped: int, max_rows: int) -> list[Record] | None:
    """All that are not blank, below the lines to skip; None when there are too many of them, or of all."""
    filled: list[Record] = []
    for number, record in enumerate(records(text, delimiter)):
        if record.line > skipped and not record.is_blank:
            filled.append(record)
        if len(filled) > max_rows + _LINES_BEFORE_HEADINGS or number > 10 * max_rows:
            return None
    return filled


def _likely_delimiter(text: str, mapping: Mapping[str, str] | None) -> str:
    """The one with which most headings are understood, then the one that gives most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        best = (0, 0)
        for number, record in enumerate(records(text[:_SAMPLE], delimiter)):
            if number >= _LINES_BEFORE_HEADINGS:
                break
            best = max(best, (len(recognise(record.cells, mapping).places), len(record.cells)))
        return best

    return max(DELIMITERS, key=worth)


def _below_headings(filled: list[Record], mapping: Mapping[str, str] | None, problems: Problems) -> _Table | None:
    """A title or two may stand above the headings: those are in the line of which most is understood."""
    top = filled[:_LINES_BEFORE_HEADINGS]
    if not top:
        problems.error(0, _("The file is empty."))
        return None
    place = max(range(len(top)), key=lambda index: (len(recognise(top[index].cells, mapping).places), -index))
    table = _Table(top[place], recognise(top[place].cells, mapping), filled[place + 1 :])
    if not _headings_will_do(table, problems):
        return None
    if not table.rows:
        problems.note(table.headings.line, _("There is nothing below the headings."))
    return table


def _looks_like_data(record: Record) -> bool:
    """Whether a cell is a date, an address or a number: a table without headings, whose people nobody may quote."""
    for cell in record.cells[:30]:
        try:
            if "@" in cell or cells.phone(cell)[0] or read_date(cell[:100]).has_date:
                return True
        except DateError:
            continue
    return False


def _headings_will_do(table: _Table, problems: Problems) -> bool:
    line, columns = table.headings.line, table.columns
    if _looks_like_data(table.headings):
        sentence = _("The table has no headings. Please put a line like “{example}” above it.")
        problems.error(line, sentence, example="Name,Phone,Date,Time,Service")
        return False
    found = shorten(", ".join(cell.strip() for cell in table.headings.cells[:30] if cell.strip()), 300)
    for name in columns.wrong_fields:
        known = ", ".join(FIELDS)
        problems.error(line, _("“{value}” is no field. Fields are: {fields}."), value=name, fields=known)
    for heading in columns.missing:
        problems.error(line, _("There is no column “{value}”. The columns are: {found}."), value=heading, found=found)
    if columns.wrong_fields or columns.missing:
        return False
    if not columns.has_start or not _has_dates(table):
        problems.error(
            line,
            _(
                "No column with a date was recognised. The columns are: {found}. Say which it is: "
                "--map “{column}=date”."
            ),
            found=found,
            column=_an_unknown(columns),
        )
        return False
    if not columns.places.keys() & {"customer_name", "first_name", "last_name", "customer_email", "summary"}:
        problems.error(
            line,
            _(
                "No column with a customer was recognised. The columns are: {found}. Say which it is: "
                "--map “{column}=customer_name”."
            ),
            found=found,
            column=_an_unknown(columns),
        )
        return False
    if columns.unknown:
        problems.note(line, _("Not imported are the columns: {found}."), found=shorten(", ".join(columns.unknown), 300))
    return True


def _an_unknown(columns: Columns) -> str:
    return shorten(next(iter(columns.unknown), "…"), 60)


def _has_dates(table: _Table) -> bool:
    """A column of hours is enough if there are dates in it."""
    if table.columns.places.keys() & {"start", "date"} or not table.rows:
        return True
    place = table.columns.places["time"]
    for record in table.rows[:50]:
        try:
            if place < len(record.cells) and read_hour(record.cells[place][:200]).has_date:
                return True
        except DateError:
            continue
    return False


class _Rows:
    """Reads the records twice: first for the order of day and month, which only a whole column tells."""

    def __init__(self, table: _Table, zone: Zone, problems: Problems, colleagues: Collection[str]) -> None:
        self.table, self.zone, self.problems, self.colleagues = table, zone, problems, colleagues
        self.width = len(table.headings.cells)
        self.seen: dict[str, tuple[int, ImportedRow]] = {}

    def read(self, date_order: Order | None) -> list[ImportedRow]:
        order = date_order or common_order(self._written_dates())
        times = TimeReader(self.table.columns, self.zone, order, self.problems)
        reader = RowReader(self.table.columns, times, self.problems, self.colleagues)
        rows: list[ImportedRow] = []
        for record in self.table.rows:
            if not self._is_whole(record):
                continue
            row = reader.read(record)
            if row is not None and self._is_new(row):
                rows.append(row)
        self._report_order(times, order)
        return rows

    def _written_dates(self) -> list[Written]:
        found: list[Written] = []
        for record in self.table.rows:
            for name in ("start", "date", "time", "end", "end_date", "end_time"):
                cell = self.table.columns.cell(record, name)
                if not cell.strip() or len(cell) > 100:
                    continue
                try:
                    found.append(read_hour(cell) if name in ("time", "end", "end_time") else read_date(cell))
                except DateError:
                    continue
        return found

    def _is_whole(self, record: Record) -> bool:
        if any(cell.strip() for cell in record.cells[self.width :]):
            sentence = _("This row has {count} cells, but there are {width} headings, so it was left out.")
            if record.unclosed:
                sentence = _("A quotation mark in this row is not closed, so the row was left out.")
            self.problems.error(record.line, sentence, count=len(record.cells), width=self.width)
            return False
        if record.unclosed:
            self.problems.warning(record.line, _("A quotation mark in this row is not closed. Please check the row."))
        return True

    def _is_new(self, row: ImportedRow) -> bool:
        first = self.seen.setdefault(row.identity, (row.line, row))
        if first[1] is row:
            return True
        alike = first[1].customer_name.casefold() == row.customer_name.casefold()
        same = first[1].starts_at == row.starts_at and alike
        if same:
            sentence = _("This row says the same as line {first}, so it was left out.")
            self.problems.warning(row.line, sentence, first=first[0])
        else:
            sentence = _("This row has the same number as line {first}, but says something else. It was left out.")
            self.problems.error(row.line, sentence, value=row.uid, first=first[0])
        return False

    def _report_order(self, times: TimeReader, order: Order | Literal["unclear", "mixed"]) -> None:
        if not times.undecided:
            return
        line, value = times.undecided[0]
        sentence = _("“{value}” may be the day before the month or the month before the day.")
        if order == "mixed":
            sentence = _("Some dates here have the day first and some the month, so “{value}” may be either.")
        self.problems.error(line, sentence, value=value)
        count = len(times.undecided)
        advice = ngettext_lazy(
            "{count} row was left out. Please choose the order of day and month (--date-order dmy or mdy).",
            "{count} rows were left out. Please choose the order of day and month (--date-order dmy or mdy).",
            count,
        )
        self.problems.error(line, advice, value=value, count=count)
