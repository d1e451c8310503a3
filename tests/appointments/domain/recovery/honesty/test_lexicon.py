"""A language's file, made ready to be looked for."""

from typing import Any

import pytest

from appointments.domain.recovery.honesty.lexicon import Lexicon, read

FILE: dict[str, Any] = {
    "language": ["The"],
    "before_day": ["the"],
    "short": {"yg": "yang"},
    "people": {"colleague": ["doctor*"], "you": ["you"]},
    "money": {"say": ["refund*", "@you get money"]},
    "real_words": ["refunt"],
}


def lexicon(**changes: Any) -> Lexicon:
    return read("xx", FILE | changes, months=["December", "Dec"], days=["Monday"])


def test_words_are_plain_and_roles_are_known() -> None:
    made = lexicon()

    assert made.words["language"] == {"the"}
    assert made.short == {"yg": ("yang",)}
    assert made.roles("doctors") == {"colleague"}
    assert made.roles("chair") == frozenset()
    assert made.days == {"monday"}


def test_slips_are_known_of_what_must_not_get_through() -> None:
    assert lexicon().misspelt.meant("refnud") == "refund"
    assert lexicon().misspelt.meant("refunt") == ""


@pytest.mark.parametrize(
    "day", ["3 December", "3rd of Dec", "December 3", "the 3rd", "3/12", "3.12.2026", "2026-12-03"]
)
def test_a_day_with_its_number_is_a_date(day: str) -> None:
    assert lexicon().date.search(f"come {day} please")


@pytest.mark.parametrize("words", ["Monday", "10.30", "the chair", "at 3", "in December"])
def test_everything_else_is_none(words: str) -> None:
    assert lexicon().date.search(words) is None


def test_a_phrase_that_names_an_unknown_list_is_refused_with_its_table() -> None:
    with pytest.raises(ValueError, match=r"money: there is no list @nobody"):
        lexicon(money={"say": ["@nobody pays"]})
