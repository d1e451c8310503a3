"""Whether words insult whoever reads them, by the phrases of each language: `locale/<language>/insults.toml`.

Of all languages at once: people swear in whichever comes first. Nothing is decided by it; a colleague is only spared
reading it unprepared.
"""

import re
import tomllib
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from notifications.text import languages

FILE = "insults.toml"


def insults(text: str) -> bool:
    found = _phrases()
    return bool(found and found.search(text))


def masked(text: str) -> str:
    """The same with "…" in place of each insult: what a colleague reads of it where it is about the matter."""
    found = _phrases()
    return found.sub("…", text) if found else text


@cache
def _phrases() -> re.Pattern[str] | None:
    """Raises ImproperlyConfigured for a file without `phrases`."""
    files = [file for code in languages.codes() if (file := languages.file_of(code, FILE))]
    phrases: list[str] = []
    for file in dict.fromkeys(files):
        try:
            phrases += tomllib.loads(file.read_text(encoding="utf-8"))["phrases"]
        except (KeyError, tomllib.TOMLDecodeError) as error:
            raise ImproperlyConfigured(f"{file}: {error}") from error
    return re.compile("|".join(_as_regex(one) for one in phrases), re.IGNORECASE) if phrases else None


def _as_regex(phrase: str) -> str:
    """Apostrophes may be written either way, or left out."""
    words = [re.escape(word).replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]?") for word in phrase.strip("*").split()]
    ending = r"\w*" if phrase.endswith("*") else ""
    return r"\b" + r"\W+".join(words) + ending + r"\b"


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"LOCALE_PATHS", "LANGUAGES", "LANGUAGE_CODE"}:
        _phrases.cache_clear()


setting_changed.connect(_forget, dispatch_uid="appointments.domain.recovery.insults")
