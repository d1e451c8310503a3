"""Lines of a calendar file, folded and broken in any way."""

import pytest

from tests.appointments.domain.imports.reading.samples import (
    GOOD,
    calendar,
    event,
    levels,
    read,
    said,
    starts,
    summaries,
)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n", "\n\n"])
def test_any_line_end_will_do(end):
    reading = read(calendar(GOOD).replace(b"\r\n", end.encode()))
    assert (summaries(reading), said(reading)) == (["Good"], [])


def test_line_numbers_are_those_of_an_editor_with_any_line_end():
    bad = calendar(GOOD, event("DTSTART:20171032T000000", "SUMMARY:folded\r\n  over\r\n\ttwo lines"))
    for end in (b"\n", b"\r", b"\r\n"):
        assert levels(read(bad.replace(b"\r\n", end))) == [(10, "error")]


def test_folded_lines_are_joined_even_inside_a_letter():
    text = "Café für Ärzte ".encode() * 3
    folded = b"\r\n ".join(text[at : at + 7] for at in range(0, len(text), 7))
    reading = read(calendar(event("DTSTART:20261124T073000Z", "SUMMARY:@")).replace(b"@", folded))
    assert summaries(reading) == ["Café für Ärzte Café für Ärzte Café für Ärzte"]
    assert said(reading) == []


@pytest.mark.parametrize("fold", ["\r\n ", "\n\t", "\r\r\n "])
def test_a_name_may_stand_alone_above_its_value(fold):
    data = calendar(event("DTSTART;VALUE=DATE:20261124", "SUMMARY:Check-up: teeth"))
    folded = data.replace(b":", fold.encode() + b":", 4).replace(b";VALUE", fold.encode() + b";VALUE")
    reading = read(folded.replace(b"SUMMARY:", b"SUMMARY" + fold.encode() + b":"))
    assert (summaries(reading), [row.all_day for row in reading.rows], said(reading)) == (
        ["Check-up: teeth"],
        [True],
        [],
    )


def test_text_that_was_broken_without_a_fold_is_still_text():
    lines = ("DESCRIPTION:First line", "&nbsp; second line", "Note: bring the card", "DTSTART:20261124T073000Z")
    reading = read(calendar(event(*lines)))
    assert [row.description for row in reading.rows] == ["First line\n&nbsp; second line\nNote: bring the card"]


def test_a_list_of_dates_that_was_broken_without_a_fold_is_still_a_list():
    lines = ("DTSTART:20261201T020000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261201T020000Z,", "20261202T020000Z")
    assert starts(read(calendar(event(*lines)))) == ["2026-12-03 02:00"]


@pytest.mark.parametrize("above", ["UID:x@x.example", "DTSTART:20261201T020000Z", "RRULE:FREQ=DAILY;COUNT=2"])
@pytest.mark.parametrize("broken", ["garbage without a colon", "this: is a sentence", "<b>bold</b>"])
def test_a_broken_line_costs_only_itself(above, broken):
    lines = ["UID:x@x.example", "DTSTART:20261201T020000Z", "RRULE:FREQ=DAILY;COUNT=2"]
    lines.insert(lines.index(above) + 1, broken)
    reading = read(calendar(event(*lines, uid="")))
    assert starts(reading) == ["2026-12-01 02:00", "2026-12-02 02:00"]
    assert [row.uid for row in reading.rows] == ["x@x.example"] * 2
    assert said(reading) == [(4 + lines.index(broken), "error", "This line cannot be read, so it was left out.")]
