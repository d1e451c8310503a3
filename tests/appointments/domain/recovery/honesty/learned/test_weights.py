"""What is learned is kept in one file for each language."""

import pytest

from appointments.domain.recovery.honesty.learned.weights import BUCKETS, KINDS, Of, Weights
from appointments.domain.recovery.lexicons import lexicons

SMALL = 500_000


def table(**said: int) -> memoryview:
    made = bytearray(BUCKETS)
    for at, weight in said.items():
        made[int(at.removeprefix("b"))] = weight % 256
    return memoryview(bytes(made)).cast("b")


def test_what_is_written_is_read() -> None:
    of = {kind: Of(table(b3=-5, b4=100), 0.5, -1.0, 2.0, -3.0) for kind in KINDS}

    read = Weights.read(Weights(of, "these texts").written())

    assert read.learned_from == "these texts"
    for kind in KINDS:
        one = read.of[kind]
        assert (one.table[2], one.table[3], one.table[4]) == (0, -5, 100)
        assert (one.scale, one.bias, one.heard, one.overruled) == (0.5, -1.0, 2.0, -3.0)


@pytest.mark.parametrize("data", [b"", b"{}\nx", b"no\nweights", b'{"kinds": {}}\n'])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Weights.read(data)


def test_a_file_of_other_features_is_refused() -> None:
    of = {kind: Of(table()[:-1], 1.0, 0.0, 0.0, 0.0) for kind in KINDS}
    with pytest.raises(ValueError, match="other features"):
        Weights.read(Weights(of).written())


@pytest.mark.parametrize("language", ["en", "id"])
def test_both_languages_have_learned_and_little_to_carry(language: str) -> None:
    weights = lexicons()[language].weights

    assert weights is not None
    assert set(weights.of) == set(KINDS)
    assert len(weights.written()) < SMALL
    assert all(of.overruled <= of.heard for of in weights.of.values())
