"""What a file is not is said before anything of it is read."""

import pytest

from tests.appointments.domain.imports.reading.samples import calendar, event, read, said


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"<!doctype html><p>Sign in", "This is a web page, not a calendar file. Please download the calendar's .ics"),
        (b"PK\x03\x04", "This is a spreadsheet, not a calendar file. Please save it as CSV and import that."),
        (b"Name,Date\n", "This is not a calendar file (.ics): no calendar begins in it."),
    ],
)
def test_another_kind_of_file_is_named(data: bytes, sentence: str) -> None:
    ((line, level, message),) = said(read(data))
    assert (line, level) == (0, "error")
    assert message.startswith(sentence)


def test_other_entries_are_counted_where_they_begin() -> None:
    todo = "BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\n"
    reading = read(calendar(todo, event("DTSTART:20261124T073000Z"), todo))
    assert said(reading) == [(3, "note", "Only appointments are imported; left out were tasks: 2.")]
    assert len(reading.rows) == 1
