"""What may stand in braces: names, in the language of the text or as we know them."""

import pytest

from notifications.text import placeholders


@pytest.mark.parametrize(
    ("name", "language", "known"),
    [
        ("appointment", "en", "appointment"),
        (" Appointment ", "en", "appointment"),
        ("janji_temu", "id", "appointment"),
        ("appointment", "id", "appointment"),
        ("janji_temu", "en", ""),
        ("business.name", "en", ""),
        ("", "en", ""),
    ],
)
def test_a_placeholder_is_known_by_the_name_of_its_language_and_by_ours(name: str, language: str, known: str) -> None:
    assert placeholders.meant(name, language) == known


def test_what_stands_in_braces_is_found_as_it_is_written() -> None:
    assert list(placeholders.names("{a} and { b }, {{ c }}, {% d %}, {e")) == ["a", " b ", " c ", "% d %"]


def test_each_language_calls_a_placeholder_its_own_way() -> None:
    assert [placeholders.called("when", code) for code in ("en", "id")] == ["when", "waktu"]
    assert [placeholders.is_spoken("you", code) for code in ("en", "id")] == [False, True]
