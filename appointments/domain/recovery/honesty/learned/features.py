"""What the second reader weighs of a sentence: its words and their neighbours, parts of words, their stems near one
another, who stands where, and which lists of the language have something in it. Names and numbers count as such, never
for what they are.

Each feature is only a number, its bucket; two may share one, which the weights have learned to live with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from zlib import crc32

from appointments.domain.recovery.honesty.learned.weights import BUCKETS
from appointments.domain.recovery.honesty.lexicon import FRAMED
from appointments.domain.recovery.honesty.reading import In
from appointments.domain.recovery.honesty.tokens import CUSTOMER, Token

SHARES = {"words": 1.0, "parts": 0.6, "stems": 0.8, "roles": 0.6, "lists": 0.3}
"""How much each group of features counts, however many of them a text has."""
LONGEST_RUN = 3
FURTHEST = 4
"""So many words further on a stem still stands near another."""
PARTS = (3, 4, 5)
BEGIN, END = "^", "$"
NUMBER, NAME, OF_CUSTOMER, ANY = "<n>", "<name>", "<customer>", "*"
MOST_REMEMBERED = 20_000

Places = dict[int, tuple[int, int]]
"""By bucket, the first and the last word of where a feature stands first."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words `first` to `last` of a text, and the features by their group."""

    first: int
    last: int
    features: dict[str, Places] = field(default_factory=lambda: {group: {} for group in SHARES})

    def add(self, group: str, said: str, first: int, last: int) -> None:
        self.features[group].setdefault(bucket(group, said), (max(first, self.first), min(last, self.last)))


def bucket(group: str, said: str) -> int:
    return crc32(f"{group} {said}".encode()) % BUCKETS


def sentences(one: In, text: str) -> list[Sentence]:
    """The sentences of a text as one language reads it."""
    made: list[Sentence] = []
    by_number: dict[int, Sentence] = {}
    for first, last in _spans(one.tokens):
        sentence = Sentence(first, last)
        _add_words(sentence, one, text)
        by_number[one.tokens[first].sentence] = sentence
        made.append(sentence)
    _add_lists(by_number, one)
    return made


def _spans(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    first = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].sentence != tokens[first].sentence:
            yield first, at - 1
            first = at


def _add_words(sentence: Sentence, one: In, text: str) -> None:
    tokens = one.tokens[sentence.first : sentence.last + 1]
    end = END + text[tokens[-1].end : tokens[-1].end + 1].strip()
    words = [_word(token) for token in tokens]
    for at, token in enumerate(tokens):
        if token.is_named or words[at] != token.word:
            continue
        for part in parts(token.word):
            sentence.features["parts"].setdefault(part, (sentence.first + at, sentence.first + at))
    _add_runs(sentence, "words", [BEGIN, *words, end], shortest=1)
    for at, (before, after) in enumerate(zip([BEGIN, *words[:-1]], [*words[1:], end], strict=True)):
        sentence.add("words", f"{before} _ {after}", sentence.first + at - 1, sentence.first + at + 1)
    stems = [one.lexicon.stem(word) if word == token.word else word for token, word in zip(tokens, words, strict=True)]
    _add_runs(sentence, "stems", [BEGIN, *stems, end], shortest=1)
    _add_pairs(sentence, "stems", stems)
    roles = [_role(token, word, one) for token, word in zip(tokens, words, strict=True)]
    _add_runs(sentence, "roles", [BEGIN, *roles, end], shortest=2)


def _add_runs(sentence: Sentence, group: str, words: Sequence[str], *, shortest: int) -> None:
    """What stands side by side; `words` has one more at either end than the sentence."""
    for length in range(shortest, LONGEST_RUN + 1):
        for at in range(len(words) - length + 1):
            first = sentence.first + at - 1
            sentence.add(group, " ".join(words[at : at + length]), first, first + length - 1)


def _add_pairs(sentence: Sentence, group: str, words: Sequence[str]) -> None:
    """What stands near, whatever is in between."""
    for at, word in enumerate(words):
        for away in range(2, min(FURTHEST + 1, len(words) - at)):
            first = sentence.first + at
            sentence.add(group, f"{word} ~ {words[at + away]}", first, first + away)


def _word(token: Token) -> str:
    if token.is_number:
        return NUMBER
    if token.person:
        return OF_CUSTOMER if token.person == CUSTOMER else NAME
    return token.word


def _role(token: Token, word: str, one: In) -> str:
    """What a word does in its sentence: of whom it speaks, else itself where it is a common one."""
    if word != token.word:
        return word
    if roles := one.lexicon.roles(token.word):
        return "|".join(sorted(roles))
    return word if word in one.lexicon.words["language"] else ANY


@lru_cache(maxsize=MOST_REMEMBERED)
def parts(word: str) -> tuple[int, ...]:
    """The buckets of the parts of a word; by them its endings and its slips of the finger are known, too."""
    whole = f"{BEGIN}{word}{END}"
    said = (whole[at : at + length] for length in PARTS for at in range(len(whole) - length + 1))
    return tuple(dict.fromkeys(bucket("parts", part) for part in said))


def _add_lists(sentences: dict[int, Sentence], one: In) -> None:
    """The lists of the language, each alone and with whom its clause speaks of."""
    tables = {name: found for name, found in one.matches.items() if name.partition(".")[0] in FRAMED}
    for name, found in (*one.listed.items(), *tables.items()):
        for match in found:
            sentence = sentences[one.tokens[match.first].sentence]
            sentence.add("lists", name, match.first, match.last)
            sentence.add("lists", f"{name} {one.clauses.of(match).subject}", match.first, match.last)
