"""What an imported row is in the calendar of its customer, so that our updates reach the entry that is there."""

from collections.abc import Collection
from datetime import datetime

from appointments.domain.booking import NEW_ENTRY, CalendarEntry
from appointments.domain.imports.reading import ImportedRow

HIGHEST_SEQUENCE = 2_000_000_000
"""Of what comes in: below what a column and a calendar can hold (2³¹ − 1), room is left for our own moves."""


def entry_of(row: ImportedRow, *, known: Collection[CalendarEntry]) -> CalendarEntry:
    """A new one where the file's name for it may be somebody else's too, is in use here (`known`), or where the date of
    its series is a whole day.
    """
    if not row.has_own_uid:
        return NEW_ENTRY
    date = date_of(row)
    if row.recurrence_id and date is None:
        return NEW_ENTRY
    organizer = row.organizer.email if row.organizer else ""
    entry = CalendarEntry(row.uid, date, sequence_of(row), organizer)
    return NEW_ENTRY if entry in known else entry


def date_of(row: ImportedRow) -> datetime | None:
    """When its series first planned this date; None for what is no date of a series, or a whole day."""
    try:
        return datetime.strptime(row.recurrence_id, "%Y%m%dT%H%M%S%z")
    except ValueError:
        return None


def sequence_of(row: ImportedRow) -> int:
    return min(row.sequence, HIGHEST_SEQUENCE)
