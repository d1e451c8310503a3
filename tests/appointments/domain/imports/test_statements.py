"""Whose a difference is: the file's, ours, or nobody can tell."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.statements import Difference, Said, difference, is_older, statement_of, time_there
from appointments.domain.privacy import forgetting
from appointments.models import Appointment, ImportedFile, Statement

HERE = Said(name="Putri", phone="+62811", service=1)
ROW = ImportedRow(line=2, uid="a@x.example", starts_at=datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("before", "here", "expected"),
    [
        (Said(phone="+62811"), HERE, Difference({"phone": "+62812"})),
        (Said(phone="+62812"), HERE, Difference({})),
        (Said(phone="+62810"), HERE, Difference({}, ("phone",))),
        (Said(phone="+62810"), replace(HERE, phone="+62812"), Difference({})),
        (Said(), replace(HERE, phone=""), Difference({"phone": "+62812"})),
        (Said(), HERE, Difference({}, ("phone",))),
        (None, HERE, Difference({})),
        (None, replace(HERE, phone=""), Difference({"phone": "+62812"})),
    ],
)
def test_only_what_the_file_alone_has_changed_is_taken(before: Said | None, here: Said, expected: Difference) -> None:
    assert difference(Said(phone="+62812"), before, here) == expected


@pytest.mark.parametrize("before", [Said(), Said(note="Brings her mother"), None])
def test_a_note_that_was_let_go_does_not_come_back_and_is_not_spoken_of(before: Said | None) -> None:
    said = Said(note="Comes with her mother")
    assert difference(said, before, replace(HERE, note=forgetting.NOTHING)) == Difference({})
    assert difference(said, before, HERE) == Difference({"note": said.note})


def test_what_a_file_does_not_say_takes_nothing_away() -> None:
    assert difference(Said(), HERE, HERE) == Difference({})


@pytest.mark.parametrize(
    ("sequence", "stamp", "older"),
    [
        (1, "", True),
        (3, "", False),
        (2, "", False),
        (2, "2026-11-01", True),
        (2, "2026-11-02", False),
        (2, "2026-11-03", False),
        (3, "2026-11-01", False),
        (1, "2026-11-03", True),
    ],
)
def test_sequence_tells_the_newer_one_before_the_stamp_does(sequence: int, stamp: str, older: bool) -> None:
    heard = Statement(sequence=2, stamp="2026-11-02", file_id=5)
    assert is_older(replace(ROW, sequence=sequence, stamp=stamp), heard, same_file=None) is older


@pytest.mark.parametrize(("pk", "older"), [(4, True), (5, False), (6, False)])
def test_the_very_same_file_is_older_than_what_came_after_it(pk: int, older: bool) -> None:
    assert is_older(ROW, Statement(sequence=0, file_id=5), same_file=ImportedFile(pk=pk)) is older


@pytest.mark.parametrize(("entry", "heard"), [("", "2026-11-02"), ("2026-11-02", ""), ("", "")])
def test_a_stamp_on_one_side_alone_tells_nothing(entry: str, heard: str) -> None:
    statement = Statement(sequence=0, stamp=heard, file_id=5)
    assert is_older(replace(ROW, stamp=entry), statement, same_file=ImportedFile(pk=4)) is True
    assert is_older(replace(ROW, stamp=entry), statement, same_file=ImportedFile(pk=5)) is False
    assert is_older(replace(ROW, stamp=entry), statement, same_file=None) is False


def test_the_time_there_is_the_files_and_ours_where_no_file_has_told_it() -> None:
    one = Appointment(starts_at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert time_there(one) == one.starts_at
    one.statement = Statement(said={"starts_at": "2026-12-01T07:00:00+00:00"})
    assert time_there(one) == datetime(2026, 12, 1, 7, tzinfo=UTC)
    one.statement.said = {}
    assert time_there(one) == one.starts_at


def test_what_was_said_comes_back_as_it_was() -> None:
    assert Said.of(statement_of(ROW, HERE)) == HERE
