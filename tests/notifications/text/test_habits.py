"""Each language's own habits, read from its folder: the ones that exist are whole, and a broken one is named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.utils.translation import to_locale

from notifications.text import habits, languages
from notifications.text import when as writing
from notifications.text.habits import BadHabits
from tests.languages import add_dutch

AFTERNOON = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
ENGLISH = (project.BASE_DIR / "locale" / "en" / "habits.toml").read_text()


def speak(settings: Any, folder: Path, text: str, *, code: str = "xx") -> None:
    """The language `code` has these habits."""
    (folder / to_locale(code)).mkdir()
    (folder / to_locale(code) / "habits.toml").write_text(text)
    settings.LANGUAGES, settings.LOCALE_PATHS = [*settings.LANGUAGES, (code, code)], [folder, *settings.LOCALE_PATHS]


def test_every_language_in_use_has_habits_of_its_own() -> None:
    assert {code: habits.habits(code).code for code in languages.codes()} == {"en": "en", "id": "id"}
    assert [habits.own_name(code) for code in languages.codes()] == ["English", "Bahasa Indonesia"]


def test_a_language_without_habits_has_those_of_the_sites_own(settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]
    assert writing.when(AFTERNOON, "Asia/Jakarta", "fr") == "Tuesday, 24 November 2026 at 14:30 WIB"
    assert [habits.own_name(code) for code in ("fr", "xx")] == ["français", "xx"]

    settings.LANGUAGE_CODE = "id"
    assert writing.when(AFTERNOON, "Asia/Jakarta", "fr") == "Selasa, 24 November 2026 pukul 14.30 WIB"


def test_a_folder_is_enough_to_write_hours_numbers_and_names_in_a_third_language(settings: Any) -> None:
    add_dutch(settings)
    end = AFTERNOON + timedelta(hours=2)

    assert writing.when(AFTERNOON, "Asia/Jakarta", "nl") == "dinsdag 24 november 2026 om 14.30 uur WIB"
    assert writing.when(AFTERNOON, "Asia/Jakarta", "nl-BE", "short") == "di 24-11, 14.30 uur WIB"
    assert writing.between(AFTERNOON, end, "Asia/Jakarta", "nl") == (
        "dinsdag 24 november 2026 tussen 14.30 uur en 16.30 uur WIB"
    )
    assert writing.window(AFTERNOON, end, "Asia/Jakarta", "nl") == "van 14.30 uur tot 16.30 uur WIB"
    assert writing.left(end, AFTERNOON, "nl") == "over 2 uur"
    assert writing.left(AFTERNOON, AFTERNOON + timedelta(days=3), "nl") == "3 dagen geleden"
    dutch = habits.habits("nl")
    assert (dutch.number(3.5), habits.habits("en").number(3.5)) == ("3,5", "3.5")
    assert [dutch.addressed(one) for one in ("mr", "ms", "", "dr")] == [
        "heer", "mevrouw", "heer/mevrouw", "heer/mevrouw",
    ]  # fmt: skip
    assert habits.own_name("nl") == "Nederlands"


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "12:05 am"), (1, "1:05 am"), (11, "11:05 am"), (12, "12:05 pm"), (23, "11:05 pm")]
)
def test_a_clock_may_have_twelve_hours(settings: Any, tmp_path: Path, hour: int, said: str) -> None:
    american = ENGLISH.replace(
        'hour = "{hour:02}:{minute:02}"', 'hour = "{hour12}:{minute:02} {half}"\nhalves = ["am", "pm"]'
    )
    speak(settings, tmp_path, american, code="en-us")

    assert habits.habits("en-us").clock(hour, 5) == said


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('name = "English"', ""), "name is missing"),
        (('"Sunday"]', "]"), "days.long needs 7 words"),
        (('ahead = "in {count} {unit}"', ""), "distance.ahead is missing"),
        (("[span]", "[spam]"), "span.hours is missing"),
        (("{date} at {hour}", "{date} at {minute}"), "moment.long names {minute}"),
        (("{date} at {hour}", "{date at {hour}"), "moment.long: "),
        (("[days]", "[days"), "Expected"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    settings: Any, tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    assert change[0] in ENGLISH
    speak(settings, tmp_path, ENGLISH.replace(*change))

    with pytest.raises(BadHabits, match=complaint) as refused:
        habits.habits("xx")
    assert "xx/habits.toml" in str(refused.value)


def test_without_any_habits_nothing_is_written(settings: Any, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(BadHabits, match=r"en/habits\.toml"):
        habits.habits("id")
