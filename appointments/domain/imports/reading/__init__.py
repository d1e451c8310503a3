"""Reading other people's calendars and spreadsheets: bytes in, rows and plain sentences out. No models, no database."""

from appointments.domain.imports.reading.ics.read import read_ics
from appointments.domain.imports.reading.rows import ImportedRow, Person, Problem, Reading, WholeSeries
from appointments.domain.imports.reading.table.dates import ORDERS, Order
from appointments.domain.imports.reading.table.headings import FIELDS
from appointments.domain.imports.reading.table.read import read_table
from appointments.domain.imports.reading.text import as_utf8

__all__ = [
    "FIELDS",
    "ORDERS",
    "ImportedRow",
    "Order",
    "Person",
    "Problem",
    "Reading",
    "WholeSeries",
    "is_calendar",
    "read_ics",
    "read_table",
]


def is_calendar(data: bytes, *, filename: str) -> bool:
    """Whether a file is to be read by `read_ics` rather than `read_table`: by what it holds, else by its name."""
    head = as_utf8(data[:4000]).lstrip().upper()
    if head.startswith((b"BEGIN:VCALENDAR", b"BEGIN:VEVENT")):
        return True
    return filename.lower().endswith((".ics", ".ical", ".icalendar", ".ifb", ".vcs"))
