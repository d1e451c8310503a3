"""Another language than the customer's."""

import pytest

from tests.appointments.domain.recovery.honesty.situations import found, kinds, words


def test_a_sentence_in_another_language_is_seen_as_a_whole() -> None:
    (finding,) = found("We are sorry. Mohon maaf atas perubahan ini.")
    assert (finding.about, finding.words) == ("id", "Mohon maaf atas perubahan ini")


@pytest.mark.parametrize(
    "text", ["USG dan medical check up Bapak di hari yang sama.", "Booking-nya sudah kami reschedule.", "Bella, Sita"]
)
def test_the_words_of_a_trade_belong_to_no_language(text: str) -> None:
    assert kinds(text, "id") == []


def test_a_name_does_not_either() -> None:
    assert kinds("Selamat Pagi Untuk Semua is where you find us.", names=("Selamat Pagi Untuk Semua",)) == []


def test_who_writes_to_customers_of_several_languages_may_write_in_any() -> None:
    assert words("We are sorry. Mohon maaf atas perubahan ini.", "") == []


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("Mohon maaf. Thank goodness.", False),
        ("Mohon maaf. Thank you.", True),
        ("Please choose yang the best.", False),
        ("Please choose the best of our times yang.", True),
        ("Gedung tinggi of", False),
        ("Gedung tinggi bertingkat the", True),
    ],
)
def test_so_many_common_words_make_a_sentence_foreign(text: str, is_foreign: bool) -> None:
    assert ("language" in kinds(text, "id")) is is_foreign
