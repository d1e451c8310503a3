"""A table, as a spreadsheet or saved from one as CSV in whatever dialect → rows to import."""

from collections.abc import Collection, Mapping
from typing import Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from appointments.domain.imports.reading.rows import ImportedRow, Problems, Reading, shorten
from appointments.domain.imports.reading.table import cells
from appointments.domain.imports.reading.table.dates import ORDERS, Order, Written, common_order, read_date, read_hour
from appointments.domain.imports.reading.table.delimited import Record
from appointments.domain.imports.reading.table.find import Meant, Table, find_table
from appointments.domain.imports.reading.table.headings import FIELDS
from appointments.domain.imports.reading.table.hours import DateError
from appointments.domain.imports.reading.table.row import RowReader
from appointments.domain.imports.reading.table.times import TimeReader
from appointments.domain.imports.reading.zones import Zone, find_zone

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000


def read_table(
    data: bytes,
    *,
    filename: str,
    default_zone: str,
    mapping: Mapping[str, str] | None = None,
    ignored: Collection[str] = (),
    date_order: Order | None = None,
    colleagues: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Reading:
    """Every row that has a customer and a start. Times without a zone are on the clock of `default_zone`.

    `mapping` names columns that are not recognised: {"customer_name": "Who"} (the fields are those of
    `headings.FIELDS`), `ignored` those that are left out. `date_order` says how dates like 03/04/2026 are meant;
    without it the column itself must tell, or those rows are left out. `colleagues` are our own addresses in lower
    case: they are no customer's. No file makes this raise. Raises ValueError for a zone or order that does not exist.
    """
    zone = find_zone(default_zone)
    if zone is None or (date_order is not None and date_order not in ORDERS):
        raise ValueError(f"unusable default zone or date order: {default_zone!r}, {date_order!r}")
    problems = Problems()
    if len(data) > max_bytes:
        size = max(1, max_bytes // 2**20)
        problems.error(0, _("The file is larger than {limit} MB. Please import it in parts."), limit=size)
        return Reading((), problems.in_order(), "table")
    table = find_table(data, filename, Meant(mapping or {}, ignored), problems, max_rows)
    if table is None or not _headings_will_do(table, problems):
        return Reading((), problems.in_order(), "table")
    rows = _Rows(table, zone, problems, colleagues).read(date_order)
    in_order = sorted(rows, key=lambda row: (row.starts_at, row.line))
    cut_off = any(record.unclosed for record in table.rows)
    return Reading(tuple(in_order), problems.in_order(), "table", cut_off=cut_off)


def _looks_like_data(record: Record) -> bool:
    """Whether a cell is a date, an address or a number: a table without headings, whose people nobody may quote."""
    for cell in record.cells[:30]:
        try:
            if "@" in cell or cells.phone(cell)[0] or read_date(cell[:100]).has_date:
                return True
        except DateError:
            continue
    return False


def _headings_will_do(table: Table, problems: Problems) -> bool:
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
            _("No column with a date was recognised. The columns are: {found}. Say which it is."),
            found=found,
            remedy="columns",
        )
        return False
    if not columns.places.keys() & {"customer_name", "first_name", "last_name", "customer_email", "summary"}:
        problems.error(
            line,
            _("No column with a customer was recognised. The columns are: {found}. Say which it is."),
            found=found,
            remedy="columns",
        )
        return False
    if columns.unknown:
        problems.note(line, _("Not imported are the columns: {found}."), found=shorten(", ".join(columns.unknown), 300))
    return True


def _has_dates(table: Table) -> bool:
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

    def __init__(self, table: Table, zone: Zone, problems: Problems, colleagues: Collection[str]) -> None:
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
            "{count} row was left out. Please choose the order of day and month.",
            "{count} rows were left out. Please choose the order of day and month.",
            count,
        )
        self.problems.error(line, advice, value=value, count=count, remedy="date order")
