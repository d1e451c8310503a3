"""What a text says one after the other, and of whom."""

import pytest

from appointments.domain.recovery.honesty import Facts
from appointments.domain.recovery.honesty.clauses import Clauses
from appointments.domain.recovery.honesty.frames import Subject
from appointments.domain.recovery.honesty.phrases import Match
from appointments.domain.recovery.honesty.reading import In, Reading
from appointments.domain.recovery.lexicons import lexicons


def read(text: str, language: str = "en") -> In:
    own = Reading.of(text, facts=Facts(language=language), lexicons=lexicons()).own
    assert own is not None
    return own


def said(text: str, language: str = "en") -> list[tuple[str, Subject]]:
    own = read(text, language)
    return [
        (" ".join(one.word for one in own.tokens[each.first : each.last + 1]), each.subject) for each in own.clauses.all
    ]


def test_a_clause_ends_where_another_one_begins() -> None:
    assert said("We waited because you were late, and Rina left.") == [
        ("we waited", Subject.WE),
        ("because you were late", Subject.YOU),
        ("and rina left", Subject.COLLEAGUE),
    ]


@pytest.mark.parametrize(
    ("text", "language", "subject"),
    [
        ("Your stylist forgot.", "en", Subject.COLLEAGUE),
        ("Your parcel came.", "en", Subject.NOBODY),
        ("Forms lie here.", "en", Subject.NOBODY),
        ("Someone forgot.", "en", Subject.COLLEAGUE),
        ("Bapak datang.", "id", Subject.YOU),
        ("Pak sopir datang.", "id", Subject.COLLEAGUE),
        ("Kata dokter kami boleh.", "id", Subject.WE),
    ],
)
def test_it_speaks_of_the_first_person_it_names(text: str, language: str, subject: Subject) -> None:
    assert said(text, language)[0][1] == subject


def test_what_goes_on_speaks_of_the_same_person() -> None:
    assert [subject for _words, subject in said("If you are late, or forget it")] == [Subject.YOU, Subject.YOU]
    assert [subject for _words, subject in said("You are right, the map is old")] == [Subject.YOU, Subject.NOBODY]
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
