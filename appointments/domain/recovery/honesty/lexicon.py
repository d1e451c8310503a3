"""The words of one language by which texts are checked: its file, read and made ready to be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appointments.domain.recovery.honesty.frames import Frame, frame_of
from appointments.domain.recovery.honesty.learned.stems import Round, rounds_of, stem_of
from appointments.domain.recovery.honesty.learned.weights import Weights
from appointments.domain.recovery.honesty.phrases import MOST_REMEMBERED, Phrases, Step, step_of
from appointments.domain.recovery.honesty.spelling import Misspelt
from appointments.domain.recovery.honesty.tokens import plain

TABLES = {
    "certainty": {"say", "but"},
    "blame": {"say", "but"},
    "health": {"say", "state", "care", "but", "yours"},
    "private": {"say", "but"},
    "money": {"say", "amounts", "price", "but"},
    "placeholder": {"say"},
    "stale": {"same_day", "other_day", "but"},
    "cause.wish": {"say", "but"},
    "cause.ours": {"say", "but"},
    "cause.beyond": {"say", "but"},
    "cause.person": {"say", "but"},
    "cause.equipment": {"say", "but"},
    "cause.outside": {"say", "but"},
    "parts.why": {"say"},
    "parts.choices": {"say"},
    "parts.until": {"say"},
    "parts.who": {"say"},
    "parts.greeting": {"say"},
    "parts.signature": {"say"},
}
"""The tables of a file, and the lists of phrases that each may have; `but` takes back what it covers."""
LISTS = ("language", "loud", "abbreviations", "before_day", "joins", "goes_on", "anew")
"""Single words: common ones, those that shout alone, those in capitals that do not, what stands before a day, what
begins a clause, one that goes on with whom was spoken of, and one that does not.
"""
FRAMED = ("certainty", "blame", "health", "money")
"""Tables that may have frames besides their lists."""
WORDS, EXCEPT, EXCEPTED = "words.", "except.", "!"
"""Before the names of the lists that frames speak of, and of what those except; before a phrase that is excepted."""
TYPOS = ("health", "money")
"""What must not get through for being misspelt."""
MISSPELT = ("say", "state")


@dataclass(frozen=True)
class Lexicon:
    """`phrases` holds all lists, named "money.say" and the like; a list that the file lacks is empty."""

    code: str
    phrases: Phrases
    frames: Mapping[str, tuple[Frame, ...]]
    lifts: Mapping[str, tuple[str, ...]]
    pardons: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    people: Mapping[str, Step]
    not_names: Step
    titles: frozenset[str]
    endings: tuple[str, ...]
    stems: tuple[Round, ...]
    short: Mapping[str, tuple[str, ...]]
    days: frozenset[str]
    months: frozenset[str]
    date: re.Pattern[str]
    misspelt: Misspelt
    weights: Weights | None = None
    """What its second reader has learned; None for a language that has none."""
    _roles: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    _stems: dict[str, str] = field(default_factory=dict, compare=False)

    def roles(self, word: str) -> frozenset[str]:
        """The lists of people in which a word stands."""
        if (known := self._roles.get(word)) is None:
            if len(self._roles) > MOST_REMEMBERED:
                self._roles.clear()
            known = frozenset(name for name, step in self.people.items() if step.has(word))
            self._roles[word] = known
        return known

    def stem(self, word: str) -> str:
        if (known := self._stems.get(word)) is None:
            if len(self._stems) > MOST_REMEMBERED:
                self._stems.clear()
            known = self._stems[word] = stem_of(word, self.stems)
        return known


FIGURES = (
    r"(?<!\d)\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}\.\d{2,4}(?!\d)|(?<!\d)\d{4}-\d\d-\d\d"
)


def read(code: str, tables: Mapping[str, Any], *, months: Sequence[str], days: Sequence[str]) -> Lexicon:
    """The file of a language, with the months and weekdays it has. Raises ValueError for what cannot be used."""
    lists = {name: [plain(word) for word in words] for name, words in tables.get("people", {}).items()}
    phrases, single = Phrases(), {}
    for path, names in TABLES.items():
        single[path] = _add_table(phrases, path, tables, names, lists)
    _add_words(phrases, tables.get("words", {}), lists)
    words = {name: frozenset(map(plain, tables.get(name, ()))) for name in LISTS}
    spelt = {plain(word) for word in tables.get("spelt", ())}
    real = frozenset(map(plain, tables.get("real_words", ())))
    return Lexicon(
        code=code,
        phrases=phrases,
        frames={path: tuple(_frames(path, tables)) for path in FRAMED},
        lifts={path: tuple(tables.get(path, {}).get("lifts", ())) for path in FRAMED},
        pardons={path: tuple(tables.get(path, {}).get("pardons", ())) for path in FRAMED},
        words=words,
        people={name: step_of(f"@{name}", lists) for name in lists},
        not_names=step_of("@not_names", {"not_names": tables.get("not_names", ())}),
        titles=frozenset(map(plain, tables.get("titles", ()))),
        endings=tuple(tables.get("endings", ())),
        stems=rounds_of(tables.get("stems", ())),
        short={plain(word): tuple(said.split()) for word, said in tables.get("short", {}).items()},
        days=frozenset(map(plain, days)),
        months=frozenset(map(plain, months)),
        date=_dates(months, sorted(words["before_day"])),
        misspelt=Misspelt(set().union(*(single[table] for table in TYPOS)) | spelt, but=real),
    )


def _add_table(
    phrases: Phrases, path: str, tables: Mapping[str, Any], names: set[str], lists: Mapping[str, Sequence[str]]
) -> set[str]:
    """Adds the lists of a table, and says which single words make a finding."""
    table: Any = tables
    for part in path.split("."):
        table = table.get(part, {})
    single: set[str] = set()
    try:
        for name in sorted(names):
            words = phrases.add(f"{path}.{name}", map(plain, table.get(name, ())), lists)
            single |= words if name in MISSPELT else set()
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return single


def _add_words(phrases: Phrases, words: Mapping[str, Sequence[str]], lists: Mapping[str, Sequence[str]]) -> None:
    try:
        for name, said in words.items():
            phrases.add(WORDS + name, (plain(one) for one in said if not one.startswith(EXCEPTED)), lists)
            excepted = (plain(one.removeprefix(EXCEPTED)) for one in said if one.startswith(EXCEPTED))
            phrases.add(EXCEPT + name, excepted, lists)
    except ValueError as error:
        raise ValueError(f"words: {error}") from error


def _frames(path: str, tables: Mapping[str, Any]) -> Iterator[Frame]:
    try:
        for said in tables.get(path, {}).get("frames", ()):
            yield frame_of(said, lists=tables.get("words", {}))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _dates(months: Sequence[str], before: Sequence[str]) -> re.Pattern[str]:
    """A day by its number: with a month on either side, after a word like "the", or in figures."""
    named = "|".join(sorted({re.escape(month) for month in months}, key=len, reverse=True)) or r"(?!)"
    lead = "|".join(re.escape(word) for word in before) or r"(?!)"
    day = r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?"
    with_month = rf"{day}(?: of)?[ .]{{1,2}}(?:{named})\b|\b(?:{named})\.? {day}\b"
    return re.compile(rf"{with_month}|\b(?:{lead}) {day}\b(?![.:]\d)|{FIGURES}", re.IGNORECASE)
