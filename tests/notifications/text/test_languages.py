"""Which languages are in use, and which one somebody is written to in."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from notifications.text import languages


@pytest.mark.parametrize(
    ("asked", "found"),
    [("id", "id"), ("id-ID", "id"), ("ID", "id"), ("id_ID", "id"), ("en-GB", "en"), ("fr", ""), ("", ""), ("i", "")],
)
def test_a_code_means_a_language_in_use_or_none(asked: str, found: str) -> None:
    assert languages.known(asked) == found
    assert languages.nearest(asked) == (found or "en")


def test_a_language_that_is_in_use_no_longer_gives_way_to_the_sites_own(settings: Any) -> None:
    settings.LANGUAGES, settings.LANGUAGE_CODE = [("id", "Indonesian")], "id"

    assert languages.nearest("en") == "id"
    assert languages.fallbacks("en") == ("id",)


def test_a_region_falls_back_to_its_language_and_then_to_the_sites_own(settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("pt-br", "Brazilian Portuguese")]

    assert languages.fallbacks("pt-BR") == ("pt-br", "pt", "en")
    assert languages.fallbacks("en") == ("en",)
    assert languages.texts("pt-br") == "pt_BR/texts"


def test_the_languages_to_choose_from_are_those_of_the_settings(settings: Any) -> None:
    assert (languages.codes(), languages.own()) == (["en", "id"], "en")
    settings.LANGUAGES = [("nl", "Dutch")]
    assert (languages.choices(), languages.codes()) == ([("nl", "Dutch")], ["nl"])


def test_who_reads_without_a_language_reads_the_sites_own() -> None:
    with translation.override("id"):
        assert languages.active() == "id"
    with translation.override(None):
        assert languages.active() == "en"


def test_a_file_is_a_languages_own_else_that_of_the_language_it_is_a_variant_of(settings: Any, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    for folder in ("de", "de_CH"):
        (tmp_path / folder).mkdir()
    (tmp_path / "de" / "lexicon.toml").touch()
    assert languages.file_of("de-ch", "lexicon.toml") == tmp_path / "de" / "lexicon.toml"
    (tmp_path / "de_CH" / "lexicon.toml").touch()
    assert languages.file_of("de-ch", "lexicon.toml") == tmp_path / "de_CH" / "lexicon.toml"
    assert languages.file_of("id", "lexicon.toml") is None
