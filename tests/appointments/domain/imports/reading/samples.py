"""Small calendars and tables for tests, and what is compared of their readings."""

from datetime import date, datetime
from typing import Any

from appointments.domain.imports.reading import ImportedRow, Reading, read_ics, read_table

WINDOW = (date(2026, 11, 1), date(2027, 6, 30))
START = "DTSTART:20261124T073000Z"
MORNING = "DTSTART;TZID=Asia/Jakarta:20261201T090000"


def event(*lines: str, uid: str = "visit-1@example.com") -> str:
    parts = ["BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), *lines, "END:VEVENT"]
    return "\r\n".join(parts) + "\r\n"


def calendar(*parts: str, head: tuple[str, ...] = ()) -> bytes:
    """Line 1 is BEGIN:VCALENDAR, line 2 VERSION, then the lines of `head`."""
    top = "".join(f"{line}\r\n" for line in ("BEGIN:VCALENDAR", "VERSION:2.0", *head))
    return (top + "".join(parts) + "END:VCALENDAR\r\n").encode()


def read(
    data: bytes | str, *, zone: str = "Asia/Jakarta", window: tuple[date, date] = WINDOW, **options: Any
) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return read_ics(raw, default_zone=zone, window=window, **options)


def table(data: bytes | str, *, zone: str = "Asia/Jakarta", **options: Any) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return read_table(raw, filename="bookings.csv", default_zone=zone, **options)


def shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def starts(reading: Reading) -> list[str]:
    return [shown(row.starts_at) for row in reading.rows]


def times(reading: Reading) -> list[tuple[str, str]]:
    return [(shown(row.starts_at), shown(row.ends_at)) for row in reading.rows]


def said(reading: Reading) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.level, str(problem.message)) for problem in reading.problems]


def levels(reading: Reading) -> list[tuple[int, str]]:
    return [(problem.line, problem.level) for problem in reading.problems]


def summaries(reading: Reading) -> list[str]:
    return [row.summary for row in reading.rows]


def row(*lines: str) -> ImportedRow:
    """The one row of a calendar with one entry of these lines."""
    return read(calendar(event(START, *lines))).rows[0]


GOOD = event("DTSTART:20261124T073000Z", "SUMMARY:Good", uid="good")
