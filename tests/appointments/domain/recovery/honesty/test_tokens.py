"""Words with their places and sentences, in the forms in which a list may know them."""

import pytest

from appointments.domain.recovery.honesty.tokens import SHORT_LINE, Token, plain, tokens

SHORT = {"n't": ("not",), "can't": ("can", "not"), "'ll": ("will",), "yg": ("yang",), "*2": ("*", "*")}


def read(text: str) -> list[Token]:
    return tokens(text, short=SHORT, titles=frozenset({"dr"}), endings=("nya",))


def said(text: str) -> list[str]:
    return [one.word for one in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The doctor’s late", ["the", "doctor", "late"]),
        ("didn't can't she'll", ["did", "not", "can", "not", "she", "will"]),
        ("yg CUMA2", ["yang", "cuma", "cuma"]),
        ("50rb 2nd", ["50", "rb", "2", "nd"]),
        ("s.a.k.i.t now", ["sakit", "now"]),
        ("s\u200baki\u00adt", ["sakit"]),
        ("sooooo", ["so"]),
        ("Café", ["cafe"]),
    ],
)
def test_words_are_read_as_they_are_meant(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_a_word_is_also_known_without_its_ending_and_with_letters_for_figures() -> None:
    assert [one.forms for one in read("dokternya s4kit ianya")] == [
        ("dokternya", "dokter"), ("s4kit", "sakit"), ("ianya",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Maya left. Go on", [0, 0, 0, 1, 1]),
        ("a: b", [0, 1]),
        ("at 14.30 today", [0, 0, 0, 0]),
        ("short\nline", [0, 1]),
        (f"{'a' * SHORT_LINE}\nwrapped", [0, 0]),
        (f"{'a' * (SHORT_LINE - 1)}\nended", [0, 1]),
        ("one\n\ntwo", [0, 1]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[int]) -> None:
    assert [one.sentence for one in read(text)] == sentences


def test_a_word_knows_its_place_and_whether_it_begins_a_sentence() -> None:
    first, second = read("Hello there")

    assert (second.start, second.end) == (6, 11)
    assert (first.is_first, second.is_first) == (True, False)


def test_letters_are_plain() -> None:
    assert plain("HÉLLO’S") == "hello's"
