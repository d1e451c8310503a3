"""How a language says days, hours and numbers, and how it speaks to people: its `habits.toml`, read once and checked.

A language without a file of its own has the habits of the site's own language. Raises BadHabits, with the file and
what is wrong in it, for a file that cannot be used; `manage.py check` reads them all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.translation import to_locale

from notifications.text import languages

Style = Literal["long", "short"]

PATTERNS: dict[str, frozenset[str]] = {
    "date.long": frozenset({"weekday", "day", "month", "number", "year"}),
    "date.short": frozenset({"weekday", "day", "month", "number", "year"}),
    "clock.hour": frozenset({"hour", "hour12", "minute", "half"}),
    "moment.long": frozenset({"date", "hour"}),
    "moment.short": frozenset({"date", "hour"}),
    "span.hours": frozenset({"start", "end"}),
    "span.alone": frozenset({"hours"}),
    "span.long": frozenset({"date", "hours"}),
    "span.short": frozenset({"date", "hours"}),
    "span.day": frozenset({"date"}),
    "span.days": frozenset({"first", "last"}),
    "span.running": frozenset({"date", "start", "end"}),
    "distance.now": frozenset(),
    "distance.ahead": frozenset({"count", "unit"}),
    "distance.ago": frozenset({"count", "unit"}),
}
"""What each pattern may name in braces; `number` is the month's."""

LISTS = {
    "days.long": 7, "days.short": 7, "months.long": 12, "months.short": 12,
    "distance.minutes": 2, "distance.hours": 2, "distance.days": 2,
}  # fmt: skip
"""How many words each list holds; Monday and January come first, one comes before many."""


class BadHabits(ImproperlyConfigured):
    """A file of habits that cannot be used; the text names it and says why."""


@dataclass(frozen=True)
class Habits:
    """The habits of the language `code`, by table and name: `words("days.short")`, `write("clock.hour", …)`."""

    code: str
    tables: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return str(self.tables["name"])

    @property
    def also_called(self) -> Sequence[str]:
        return tuple(self.tables.get("also_called", ()))

    def words(self, path: str) -> Sequence[str]:
        found: Sequence[str] = _at(self.tables, path)
        return found

    def write(self, path: str, **values: object) -> str:
        return str(_at(self.tables, path)).format(**values)

    def clock(self, hour: int, minute: int) -> str:
        first, second = self.table("clock").get("halves", ("", ""))
        half = first if hour < 12 else second
        return self.write("clock.hour", hour=hour, hour12=hour % 12 or 12, minute=minute, half=half)

    def number(self, value: float, *, places: int = 1) -> str:
        """With the mark that the language puts between whole and part: "3.5", "3,5"."""
        return f"{value:.{places}f}".replace(".", self.table("numbers").get("decimal", "."))

    def addressed(self, honorific: str, *, tone: str = "") -> str:
        """How somebody is spoken to, in a tone or by what we know of them; "" in a language that has no word for it."""
        people = self.table("people")
        return str(self.table("tones").get(tone) or people.get(honorific) or people.get("unknown", ""))

    def table(self, name: str) -> Mapping[str, Any]:
        """A whole table of the file, as whoever needs it reads it; empty when the language has none."""
        found: Mapping[str, Any] = self.tables.get(name, {})
        return found


def habits(language: str) -> Habits:
    """The habits of a language, else those of the nearest one that has a file."""
    return _habits(languages.fallbacks(language))


def own_name(code: str) -> str:
    """What a language calls itself, as its habits say, else as Django knows it; its code where nobody does."""
    file = _file(code)
    return _read(file, code).name if file else LANG_INFO.get(code, {}).get("name_local", code)


@cache
def _habits(codes: tuple[str, ...]) -> Habits:
    for code in codes:
        if file := _file(code):
            return _read(file, code)
    raise BadHabits(f"No folder of LOCALE_PATHS holds {to_locale(codes[-1])}/habits.toml.")


def _file(code: str) -> Path | None:
    places = [Path(folder) / to_locale(code) / "habits.toml" for folder in settings.LOCALE_PATHS]
    return next((place for place in places if place.is_file()), None)


@cache
def _read(file: Path, code: str) -> Habits:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        _check(tables)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadHabits(f"{file}: {error}") from error
    return Habits(code, tables)


def _check(tables: Mapping[str, Any]) -> None:
    """Raises ValueError for the first thing that is missing or cannot be filled in."""
    if not isinstance(tables.get("name"), str):
        raise ValueError("name is missing")  # noqa: TRY004  what is wrong is the file
    for path, length in LISTS.items():
        if len(_at(tables, path)) != length:
            raise ValueError(f"{path} needs {length} words")
    for path, allowed in PATTERNS.items():
        if unknown := _named(_at(tables, path), path) - allowed:
            raise ValueError(f"{path} names {{{min(unknown)}}}, which it is not given")


def _named(pattern: str, path: str) -> set[str]:
    """What a pattern names in braces."""
    try:
        return {name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name is not None}
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _at(tables: Mapping[str, Any], path: str) -> Any:
    table, _dot, name = path.partition(".")
    try:
        return tables[table][name]
    except KeyError:
        raise ValueError(f"{path} is missing") from None


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"LOCALE_PATHS", "LANGUAGES", "LANGUAGE_CODE"}:
        _habits.cache_clear()
        _read.cache_clear()


setting_changed.connect(_forget, dispatch_uid="notifications.text.habits")
