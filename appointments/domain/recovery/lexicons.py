"""The words by which texts are checked, of every language that has a file: `locale/<language>/honesty.toml`; and what
its second reader has learned, where there is a `honesty.weights` beside it.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from appointments.domain.recovery.honesty import lexicon
from appointments.domain.recovery.honesty.learned.weights import Weights
from appointments.domain.recovery.honesty.lexicon import Lexicon
from notifications.text import languages
from notifications.text.habits import habits

FILE, LEARNED = "honesty.toml", "honesty.weights"


@cache
def lexicons() -> dict[str, Lexicon]:
    """By language in use. One without a file is not there: of its texts only what needs no words is checked.

    Raises ImproperlyConfigured, with the file and what is wrong in it, for a file that cannot be used.
    """
    files = {code: file for code in languages.codes() if (file := languages.file_of(code, FILE))}
    return {code: _read(code, file) for code, file in files.items()}


def _read(code: str, file: Path) -> Lexicon:
    said = habits(code)
    months = [*said.words("months.long"), *said.words("months.short")]
    days = [*said.words("days.long"), *said.words("days.short")]
    try:
        read = lexicon.read(code, tomllib.loads(file.read_text(encoding="utf-8")), months=months, days=days)
    except (ValueError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"{file}: {error}") from error
    return replace(read, weights=_weights(code))


def _weights(code: str) -> Weights | None:
    if (file := languages.file_of(code, LEARNED)) is None:
        return None
    try:
        return Weights.read(file.read_bytes())
    except ValueError as error:
        raise ImproperlyConfigured(f"{file}: {error}") from error


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"LOCALE_PATHS", "LANGUAGES", "LANGUAGE_CODE"}:
        lexicons.cache_clear()


setting_changed.connect(_forget, dispatch_uid="appointments.recovery.lexicons")
