"""Health counts by whom it is said of."""

import pytest

from tests.appointments.domain.recovery.honesty.situations import kinds

HEALTH = ["health"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The doctor is ill.", "en"),
        ("Your stylist is ill.", "en"),
        ("I am ill.", "en"),
        ("Because of an illness we are closed.", "en"),
        ("Dokternya sakit, Bu.", "id"),
        ("Dokter gigi kami demam.", "id"),
        ("Maaf, saya sakit.", "id"),
        ("Her son has a fever.", "en"),
        ("dokternya s4kit", "id"),
        ("dokternya skait", "id"),
    ],
)
def test_a_colleagues_health_is_seen(text: str, language: str) -> None:
    assert kinds(text, language) == HEALTH


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Is your tooth still in pain?", "en"),
        ("If you are ill, tell us.", "en"),
        ("The doctor looks after your infection.", "en"),
        ("We treat migraine and back pain.", "en"),
        ("Your flu vaccination is ready.", "en"),
        ("Semoga demamnya sudah turun.", "id"),
        ("Perawat mengukur tensi Bapak.", "id"),
        ("Rumah sakit kami buka jam tujuh.", "id"),
        ("Obat sakit kepala boleh diminum.", "id"),
    ],
)
def test_a_customers_is_theirs_to_speak_of(text: str, language: str) -> None:
    assert kinds(text, language) == []


def test_what_a_service_is_called_is_no_detail() -> None:
    assert kinds("Our nurse does the Flu clinic.", names=("Flu clinic",)) == []
    assert kinds("Our nurse has the flu.", names=("Flu clinic",)) == HEALTH


def test_whoever_is_named_counts_as_what_they_are() -> None:
    assert kinds("Then Budi had an operation.", customer="Budi Santoso") == []
    assert kinds("Then Budi had an operation.", colleagues=("Budi Santoso",)) == HEALTH
