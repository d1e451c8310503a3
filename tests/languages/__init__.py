"""A third language, Dutch: the folder `nl` beside this file and the settings that name it. No code, no migration."""

import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CODES = ("en", "id", "nl")


def add_dutch(settings: Any) -> None:
    """What `LANGUAGES=en,id,nl` and `LANGUAGE_FOLDERS` do to the settings, for one test."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("nl", "Dutch")]
    settings.LOCALE_PATHS = [FOLDER, *settings.LOCALE_PATHS]
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], FOLDER]}, *settings.TEMPLATES[1:]]


def with_dutch() -> dict[str, str]:
    """The environment of a program that also speaks Dutch."""
    return {**os.environ, "LANGUAGES": ", ".join(CODES), "LANGUAGE_FOLDERS": str(FOLDER)}
