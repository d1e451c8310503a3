"""Clauses: the pieces of a sentence that say one thing each, and of whom they say it.

A clause ends at a comma, a bracket or a dash, and where a word like "because" begins another one. Of whom it speaks is
the first person that it names. One that names nobody goes on with the one before it, unless a word like "because"
begins it; one that begins with a word like "and" does so, too, when it speaks of the same person.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appointments.domain.recovery.honesty.frames import Reach, Subject
from appointments.domain.recovery.honesty.lexicon import Lexicon
from appointments.domain.recovery.honesty.phrases import Match
from appointments.domain.recovery.honesty.tokens import COLLEAGUE, CUSTOMER, PERHAPS, SOMEBODY, Token

ASKS = re.compile(r"[^\w.!\n]{0,3}\?")
APART = re.compile(r"[(\"\u201c]")
"""What begins here goes on with nothing."""
BREAK = re.compile(r"[,()\u2013\u2014\"\u201c\u201d]|\s-+\s")


BY_PERSON = {COLLEAGUE: Subject.COLLEAGUE, SOMEBODY: Subject.COLLEAGUE, CUSTOMER: Subject.YOU, PERHAPS: Subject.PERHAPS}
BY_ROLE = (
    ("we", Subject.WE),
    ("you", Subject.YOU),
    ("third", Subject.COLLEAGUE),
    ("colleague", Subject.COLLEAGUE),
    ("else", Subject.COLLEAGUE),
)
"""The lists of people, the first that fits."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Words `first` to `last`; `scope` is where it begins with what it goes on with; `at` is its subject's word, or the
    one before the clause.
    """

    first: int
    last: int
    scope: int
    subject: Subject
    at: int

    @property
    def reach(self) -> Reach:
        return Reach(self.first, self.last, self.scope)


LONGEST = 40
"""So many words are one clause at the most, so that a very long text costs no more than its length."""


class Clauses:
    """The clauses of a text in its order."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.all = list(_clauses(text, tokens, lexicon))
        self._firsts = [one.first for one in self.all]
        self._asked = set(_asked(text, tokens))

    def of(self, match: Match) -> Clause:
        return self.all[bisect_right(self._firsts, match.first) - 1]

    def holds(self, match: Match) -> bool:
        """Whether one clause holds all of it."""
        return match.last <= self.of(match).last

    def is_asked(self, token: Token) -> bool:
        """Whether the sentence of the word is a question."""
        return token.sentence in self._asked


def _asked(text: str, tokens: Sequence[Token]) -> Iterator[int]:
    for at, token in enumerate(tokens):
        is_last = at + 1 == len(tokens) or tokens[at + 1].sentence != token.sentence
        if is_last and ASKS.match(text, token.end):
            yield token.sentence


def _clauses(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Clause]:
    before: Clause | None = None
    for first, last in _pieces(text, tokens, lexicon):
        is_apart = bool(first) and bool(APART.search(text, tokens[first - 1].end, tokens[first].start))
        before = _clause(first, last, None if is_apart else before, tokens, lexicon)
        yield before


def _pieces(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    if not tokens:
        return
    first = 0
    begins = lexicon.words["joins"] | lexicon.words["goes_on"]
    for at in range(1, len(tokens)):
        before, token = tokens[at - 1], tokens[at]
        joined = token.word in begins and before.word not in begins
        is_long = at - first >= LONGEST
        if joined or is_long or token.sentence != before.sentence or BREAK.search(text, before.end, token.start):
            yield first, at - 1
            first = at
    yield first, len(tokens) - 1


def _clause(first: int, last: int, before: Clause | None, tokens: Sequence[Token], lexicon: Lexicon) -> Clause:
    subject, at = _subject(first, last, tokens, lexicon)
    if before is None or tokens[before.last].sentence != tokens[first].sentence:
        return Clause(first, last, first, subject, at)
    begins = tokens[first].word
    goes_on = begins in lexicon.words["goes_on"] or (subject == Subject.NOBODY and not _is_anew(begins, lexicon))
    if not goes_on or subject not in (Subject.NOBODY, before.subject):
        return Clause(first, last, first, subject, at)
    return Clause(first, last, max(before.scope, first - LONGEST), before.subject, at)


def _is_anew(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.words["joins"] or word in lexicon.words["anew"]


def _subject(first: int, last: int, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Subject, int]:
    for at in range(first, last + 1):
        is_title = at < last and _is_title(tokens, at, lexicon)
        is_quoted = at > first and "quoted" in lexicon.roles(tokens[at - 1].word)
        if not (is_title or is_quoted) and (subject := subject_of(tokens[at], lexicon)):
            return subject, at
    return Subject.NOBODY, first - 1


def _is_title(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a polite word stands before what somebody does for a living."""
    return "polite" in lexicon.roles(tokens[at].word) and "who" in lexicon.roles(tokens[at + 1].word)


def subject_of(token: Token, lexicon: Lexicon) -> Subject | None:
    """Who a single word is; None for one that is nobody."""
    if token.is_named:
        return None
    if token.person in BY_PERSON:
        return BY_PERSON[token.person]
    roles = lexicon.roles(token.word)
    return next((subject for name, subject in BY_ROLE if name in roles), None)
