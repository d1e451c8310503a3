"""The check as a whole: what is found where, how grave it is, and what it costs."""

import time

import pytest

from appointments.domain.recovery.honesty import Gravity, Kind, TextKind
from tests.appointments.domain.recovery.honesty.situations import found, kinds


def test_a_finding_stands_on_the_words_of_the_text() -> None:
    text = "Dr. Maya is ill, so I looked for Thursday first."

    (finding,) = found(text)

    assert (finding.kind, finding.gravity, finding.words) == (Kind.HEALTH, Gravity.REFUSED, "ill")
    assert text[finding.start : finding.end] == "ill"


def test_findings_come_in_the_order_of_the_text() -> None:
    assert kinds("Tomorrow you get a voucher, it will definitely help!!") == ["stale", "money", "certainty", "shouting"]


def test_what_must_not_leave_is_found_in_whatever_language_it_is() -> None:
    assert kinds("Dokter kami sedang sakit.") == ["language", "health"]


def test_an_empty_text_has_nothing_wrong() -> None:
    assert kinds("  \n", text=TextKind.LETTER) == []


def test_a_line_needs_neither_greeting_nor_reason() -> None:
    assert kinds("I have asked for a Thursday.") == []
    assert kinds("I have asked for a Thursday.", text=TextKind.LETTER) != []


def test_colleagues_may_write_anything_but_what_is_about_health() -> None:
    assert kinds("Tomorrow FREE for {name}, definitely!!", text=TextKind.NOTE) == []
    assert kinds("Maya is sick", text=TextKind.NOTE) == ["health"]


def test_a_language_without_words_is_checked_for_what_needs_none() -> None:
    findings = found("Beste {naam}, KOMT VANDAAG!!", "nl")

    assert [one.kind for one in findings] == [Kind.UNREAD, Kind.PLACEHOLDER, Kind.SHOUTING, Kind.SHOUTING]
    assert (findings[0].gravity, findings[0].about) == (Gravity.SAID, "nl")


@pytest.mark.parametrize("part", ["a", "a ", "you forgot ", "{", "[x", "!", "A", "Rp", "1", ".", "X_", "%", "\n", "'"])
def test_no_text_takes_long_whatever_it_is_made_of(part: str) -> None:
    text = part * (100_000 // len(part))
    before = time.process_time()

    found(text, text=TextKind.LETTER)

    assert time.process_time() - before < 8


def test_a_line_takes_two_milliseconds_at_the_most() -> None:
    line = "I have asked for a Thursday, as you like it, and kept the chair by the window for you. See you then, Sari"
    found(line)
    before = time.process_time()

    for _ in range(50):
        found(line)

    assert (time.process_time() - before) / 50 < 0.002
