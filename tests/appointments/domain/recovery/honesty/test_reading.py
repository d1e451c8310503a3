"""Who is who in a text, and what is only what something is called."""

from typing import Any

import pytest

from appointments.domain.recovery.honesty import Facts
from appointments.domain.recovery.honesty.phrases import Match
from appointments.domain.recovery.honesty.reading import Reading, not_held
from appointments.domain.recovery.lexicons import lexicons


def people(text: str, language: str = "en", **known: Any) -> dict[str, str]:
    own = Reading.of(text, facts=Facts(language=language, **known), lexicons=lexicons()).own
    assert own is not None
    return {one.raw: one.person for one in own.tokens if one.person}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I asked Rina for it", {"Rina": "somebody"}),
        ("Today Dr. Maya works", {"Maya": "colleague"}),
        ("Rina waits", {"Rina": "perhaps"}),
        ("Rina knows", {"Rina": "somebody"}),
        ("Rina's scissors", {"Rina's": "somebody"}),
        ("Dear Mr Lee, hello", {"Lee": "customer"}),
        ("See you on Monday", {}),
    ],
)
def test_names_are_seen(text: str, expected: dict[str, str]) -> None:
    assert people(text) == expected


def test_whom_we_know_is_known() -> None:
    text = "Then Rina told Budi of it"
    assert people(text, colleagues=("Rina Wati",), customer="Budi Santoso") == {"Rina": "colleague", "Budi": "customer"}


def test_a_customer_with_the_name_of_a_colleague_is_the_customer() -> None:
    assert people("Then Rina knows", colleagues=("Rina Wati",), customer="Rina Dewi") == {"Rina": "customer"}


def test_a_service_is_no_word_of_its_sentence() -> None:
    reading = Reading.of("Your Flu Care visit", facts=Facts(language="en", names=("Flu care",)), lexicons=lexicons())
    assert reading.own is not None
    assert [one.raw for one in reading.own.tokens if one.is_named] == ["Flu", "Care"]


def test_there_is_no_own_reading_of_a_language_without_words() -> None:
    assert Reading.of("Hallo", facts=Facts(language="nl"), lexicons=lexicons()).own is None


def test_what_lies_in_another_match_is_taken_back() -> None:
    found = [Match(0, 0), Match(2, 3), Match(5, 7)]
    assert not_held(found, by=[Match(1, 3), Match(5, 6)]) == [Match(0, 0), Match(5, 7)]
    assert not_held(found, by=[]) == found
