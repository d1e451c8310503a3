"""What whoever wrote a text is told about it."""

import pytest
from django.utils import translation

from appointments.domain.recovery import remarks
from appointments.domain.recovery.honesty import SOUNDS, Finding, Kind
from appointments.domain.recovery.honesty.learned.weights import KINDS
from appointments.domain.recovery.honesty.rules.cause import NOT_FOR_FAMILY


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_finding_is_explained_in_every_language(kind: Kind, language: str) -> None:
    abouts = list(NOT_FOR_FAMILY) if kind == Kind.CAUSE else ["id"]
    with translation.override(language):
        for about in abouts:
            said = remarks.said(Finding(0, 4, kind, "Halo", about), reads="en")
            assert said.endswith(".")
            assert "%(" not in said


def test_the_words_stand_in_the_sentence() -> None:
    assert remarks.said(Finding(0, 5, Kind.STALE, "today")) == (
        "“today” is another day when it is read later. Write the date beside it."
    )
    assert remarks.said(Finding(0, 4, Kind.LANGUAGE, "Halo", "id"), reads="en") == (
        "“Halo” is Indonesian, and the customer reads English. Write it in that language."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_sounds_like_it_is_said_to_be_read_again(kind: Kind) -> None:
    said = remarks.said(Finding(0, 5, kind, "purse", SOUNDS))

    assert said.startswith("Read “purse” again: it sounds ")
    assert said != remarks.said(Finding(0, 5, kind, "purse"))
    with translation.override("id"):
        assert remarks.said(Finding(0, 5, kind, "dompet", SOUNDS)).startswith("Coba baca lagi “dompet”: ")


def test_it_is_said_in_the_language_of_whoever_wrote() -> None:
    with translation.override("id"):
        assert remarks.said(Finding(0, 5, Kind.STALE, "besok")) == (
            "“besok” menjadi hari lain kalau baru dibaca kemudian. Tulis tanggalnya di sebelahnya."
        )
