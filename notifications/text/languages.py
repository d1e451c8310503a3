"""Which languages we write: the settings decide, and everything of a language stands in one folder.

    locale/<language>/habits.toml      how it says days, hours and numbers, and how it speaks to people
    locale/<language>/texts/<kind>/    the words of a message: letter.txt, subject.txt, sms.txt, call.txt
    locale/<language>/texts/_words/    what several of them share
    locale/<language>/LC_MESSAGES/     the texts of pages, for gettext

`LANGUAGES` names the languages in use, `LANGUAGE_CODE` the one that stands in for what another one lacks, and
`LOCALE_PATHS` the places of such folders, so that a language can be added without touching the program.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.translation import get_language, to_locale


def choices() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of the languages in use, as model fields and forms want them."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def codes() -> list[str]:
    """The codes of the languages in use."""
    return [code for code, _name in settings.LANGUAGES]


def name(code: str) -> str:
    """What the reader calls a language; its code when it is not in use."""
    return dict(choices()).get(code, code)


def own() -> str:
    """The site's own language: of those whose own is not known, and of texts that another language lacks."""
    return settings.LANGUAGE_CODE


def active() -> str:
    """The language of whoever reads the page that is being written."""
    return get_language() or own()


def known(code: str) -> str:
    """The language in use that `code` means ("id-ID" is "id" where that is in use), or ""."""
    wanted = code.replace("_", "-").lower()
    return next((one for one in (wanted, wanted.split("-", maxsplit=1)[0]) if one in codes()), "")


def nearest(code: str) -> str:
    """The language in use that `code` means; the site's own when there is none, or none any more."""
    return known(code) or own()


@lru_cache(maxsize=64)
def fallbacks(code: str) -> tuple[str, ...]:
    """The languages in which something for a reader of `code` may be said, best first; the site's own is the last.

    Asked for dozens of times in a letter, by each of its phrases and days.
    """
    best = nearest(code)
    wanted = (best, best.split("-", maxsplit=1)[0], own(), own().split("-", maxsplit=1)[0])
    return tuple(dict.fromkeys(wanted))


def file_of(code: str, name: str) -> Path | None:
    """The file `name` in a language's folder, else in that of the language it is a variant of; None without one."""
    folders = [to_locale(one) for one in dict.fromkeys((code, code.split("-", maxsplit=1)[0]))]
    places = [Path(place) / folder / name for folder in folders for place in settings.LOCALE_PATHS]
    return next((place for place in places if place.is_file()), None)


def kinds(code: str) -> set[str]:
    """The kinds of messages that a language has words for, its own or those of the language it is a variant of."""
    folders = [
        Path(place) / texts(one) for place in settings.LOCALE_PATHS for one in {code, code.split("-", maxsplit=1)[0]}
    ]
    return {text.parent.name for folder in folders for text in folder.glob("[a-z]*/*.txt")}


def texts(code: str) -> str:
    """The folder of a language's texts, as names of templates begin."""
    return f"{to_locale(code)}/texts"


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"LANGUAGES", "LANGUAGE_CODE"}:
        fallbacks.cache_clear()


setting_changed.connect(_forget, dispatch_uid="notifications.text.languages")
