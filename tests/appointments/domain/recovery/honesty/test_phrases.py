"""Phrases as the lists write them, and where they stand."""

import pytest

from appointments.domain.recovery.honesty.phrases import Match, Phrases
from appointments.domain.recovery.honesty.tokens import Token, tokens

LISTS = {"who": ["doctor*", "nurse"], "all": ["@who", "team"]}


def read(text: str, *, people: tuple[str, ...] = ()) -> list[Token]:
    made = tokens(text, short={}, titles=frozenset())
    for one in made:
        one.person = "somebody" if one.word in people else ""
    return made


def stands(phrase: str, text: str, *, people: tuple[str, ...] = ()) -> bool:
    phrases = Phrases()
    phrases.add("list", [phrase], LISTS)
    return bool(phrases.find(read(text, people=people)))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("refund*", "two refunds"),
        ("a/an hour", "in an hour"),
        ("not very? sure", "not sure"),
        ("not very? sure", "not very sure"),
        ("you ~ forgot", "you forgot"),
        ("you ~ forgot", "you have just now forgot"),
        ("# off", "20 off"),
        ("@who is", "our doctors is"),
        ("@all is", "the team is"),
        ("@name forgot", "rina forgot"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert stands(phrase, text, people=("rina",))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("refund", "refunds"),
        ("you ~ forgot", "you aa bb cc dd forgot"),
        ("you ~ forgot", "you left. forgot"),
        ("you forgot", "you. forgot"),
        ("# off", "some off"),
        ("@who is", "team is"),
        ("@name forgot", "and forgot"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not stands(phrase, text)


def test_the_longest_way_counts_and_each_list_for_itself() -> None:
    phrases = Phrases()
    phrases.add("one", ["sick", "sick leave"], {})
    phrases.add("two", ["leave"], {})

    assert phrases.find(read("sick leave")) == {"one": [Match(0, 1)], "two": [Match(1, 1)]}


def test_what_something_is_called_says_nothing_else() -> None:
    phrases = Phrases()
    phrases.add("list", ["flu"], {})
    (token,) = read("flu")
    token.is_named = True

    assert phrases.find([token]) == {}


@pytest.mark.parametrize("phrase", ["~ forgot", "very? sure", "@nobody is", ""])
def test_a_phrase_that_cannot_be_looked_for_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"must begin with a word|there is no list"):
        Phrases().add("list", [phrase], LISTS)


def test_phrases_of_one_word_are_told_apart() -> None:
    assert Phrases().add("list", ["flu/fever", "sick*", "off sick"], {}) == {"flu", "fever", "sick"}
