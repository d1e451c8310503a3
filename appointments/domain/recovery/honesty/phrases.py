"""Phrases as the lists of a language write them, and where they stand in a text.

    refund*         any ending
    a/an            either
    very?           may be left out
    ~               up to three words in between, which need not be there
    #               a number
    $               the end of the sentence
    @colleague      a word of the list of that name
    @name           somebody's name

A phrase never reaches over the end of a sentence. Looking for all phrases takes one pass over the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appointments.domain.recovery.honesty.tokens import Token

GAP, NUMBER, NAME, END = "~", "#", "@name", "$"
WIDEST_GAP = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a phrase, or a gap."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    is_gap: bool = False
    is_end: bool = False
    is_optional: bool = False
    is_number: bool = False
    is_name: bool = False

    @property
    def is_open(self) -> bool:
        """Whether more fits than its words."""
        return bool(self.beginnings or self.is_number or self.is_name)

    def fits(self, token: Token) -> bool:
        if (self.is_number and token.is_number) or (self.is_name and token.person):
            return True
        return any(map(self.has, token.forms))

    def has(self, word: str) -> bool:
        return word in self.words or word.startswith(self.beginnings)


@dataclass(frozen=True, slots=True)
class Match:
    """Words `first` to `last`, the last one included."""

    first: int
    last: int


def not_held(found: list[Match], *, by: list[Match]) -> list[Match]:
    """Those of `found` that lie in none of `by`; both in the order of the text."""
    left, furthest, position = [], -1, 0
    for one in found:
        while position < len(by) and by[position].first <= one.first:
            furthest = max(furthest, by[position].last)
            position += 1
        if one.last > furthest:
            left.append(one)
    return left


Phrase = tuple[Step, ...]
Named = tuple[str, Phrase, frozenset[str]]
"""A phrase with the list in which it stands, and words of which its sentence must have one; none when any may do."""
MOST_REMEMBERED = 20_000
SHORTEST_BEGINNING = 2


class Phrases:
    """The phrases of many lists by what they can begin with, so that one pass over a text looks for all of them."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[Named]] = {}
        self._by_beginning: dict[str, list[Named]] = {}
        self._by_name: list[Named] = []
        self._by_number: list[Named] = []
        self._remembered: dict[str, tuple[Named, ...]] = {}

    def add(self, name: str, lines: Iterable[str], lists: Mapping[str, Sequence[str]]) -> set[str]:
        """Adds the list `name`, and says which of its phrases are one word.

        Raises ValueError for a list that is not known, and for a phrase that begins with a gap.
        """
        single: set[str] = set()
        for line in lines:
            phrase = tuple(step_of(part, lists) for part in line.split())
            if not phrase or phrase[0].is_gap or phrase[0].is_end or phrase[0].is_optional:
                raise ValueError(f"“{line}” must begin with a word")
            self._add((name, phrase, _needed(phrase)))
            if len(phrase) == 1:
                single |= phrase[0].words | set(phrase[0].beginnings)
        return single

    def _add(self, named: Named) -> None:
        first = named[1][0]
        for word in first.words:
            self._by_word.setdefault(word, []).append(named)
        for beginning in first.beginnings:
            self._by_beginning.setdefault(beginning, []).append(named)
        if first.is_name:
            self._by_name.append(named)
        if first.is_number:
            self._by_number.append(named)

    def find(self, tokens: Sequence[Token]) -> dict[str, list[Match]]:
        """By list, where its phrases stand: the longest at each word. What a service is called counts for nothing."""
        found: dict[str, list[Match]] = {}
        words: dict[int, set[str]] = {}
        for token in tokens:
            words.setdefault(token.sentence, set()).update(token.forms)
        for position, token in enumerate(tokens):
            if token.is_named:
                continue
            furthest: dict[str, int] = {}
            here = words[token.sentence]
            for name, phrase, needed in self._beginning_with(token):
                if needed and needed.isdisjoint(here):
                    continue
                end = _end(phrase, tokens, position)
                if end >= furthest.get(name, position):
                    furthest[name] = end
            for name, end in furthest.items():
                found.setdefault(name, []).append(Match(position, end))
        return found

    def _beginning_with(self, token: Token) -> Iterator[Named]:
        for form in token.forms:
            yield from self._known(form)
        if token.person:
            yield from self._by_name
        if token.is_number:
            yield from self._by_number

    def _known(self, word: str) -> tuple[Named, ...]:
        """The phrases that can begin with a word; remembered, since texts use the same words over and over."""
        if (known := self._remembered.get(word)) is None:
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.clear()
            beginnings = (word[:length] for length in range(SHORTEST_BEGINNING, len(word) + 1))
            longer = (named for beginning in beginnings for named in self._by_beginning.get(beginning, ()))
            known = self._remembered[word] = (*self._by_word.get(word, ()), *longer)
        return known


def step_of(part: str, lists: Mapping[str, Sequence[str]]) -> Step:
    if part in (GAP, END):
        return Step(is_gap=part == GAP, is_end=part == END)
    is_optional, part = part.endswith("?"), part.removesuffix("?")
    words = list(_words(part.split("/"), lists))
    return Step(
        words=frozenset(word for word in words if not word.endswith("*") and word not in (NAME, NUMBER)),
        beginnings=tuple(word[:-1] for word in words if word.endswith("*")),
        is_optional=is_optional,
        is_number=NUMBER in words,
        is_name=NAME in words,
    )


def _words(parts: Iterable[str], lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for part in parts:
        if part.startswith("@") and part != NAME:
            if part[1:] not in lists:
                raise ValueError(f"there is no list {part}")
            yield from _words(lists[part[1:]], lists)
        else:
            yield part


def _needed(phrase: Phrase) -> frozenset[str]:
    """The words of its last step that is nothing but words, where that is not the first."""
    plain = (
        step for step in reversed(phrase[1:]) if not (step.is_gap or step.is_end or step.is_optional or step.is_open)
    )
    return next((step.words for step in plain), frozenset())


def _end(phrase: Phrase, tokens: Sequence[Token], position: int) -> int:
    """The last word of the longest way in which a phrase stands at `position`, whose first word fits; -1 for none."""
    ends, sentence = {position + 1}, tokens[position].sentence
    for step in phrase[1:]:
        after: set[int] = set()
        for at in ends:
            if step.is_gap:
                after.update(range(at, at + WIDEST_GAP + 1))
                continue
            is_over = at >= len(tokens) or tokens[at].sentence != sentence
            if step.is_optional or (step.is_end and is_over):
                after.add(at)
            if not is_over and step.fits(tokens[at]):
                after.add(at + 1)
        if not after:
            return -1
        ends = after
    last = min(max(ends), len(tokens)) - 1
    while tokens[last].sentence != sentence:
        last -= 1
    return last
