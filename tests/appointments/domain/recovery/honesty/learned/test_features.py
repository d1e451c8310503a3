"""What the second reader weighs of a sentence."""

from typing import Any

import pytest

from appointments.domain.recovery.honesty import Facts
from appointments.domain.recovery.honesty.learned.features import Sentence, bucket, parts, sentences
from appointments.domain.recovery.honesty.reading import Reading
from tests.appointments.domain.recovery.honesty.situations import by_rules


def of(text: str, **known: Any) -> list[Sentence]:
    reading = Reading.of(text, facts=Facts(language="en", **known), lexicons=by_rules())
    assert reading.own is not None
    return sentences(reading.own, reading.bare)


def has(sentence: Sentence, group: str, said: str) -> bool:
    return bucket(group, said) in sentence.features[group]


def test_words_stand_alone_beside_their_neighbours_and_around_one_another() -> None:
    [one] = of("Leave your purse at home.")

    assert all(has(one, "words", said) for said in ("purse", "your purse", "^ leave your", "at home $.", "your _ at"))
    assert not has(one, "words", "leave purse")


def test_each_knows_the_words_it_stands_in() -> None:
    first, second = of("Come at ten. Leave your purse at home.")

    assert (first.first, first.last, second.first, second.last) == (0, 2, 3, 7)
    assert second.features["words"][bucket("words", "your purse")] == (4, 5)
    assert second.features["words"][bucket("words", "^ leave")] == (3, 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ask Andrew.", "Ask Miriam."), ("Come at 10.", "Come at 11.")],
)
def test_names_and_numbers_are_all_alike(one: str, other: str) -> None:
    assert of(one)[0].features == of(other)[0].features


def test_the_customer_is_nobody_of_ours() -> None:
    ours, theirs = of("I asked Andrew about it."), of("I asked Andrew about it.", customer="Andrew")

    assert has(ours[0], "words", "<name>")
    assert has(theirs[0], "words", "<customer>")


def test_a_question_is_another_sentence() -> None:
    assert has(of("Was it late?")[0], "words", "late $?")
    assert not has(of("Was it late.")[0], "words", "late $?")


def test_stems_stand_alone_in_a_row_and_near_one_another() -> None:
    [one] = of("Moving it costs nothing at all.")

    assert all(has(one, "stems", said) for said in ("mov", "mov it cost", "mov ~ cost", "mov ~ at"))
    assert not any(has(one, "stems", said) for said in ("moving", "mov ~ it", "mov ~ all"))


def test_a_misspelt_word_shares_most_of_its_parts() -> None:
    assert len(set(parts("hospital")) & set(parts("hosptial"))) > 6
    assert not set(parts("hospital")) & set(parts("queue"))


def test_lists_count_with_whom_their_clause_speaks_of() -> None:
    [one] = of("We refund the fee.")

    assert has(one, "lists", "money.say")
    assert has(one, "lists", "money.say we")
    assert not has(one, "lists", "money.say you")


def test_nothing_written_has_no_sentence() -> None:
    assert of("!?") == []
