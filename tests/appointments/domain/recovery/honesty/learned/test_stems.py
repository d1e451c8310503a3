"""Words that are built of the same stem weigh alike."""

import pytest

from appointments.domain.recovery.honesty.learned.stems import rounds_of, stem_of
from appointments.domain.recovery.lexicons import lexicons

ROUNDS = rounds_of([["-ing", "-ed"], ["un-"], ["-e"]])


@pytest.mark.parametrize(
    ("word", "stem"),
    [("moving", "mov"), ("moved", "mov"), ("move", "mov"), ("unmoved", "mov"), ("stopped", "stop"), ("thing", "thing")],
)
def test_each_round_takes_one_off_and_leaves_enough(word: str, stem: str) -> None:
    assert stem_of(word, ROUNDS) == stem


def test_the_first_that_fits_comes_off() -> None:
    assert stem_of("kindnesses", rounds_of([["-esses", "-es"]])) == "kindn"
    assert stem_of("kindnesses", rounds_of([["-es", "-esses"]])) == "kindnes"


@pytest.mark.parametrize("part", ["ing", "-", "", "-in-"])
def test_what_comes_off_neither_end_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="begin or to end"):
        rounds_of([["-ed", part]])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("refund", "refunds", "refunded", "refunding")),
        ("en", ("waive", "waived", "waiving", "waives")),
        ("id", ("bayar", "bayarnya", "dibayar", "dibayarkan", "membayar")),
    ],
)
def test_the_languages_know_how_their_words_are_built(language: str, words: tuple[str, ...]) -> None:
    assert len({lexicons()[language].stem(word) for word in words}) == 1
