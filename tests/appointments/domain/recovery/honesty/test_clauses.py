"""What a text says one after the other, and of whom."""

import pytest

from appointments.domain.recovery.honesty import Facts
from appointments.domain.recovery.honesty.clauses import Clauses
from appointments.domain.recovery.honesty.frames import Agent
from appointments.domain.recovery.honesty.phrases import Match
from appointments.domain.recovery.honesty.reading import In, Reading
from appointments.domain.recovery.lexicons import lexicons


def read(text: str, language: str = "en") -> In:
    own = Reading.of(text, facts=Facts(language=language), lexicons=lexicons()).own
    assert own is not None
    return own


def said(text: str, language: str = "en") -> list[tuple[str, Agent]]:
    own = read(text, language)
    return [
        (" ".join(one.word for one in own.tokens[each.first : each.last + 1]), each.agent) for each in own.clauses.all
    ]


def test_a_clause_ends_where_another_one_begins() -> None:
    assert said("We waited because you were late, and Rina left.") == [
        ("we waited", Agent.WE),
        ("because you were late", Agent.YOU),
        ("and rina left", Agent.COLLEAGUE),
    ]


@pytest.mark.parametrize(
    ("text", "language", "agent"),
    [
        ("Your stylist forgot.", "en", Agent.COLLEAGUE),
        ("Your parcel came.", "en", Agent.NOBODY),
        ("Forms lie here.", "en", Agent.NOBODY),
        ("Someone forgot.", "en", Agent.COLLEAGUE),
        ("Bapak datang.", "id", Agent.YOU),
        ("Pak sopir datang.", "id", Agent.COLLEAGUE),
        ("Kata dokter kami boleh.", "id", Agent.WE),
    ],
)
def test_it_speaks_of_the_first_person_it_names(text: str, language: str, agent: Agent) -> None:
    assert said(text, language)[0][1] == agent


def test_what_goes_on_speaks_of_the_same_person() -> None:
    assert [agent for _words, agent in said("If you are late, or forget it")] == [Agent.YOU, Agent.YOU]
    assert [agent for _words, agent in said("You are right, the map is old")] == [Agent.YOU, Agent.NOBODY]
    assert [one.scope for one in read("If you are late, or forget it").clauses.all] == [0, 0]


def test_a_question_is_known() -> None:
    own = read("Rina is here. Are you?")

    assert [own.clauses.is_asked(token) for token in own.tokens] == [False, False, False, True, True]


def test_a_very_long_text_is_cut_into_clauses() -> None:
    own = read("you and " * 200)

    assert max(one.first - one.scope for one in own.clauses.all) <= 40
    assert own.clauses.of(Match(399, 399)).last == 399


def test_a_text_without_words_has_none() -> None:
    assert Clauses("...", [], lexicons()["en"]).all == []
