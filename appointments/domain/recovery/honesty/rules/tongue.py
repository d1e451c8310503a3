"""Words in another language than the customer's. Names, and the words of a trade, are of no language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from appointments.domain.recovery.honesty.kinds import Finding, Kind, found
from appointments.domain.recovery.honesty.reading import In, Reading

FEWEST = 2
"""So many common words of another language, and none of the customer's, make a sentence foreign."""
SHORT_TEXT = 4
"""Of so many words one does, where the whole text has no common word of the customer's."""
MANY_TIMES = 4
"""So many times as many of another language do so where there are some of both."""


def foreign(reading: Reading) -> Iterator[Finding]:
    """Each sentence in another language; and that nothing can be said, where the customer's has no lists."""
    own = reading.own
    if own is None:
        if reading.facts.language:
            yield found(Kind.UNREAD, reading.text, 0, 0, about=reading.facts.language)
        return
    for other in reading.languages:
        if other is own:
            continue
        for start, end in _foreign_sentences(own, other):
            yield found(Kind.LANGUAGE, reading.text, start, end, about=other.lexicon.code)


def _foreign_sentences(own: In, other: In) -> Iterator[tuple[int, int]]:
    ours, theirs = sorted(_common(own, other)), sorted(_common(other, own))
    sentences: dict[int, tuple[int, int]] = {}
    for token in other.tokens:
        start, _end = sentences.get(token.sentence, (token.start, token.end))
        sentences[token.sentence] = (start, token.end)
    for start, end in sentences.values():
        many = bisect_left(theirs, end) - bisect_left(theirs, start)
        few = bisect_left(ours, end) - bisect_left(ours, start)
        few_words = many and not ours and len(other.tokens) >= SHORT_TEXT
        if few_words or (many >= FEWEST and (few == 0 or many >= MANY_TIMES * few + FEWEST)):
            yield start, end


def _common(one: In, other: In) -> set[int]:
    """Where common words of `one` stand that the other language does not have, too."""
    known, shared = one.lexicon.words["language"], other.lexicon.words["language"]
    return {
        token.start
        for token in one.tokens
        if token.word in known and token.word not in shared and not token.is_named and not token.person
    }
