"""A text as words: each with its place, its sentence and the forms in which a list may know it.

Made in one pass over the text, so that a very long one costs no more than its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

HIDDEN = "\u00ad\u200b\u200c\u200d\u2060"
"""Characters that nobody sees and that take a word apart for a program."""
QUOTES = "'\u2019`\u00b4"
STRAIGHT = str.maketrans(dict.fromkeys(QUOTES, "'"))
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{HIDDEN}]|[{QUOTES}](?=[^\W\d_]))*")
END = re.compile(r"[.!?;:…]+[\s\"”’)\]]|\n\s*\n|[•|]")
SHORTEST_STEM = 3
LONGEST_WORD = 40
"""What is longer is no word of any list."""
SHORT_LINE = 50
"""A line that ends before this ends a sentence; a longer one has been wrapped."""
DOUBLED = "*2"
"""The abbreviation of a language that writes a word said twice with a figure behind it."""
LOOKS_LIKE = str.maketrans("0134578@", "oieastba")
UNIT = re.compile(r"(\d+)([^\W\d_]+)")
"""A number with what it counts, in one word."""
RUN = re.compile(r"(.)\1{2,}")
FEWEST_SPELT = 4
"""So many single letters in a row are a word that was spelt out."""
COLLEAGUE, CUSTOMER, SOMEBODY, PERHAPS = "colleague", "customer", "somebody", "perhaps"
"""Whose name a word is. `PERHAPS`: one with a capital that begins a sentence and is no common one."""


@dataclass(slots=True)
class Token:
    """`word` as most lists have it; `forms` are all in which one may know it; `is_named`: of a name."""

    word: str
    start: int
    end: int
    sentence: int
    raw: str
    forms: tuple[str, ...] = ()
    is_first: bool = False
    is_named: bool = False
    person: str = ""

    @property
    def is_number(self) -> bool:
        return self.raw[0].isdigit()

    @property
    def is_capitalised(self) -> bool:
        return self.raw[0].isupper()


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """In small letters without accents and hidden characters, with long runs of one letter cut to one."""
    word = "".join(sign for sign in word if sign not in HIDDEN).translate(STRAIGHT)
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word)
        word = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return RUN.sub(r"\1", word.lower())


def tokens(
    text: str, *, short: Mapping[str, tuple[str, ...]], titles: frozenset[str], endings: tuple[str, ...] = ()
) -> list[Token]:
    """The words of `text`. `short` says what abbreviations stand for; `titles` end with a full stop that ends nothing;
    without one of `endings` a word is known, too.
    """
    made: list[Token] = []
    sentence, before = 0, 0
    for match in WORD.finditer(text):
        starts_anew = not made
        if made and ends_between(text, before, match.start(), made[-1].word, titles=titles):
            sentence, starts_anew = sentence + 1, True
        for token in _of(match, sentence, short, endings):
            token.is_first = starts_anew
            made.append(token)
            starts_anew = False
        before = match.end()
    return _with_spelt_words(made)


def ends_between(text: str, end: int, start: int, word: str, *, titles: frozenset[str]) -> bool:
    """Whether a sentence ends between two words of the text, the first of which is `word`."""
    if start - end == 1 and text[end] == " ":
        return False
    between = text[end:start]
    if END.search(between) and not (word in titles and between.strip(" ") == "."):
        return True
    if "\n" not in between:
        return False
    line = text.rfind("\n", 0, end) + 1
    return end - line < SHORT_LINE or bool(re.search(r"\n\s*[-*•]", between))


def _of(
    match: re.Match[str], sentence: int, short: Mapping[str, tuple[str, ...]], endings: tuple[str, ...]
) -> Iterator[Token]:
    raw = match.group()
    word = plain(raw) if len(raw) <= LONGEST_WORD else raw[:LONGEST_WORD].lower()
    if (unit := UNIT.fullmatch(word)) and word not in short:
        yield Token(unit[1], match.start(), match.start() + len(unit[1]), sentence, raw, (unit[1],))
        yield Token(unit[2], match.start() + len(unit[1]), match.end(), sentence, unit[2], (unit[2],))
        return
    for one in _apart(word, short):
        yield Token(one, match.start(), match.end(), sentence, raw, _forms(one, endings))


def _apart(word: str, short: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What an abbreviation stands for; "doctor's" is the doctor, "she'll" is "she" and what "'ll" stands for."""
    if word in short:
        return short[word]
    if word.endswith("2") and DOUBLED in short and word[:-1].isalpha():
        return (word[:-1], word[:-1])
    stem, mark, ending = word.partition("'")
    if not mark:
        return (word,)
    if word.endswith("n't") and "n't" in short:
        return (word[:-3], *short["n't"])
    return (stem, *short.get(f"'{ending}", ())) if stem else (ending,)


def _forms(word: str, endings: tuple[str, ...]) -> tuple[str, ...]:
    """The word, what it is without an ending, and what it looks like when figures stand for letters."""
    stem = next((word[: -len(one)] for one in endings if word.endswith(one)), "") if endings else ""
    forms = (word, stem) if len(stem) >= SHORTEST_STEM else (word,)
    if word.isalpha() or word.isdigit() or sum(sign.isalpha() for sign in word) < SHORTEST_STEM - 1:
        return forms
    return (*forms, word.translate(LOOKS_LIKE))


def _with_spelt_words(made: list[Token]) -> list[Token]:
    """Single letters in a row also as the word they spell, in the place of the first."""
    position = 0
    while position < len(made):
        run = position
        while run < len(made) and len(made[run].word) == 1 and made[run].sentence == made[position].sentence:
            run += 1
        if FEWEST_SPELT <= run - position <= LONGEST_WORD:
            first, last = made[position], made[run - 1]
            word = "".join(one.word for one in made[position:run])
            spelt = Token(word, first.start, last.end, first.sentence, word, (word,))
            made[position:run] = [spelt]
        position = max(run, position + 1)
    return made
