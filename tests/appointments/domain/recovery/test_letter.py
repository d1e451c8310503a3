"""What the customer wrote, taken apart; what we answer, put together."""

import pytest

from appointments.domain.recovery import letter
from appointments.models import CasePoint
from tests.factories import Clinic, RecoveryCaseFactory


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("Nobody told me. Who pays?", ["Nobody told me.", "Who pays?"]),
        ("I came at 9.30 and waited!\n\n- And again\n- And again", ["I came at 9.30 and waited!", "- And again"]),
        ("Kok pindah lagi?? Saya sudah ambil cuti.", ["Kok pindah lagi??", "Saya sudah ambil cuti."]),
        ("  ok. :) ", []),
        ("", []),
    ],
)
def test_sentences_and_lines_are_points(words: str, points: list[str]) -> None:
    assert letter.sentences(words) == points


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sorry"),
    [
        ("en", "It is our responsibility, and we are sorry."),
        ("id", "Ini tanggung jawab kami, dan kami mohon maaf."),
    ],
)
def test_the_letter_says_what_it_cost_whose_doing_and_every_answer(melati: Clinic, language: str, sorry: str) -> None:
    melati.customer.language = language
    melati.customer.save()
    case = RecoveryCaseFactory(appointment=melati.booked(), cost="You took a day off.", apology=3)
    points = [CasePoint(reply="We pay."), CasePoint(reply=""), CasePoint(reply="We phone on Monday.")]

    assert letter.letter(case, points) == f"You took a day off.\n\n{sorry}\n\nWe pay.\n\nWe phone on Monday."


@pytest.mark.django_db
def test_where_nothing_went_wrong_there_is_only_the_answer(melati: Clinic) -> None:
    case = RecoveryCaseFactory(appointment=melati.booked(), concern="nothing")
    assert letter.letter(case, [CasePoint(reply="We open at eight.")]) == "We open at eight."
