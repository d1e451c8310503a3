"""Our own sentences are said to each reader in their language; other people's words stay theirs."""

import pytest
from django.utils import translation

from appointments.domain import own_words


@pytest.mark.parametrize(
    ("kept", "indonesian"),
    [
        (own_words.CANCELLED, "Kami yang membatalkan. Carikan waktu lain bersama pelanggan."),
        (own_words.RATED % {"score": 2}, "memberi nilai 2 dari 5"),
        (own_words.RATED_OUTCOME % {"score": 5}, "hasilnya: 5 dari 5"),
        (own_words.NOW_WITH % {"name": "Sari"}, "sekarang dipegang Sari"),
        (
            own_words.NOT_DELIVERED % {"why": "There is no phone number."},
            "Tidak dapat disampaikan: Tidak ada nomor telepon.",
        ),
        (own_words.NOT_DELIVERED % {"why": "550 no such user"}, "Tidak dapat disampaikan: 550 no such user"),
        (f"{own_words.PREFERS_THE_PHONE}\nYes", "Lebih suka diberi tahu lewat telepon.\nYes"),
        ("Yes", "Yes"),
        ("", ""),
    ],
)
def test_each_line_of_ours_is_said_in_the_readers_language(kept: str, indonesian: str) -> None:
    with translation.override("id"):
        assert own_words.said(kept) == indonesian
    with translation.override("en"):
        assert own_words.said(kept) == kept


def test_a_label_that_stands_with_an_event_is_said_too() -> None:
    with translation.override("id"):
        assert own_words.noted("Nobody answered") == "Tidak ada yang mengangkat"
        assert own_words.noted("rated us 1 of 5") == "memberi nilai 1 dari 5"
        assert own_words.noted("Budi was angry") == "Budi was angry"
        assert own_words.noted("") == ""


def test_a_sentence_fills_its_gaps_and_nothing_else() -> None:
    with translation.override("id"):
        assert own_words.said("She rated us 2 of 5 in the shop") == "She rated us 2 of 5 in the shop"
