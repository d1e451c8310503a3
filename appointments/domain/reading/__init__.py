"""Reading other people's calendars and spreadsheets: bytes in, rows and plain sentences out. No models, no database."""

from .ics import read_ics
from .rows import ImportedRow, Person, Problem, Reading

__all__ = ["ImportedRow", "Person", "Problem", "Reading", "read_ics"]
