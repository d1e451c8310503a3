"""Which word a slip of the finger was meant to be."""

import pytest

from appointments.domain.recovery.honesty.spelling import Misspelt, is_slip


@pytest.mark.parametrize("typed", ["hopsital", "hospitl", "hosspital", "hospitel"])
def test_a_slip_is_understood(typed: str) -> None:
    assert Misspelt(["hospital"]).meant(typed) == "hospital"


@pytest.mark.parametrize("typed", ["hospital", "hotel", "capital", "ospital", "hospitality", "hopsitla"])
def test_a_word_of_its_own_is_left_alone(typed: str) -> None:
    assert Misspelt(["hospital"]).meant(typed) == ""


def test_real_words_are_not_taken_for_slips() -> None:
    assert Misspelt(["fever"], but=["fevers"]).meant("fevers") == ""


def test_short_words_are_not_guessed() -> None:
    assert Misspelt(["sick"]).meant("sikc") == ""


def test_another_letter_counts_in_long_words_only() -> None:
    assert is_slip("injered", "injured")
    assert not is_slip("demak", "demam")
    assert not is_slip("cleaning", "clearing!")
