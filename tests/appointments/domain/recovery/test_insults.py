"""What a colleague need not read unprepared, and what is only a complaint."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from appointments.domain.recovery.insults import insults, masked


@pytest.mark.parametrize(
    "text",
    [
        "You are all IDIOTS.",
        "This is fucking unbelievable",
        "Go to  hell!",
        "You're stupid, and so is your boss",
        "I'll kill you",
        "Dasar bodoh!",
        "kalian semua GOBLOK",
        "Anjing kamu!",
        "Pelayanan macam apa ini, bangsat.",
    ],
)
def test_insults_and_threats_of_every_language_are_known(text: str) -> None:
    assert insults(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I waited forty minutes and nobody told me anything. This is not acceptable!",
        "I am furious. You moved me three times.",
        "Stupid me, I mixed up the days.",
        "My dog is a shih tzu and needs his shot.",
        "The class was a massage; I live in Scunthorpe.",
        "I will regret missing it.",
        "Anjing saya sakit sejak kemarin, babi guling juga tidak mau dimakan.",
        "Saya kecewa sekali, sudah menunggu satu jam.",
        "Maaf, saya yang bodoh, salah lihat jadwal.",
        "Begonia di ruang tunggu layu.",
        "Tolong jangan pindahkan lagi.",
    ],
)
def test_a_complaint_is_no_insult(text: str) -> None:
    assert not insults(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("You are all IDIOTS. I waited an hour.", "You are all …. I waited an hour."),
        ("You fucking moved me three times!", "You … moved me three times!"),
        ("You\u2019re stupid, and late", "…, and late"),
        ("youre stupid", "…"),
        ("Anjing kamu, saya menunggu satu jam", "…, saya menunggu satu jam"),
        ("Nobody told me.", "Nobody told me."),
    ],
)
def test_what_it_is_about_can_be_read_without_the_insult(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_file_that_cannot_be_read_says_so(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "insults.toml").write_text("words = []", encoding="utf-8")
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(ImproperlyConfigured, match=r"insults\.toml"):
        insults("anything")


def test_a_language_without_a_file_has_none(settings: Any, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    assert not insults("You idiot!")
