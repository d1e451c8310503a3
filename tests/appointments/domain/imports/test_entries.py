"""Our updates reach the entry that the customer's calendar has, or one of our own: never somebody else's."""

from dataclasses import replace

import pytest

from appointments.domain.booking import NEW_ENTRY, CalendarEntry
from appointments.domain.imports.entries import HIGHEST_SEQUENCE, entry_of
from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.reading.rows import Person, bounded_uid, derived_uid
from tests.clock import at

ROW = ImportedRow(
    line=1, uid="s@trial.example", starts_at=at("2027-04-05 10:00"), sequence=5,
    organizer=Person(email="book@trial.example"),
)  # fmt: skip


def told(row: ImportedRow) -> tuple[object, ...]:
    entry = entry_of(row, known=())
    return entry.uid, entry.recurrence_id, entry.sequence, entry.organizer


def test_an_entry_keeps_its_name_its_sequence_and_its_organizer() -> None:
    assert told(ROW) == ("s@trial.example", None, 5, "book@trial.example")
    assert told(replace(ROW, organizer=None)) == ("s@trial.example", None, 5, "")


def test_a_date_of_a_series_is_that_date() -> None:
    assert told(replace(ROW, recurrence_id="20270405T030000Z"))[:2] == ("s@trial.example", at("2027-04-05 10:00"))


@pytest.mark.parametrize("uid", ["A1", "1" * 19, derived_uid("x"), bounded_uid("long@" + "x" * 300)])
def test_what_may_be_somebody_elses_name_too_is_not_taken(uid: str) -> None:
    assert told(replace(ROW, uid=uid)) == ("", None, 0, "")


def test_a_long_name_without_an_at_is_one_for_the_whole_world() -> None:
    assert told(replace(ROW, uid="4088E990AD89CB3DBB484909"))[0] == "4088E990AD89CB3DBB484909"
    assert told(replace(ROW, uid="1" * 20))[0] == "1" * 20


def test_a_whole_day_of_a_series_gets_an_entry_of_our_own() -> None:
    assert entry_of(replace(ROW, recurrence_id="20270405"), known=()) == NEW_ENTRY


def test_no_entry_is_given_twice_whatever_its_sequence() -> None:
    known = {CalendarEntry("s@trial.example", None, 1)}
    assert entry_of(ROW, known=known) == NEW_ENTRY
    assert entry_of(replace(ROW, recurrence_id="20270405T030000Z"), known=known) != NEW_ENTRY


def test_there_is_room_left_for_our_own_moves() -> None:
    assert entry_of(replace(ROW, sequence=2**31 - 1), known=()).sequence == HIGHEST_SEQUENCE < 2**31 - 1_000_000
