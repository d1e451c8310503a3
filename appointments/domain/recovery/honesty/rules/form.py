"""What is wrong in any language: gaps that nobody filled, and shouting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from appointments.domain.recovery.honesty.kinds import Finding, Kind, found
from appointments.domain.recovery.honesty.reading import Reading

GAP = re.compile(
    r"\$?\{\{?[^{}\n]{0,80}\}?\}|\{%|%\}|\$?\{|\}|\[\[|\]\]"
    r"|\[[^\[\]\n]{0,60}\]|<<[^<>\n]{0,60}>>|«[^«»\n]{0,60}»|<[A-Za-z][^<>\n]{0,60}>"
    r"|%\(?[a-z_]{0,30}\)?[sd]\b|(?<![\w%])%[A-Z_]{2,30}%?|#[A-Z_]{3,30}#|(?<!\w)\$[A-Za-z_]{3,30}\b"
    r"|\b[A-Z]+_[A-Z_]*[A-Z]\b|_{3,}|#{2,}(?:[.:/]{1,2}#{2,}){0,3}|\.{5,}|…{2,}"
    r"|\b(?:TO[D]O|TBD|TBC|FIX[M]E|N/A|null|undefined|NaN)\b|\bNone\b(?=[,.!?]|\s*$)|\b[Ll]orem ipsum\b"
    r"|\b[Xx]{3,}\b|\b[Xx]{2}[.:/][Xx]{2}\b|\b(?:dd|DD|hh|HH|tt|TT)[.:/-](?:mm|MM|bb|BB)\b(?:[/.-][yYtThH]{2,4})?"
)
"""Braces, brackets, signs of programs, and letters that stand for something to come."""
KISSES = re.compile(r"x{3,}\s*$")
BANGS = re.compile(r"[!?\uff01\uff1f]{2,}")
CAPITALS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}(?![^\W\d_])")
SHORTEST_LOUD = 5
"""A single word in capitals that is shorter may be an abbreviation."""
VOWELS = frozenset("aeiou")
FEWEST_VOWELS = 0.3
BETWEEN_LOUD = re.compile(r"[\s,.:;!?&/-]{1,4}$")


def gaps(reading: Reading) -> Iterator[Finding]:
    for match in GAP.finditer(reading.bare):
        name = match.group().strip("{}")
        if name in reading.facts.gaps or KISSES.match(reading.text, match.start()):
            continue
        yield found(Kind.PLACEHOLDER, reading.text, match.start(), match.end())
    for one in reading.languages:
        for said in one.find("placeholder"):
            yield found(Kind.PLACEHOLDER, reading.text, *one.place(said))


def shouting(reading: Reading) -> Iterator[Finding]:
    """Several marks in a row; a word in capitals that is no abbreviation; a row of words in capitals."""
    for match in BANGS.finditer(reading.bare):
        yield found(Kind.SHOUTING, reading.text, match.start(), match.end())
    quiet = {(token.start, token.end) for one in reading.languages for token in one.tokens if token.is_named}
    quiet |= {capitals.span() for gap in GAP.finditer(reading.bare) for capitals in _capitals(reading.bare, gap)}
    run: list[re.Match[str]] = []
    for match in CAPITALS.finditer(reading.bare):
        if not match.group().isupper() or match.span() in quiet or _is_abbreviation(match.group(), reading):
            continue
        if run and not BETWEEN_LOUD.match(reading.text[run[-1].end() : match.start()]):
            yield from _loud(run, reading)
            run = []
        run.append(match)
    yield from _loud(run, reading)


def _capitals(text: str, within: re.Match[str]) -> Iterator[re.Match[str]]:
    return CAPITALS.finditer(text, within.start(), within.end())


def _loud(run: list[re.Match[str]], reading: Reading) -> Iterator[Finding]:
    """Whether words in capitals, one after the other, are loud; alone, short ones and consonants are abbreviations."""
    words = [match.group() for match in run]
    common = any(word.lower() in one.lexicon.words["language"] for one in reading.languages for word in words)
    is_sentence = common and len(words) > 1 and len("".join(words)) >= SHORTEST_LOUD
    if is_sentence or any(_is_loud(word, reading) for word in words):
        yield found(Kind.SHOUTING, reading.text, run[0].start(), run[-1].end())


def _is_loud(word: str, reading: Reading) -> bool:
    known = any(word.lower() in one.lexicon.words["loud"] for one in reading.languages)
    return known or (len(word) >= SHORTEST_LOUD and _can_be_said(word))


def _can_be_said(word: str) -> bool:
    """Whether it has the vowels of a word."""
    return len(word) > 2 and sum(letter in VOWELS for letter in word.lower()) / len(word) >= FEWEST_VOWELS


def _is_abbreviation(word: str, reading: Reading) -> bool:
    return any(word.lower() in one.lexicon.words["abbreviations"] for one in reading.languages)
