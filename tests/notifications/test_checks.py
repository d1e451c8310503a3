"""`manage.py check` tells what a language lacks."""

from pathlib import Path
from typing import Any

from notifications.checks import check_languages
from tests.languages import add_dutch


def found() -> list[tuple[str, str]]:
    return [(message.id or "", str(message.msg)) for message in check_languages(None)]


def test_our_own_languages_lack_nothing() -> None:
    assert found() == []


def test_a_language_that_has_only_begun_is_named_with_what_it_lacks(settings: Any) -> None:
    add_dutch(settings)

    assert found() == [
        (
            "notifications.W002",
            "The language “nl” has no texts for acknowledgement, booked, call, cancellation, escalation, expiry, "
            "false_alarm, final_check, follow_up, given, handed_over, invitation, kept, needs_longer, "
            "new_password, no_time, not_reached, nudge, reminder, reply, running_late, second_step, times_gone: "
            "they are written in “en”.",
        )
    ]


def test_a_language_without_a_folder_is_written_like_the_sites_own(settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]

    assert [number for number, _text in found()] == ["notifications.W001", "notifications.W002"]
    settings.LANGUAGES = [*settings.LANGUAGES[:2], ("id-id", "Indonesian")]
    assert found() == []


def test_habits_that_cannot_be_used_are_an_error(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / "habits.toml").write_text("name = 'Bahasa'")
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]

    assert [(number, "days.long is missing" in text) for number, text in found()] == [("notifications.E001", True)]
