"""Where the words of each language come from."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from appointments.domain.recovery.lexicons import lexicons

TWO = [("en", "English"), ("nl", "Nederlands")]


def test_every_language_that_we_ship_has_its_words() -> None:
    assert list(lexicons()) == ["en", "id"]


def test_a_language_is_a_folder(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "honesty.toml").write_text('language = ["de", "het"]\n[money]\nsay = ["korting"]\n')
    settings.LANGUAGES, settings.LOCALE_PATHS = TWO, [tmp_path, *settings.LOCALE_PATHS]

    assert lexicons()["nl"].words["language"] == {"de", "het"}


def test_one_without_a_file_is_not_there(settings: Any) -> None:
    settings.LANGUAGES = TWO
    assert list(lexicons()) == ["en"]


def test_a_variant_has_the_words_of_its_language(settings: Any) -> None:
    settings.LANGUAGES = [("en-gb", "British English")]
    assert lexicons()["en-gb"].code == "en-gb"


@pytest.mark.parametrize("text", ["language = [", '[money]\nsay = ["@nobody pays"]\n', 'short = "yg"\n'])
def test_a_file_that_cannot_be_used_is_named(settings: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "honesty.toml").write_text(text)
    settings.LANGUAGES, settings.LOCALE_PATHS = TWO, [tmp_path, *settings.LOCALE_PATHS]

    with pytest.raises(ImproperlyConfigured, match=r"nl.honesty\.toml"):
        lexicons()


def test_a_language_does_without_what_is_learned(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "honesty.toml").write_text('language = ["de", "het"]\n')
    settings.LANGUAGES, settings.LOCALE_PATHS = TWO, [tmp_path, *settings.LOCALE_PATHS]

    assert lexicons()["nl"].weights is None
    assert lexicons()["en"].weights is not None


def test_weights_that_cannot_be_used_are_named(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "honesty.toml").write_text('language = ["de", "het"]\n')
    (tmp_path / "nl" / "honesty.weights").write_bytes(b"{}\nnothing")
    settings.LANGUAGES, settings.LOCALE_PATHS = TWO, [tmp_path, *settings.LOCALE_PATHS]

    with pytest.raises(ImproperlyConfigured, match=r"nl.honesty\.weights"):
        lexicons()
