"""What a whole letter has to hold."""

import pytest

from appointments.domain.recovery.honesty import TextKind
from tests.appointments.domain.recovery.honesty.situations import kinds

PARTS = {
    "greeting": "Dear Mr Lee,\n\n",
    "why": "the lift broke down. ",
    "choices": "Please choose another time, ",
    "until": "by 3 December, 12:00. ",
    "who": "Ask for Joko Prasetyo. ",
    "signature": "\n\nKind regards",
}


def letter(*, without: str = "") -> str:
    return "".join(words for part, words in PARTS.items() if part != without)


def test_a_letter_with_all_its_parts_is_whole() -> None:
    assert kinds(letter(), text=TextKind.LETTER) == []


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_missed(part: str) -> None:
    assert kinds(letter(without=part), text=TextKind.LETTER) == [part]


def test_a_deadline_has_a_day_or_an_hour() -> None:
    assert kinds(letter().replace("3 December, 12:00", "then"), text=TextKind.LETTER) == ["until"]


def test_where_our_names_are_known_one_of_them_has_to_be_named() -> None:
    assert kinds(letter(), text=TextKind.LETTER, colleagues=("Joko Prasetyo",)) == []
    assert kinds(letter(), text=TextKind.LETTER, colleagues=("Sari Wulandari",)) == ["who"]


def test_several_hours_are_a_choice() -> None:
    hours = letter(without="choices").replace("by 3", "Monday 9:00, 10:30 or 14:00, by 3")
    assert kinds(hours, text=TextKind.LETTER) == []


def test_the_name_of_the_business_signs_as_well() -> None:
    signed = letter(without="signature") + "\n\nBengkel Maju"
    assert kinds(signed, text=TextKind.LETTER, names=("Bengkel Maju",)) == []


def test_nothing_is_missed_in_a_language_that_we_cannot_read() -> None:
    assert kinds("Beste klant", "nl", text=TextKind.LETTER) == ["unread"]
