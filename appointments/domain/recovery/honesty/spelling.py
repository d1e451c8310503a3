"""Words that somebody meant: a letter too many, one too few, two in the wrong order, or one that is another."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 5
"""Shorter words are too close to others to be guessed."""
SHORTEST_SWAPPED = 7
"""From so many letters on, one of them may be another."""
LONGEST = 24
MOST_REMEMBERED = 20_000


class Misspelt:
    """Knows which words of a list a typed word may stand for."""

    def __init__(self, words: Iterable[str], *, but: Iterable[str] = ()) -> None:
        """`but`: words of their own that only look like one of the list."""
        self.but = frozenset(but)
        self._by_rest: dict[str, set[str]] = {}
        self._remembered: dict[str, str] = {}
        for word in words:
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                for rest in (word, *_rests(word)):
                    self._by_rest.setdefault(rest, set()).add(word)

    def meant(self, typed: str) -> str:
        """The word of the list, or ""; a word that is spelt right is not asked about."""
        if not SHORTEST - 1 <= len(typed) <= LONGEST or typed in self.but:
            return ""
        if (known := self._remembered.get(typed)) is None:
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[typed] = self._look_up(typed)
        return known

    def _look_up(self, typed: str) -> str:
        near = {word for rest in (typed, *_rests(typed)) for word in self._by_rest.get(rest, ())}
        return min((word for word in near if is_slip(typed, word)), default="")


def _rests(word: str) -> list[str]:
    """The word without one of its letters."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def is_slip(typed: str, word: str) -> bool:
    """Whether one slip of a finger makes `typed` of `word`; the first letter is always right."""
    if typed[:1] != word[:1] or typed == word:
        return False
    if len(typed) == len(word):
        differ = [at for at, (one, other) in enumerate(zip(typed, word, strict=True)) if one != other]
        is_turned = len(differ) == 2 and differ[1] == differ[0] + 1
        turned = is_turned and typed[differ[0]] == word[differ[1]] and typed[differ[1]] == word[differ[0]]
        return turned or (len(differ) == 1 and len(word) >= SHORTEST_SWAPPED)
    shorter, longer = sorted((typed, word), key=len)
    if len(longer) - len(shorter) != 1:
        return False
    doubled = any(longer[at] == longer[at - 1] and _without(longer, at) == shorter for at in range(1, len(longer)))
    return doubled or (len(longer) >= SHORTEST and shorter in _rests(longer))


def _without(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]
