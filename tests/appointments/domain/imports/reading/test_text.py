"""Bytes become text that can be stored and shown."""

import pytest

from tests.appointments.domain.imports.reading.samples import (
    START,
    calendar,
    event,
    levels,
    read,
    row,
    said,
    summaries,
    table,
)


def test_an_older_encoding_is_read_with_a_note():
    reading = table("Name,Start\nZoë,2026-11-24 10:00".encode("cp1252"))
    assert ([row.customer_name for row in reading.rows], levels(reading)) == (["Zoë"], [(0, "note")])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_unicode_encoding_will_do(encoding):
    text = calendar(event("DTSTART:20261124T073000Z", "SUMMARY:Café für Ärzte")).decode()
    reading = read(text.encode(encoding))
    assert (summaries(reading), said(reading)) == (["Café für Ärzte"], [])


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_older_encodings_are_read_with_a_note(encoding):
    text = calendar(event("DTSTART:20261124T073000Z", "SUMMARY:Café für Ärzte")).decode()
    reading = read(text.encode(encoding))
    assert (summaries(reading), levels(reading)) == (["Café für Ärzte"], [(6, "note")])


def test_what_cannot_be_stored_is_taken_out():
    data = calendar(event(START, "SUMMARY:A@B", uid="x@y")).replace(b"A@B", b"A\x00\x07B \xed\xa0\x80 \xf0\x9f\x99\x82")
    found = read(data).rows[0]
    assert found.summary == "AB � 🙂"
    assert found.summary.encode("utf-8")


def test_huge_texts_are_cut():
    found = row("SUMMARY:" + "a" * 2_000_000, "DESCRIPTION:" + "b" * 2_000_000, "ATTENDEE;CN=" + "c" * 9999 + ":x@y")
    assert (len(found.summary), len(found.description), len(found.attendees[0].name)) == (300, 10_000, 200)
    assert found.summary.endswith("a…")


def test_a_title_is_one_line_so_that_it_is_safe_in_a_subject():
    assert row("SUMMARY:Visit\\nBcc: all@example.com").summary == "Visit Bcc: all@example.com"
