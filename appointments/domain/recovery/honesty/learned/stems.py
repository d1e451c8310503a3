"""Stems: words without what their language puts before and behind them, so that "moved" and "moving" weigh alike.

They need not be words, nor what a grammar says; it is enough that the same things are cut off everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MARK = "-"
"""Stands where the rest of the word is: "-ing" comes off its end, "un-" off its beginning."""
SHORTEST = 3
"""So many letters are left."""

Round = tuple[str, ...]
"""Of these one comes off, the first that fits; then the next round has its turn."""


def rounds_of(said: Iterable[Sequence[str]]) -> tuple[Round, ...]:
    """Raises ValueError for what comes off neither end."""
    rounds = tuple(tuple(one) for one in said)
    for one in (one for each in rounds for one in each):
        if one.strip(MARK) == "" or one.startswith(MARK) == one.endswith(MARK):
            raise ValueError(f"“{one}” has to begin or to end with “{MARK}”")
    return rounds


def stem_of(word: str, rounds: Iterable[Round]) -> str:
    for each in rounds:
        word = next((rest for one in each if (rest := _without(one, word))), word)
        if len(word) > SHORTEST and word[-1] == word[-2]:
            word = word[:-1]
    return word


def _without(part: str, word: str) -> str:
    """The word without it, or ""."""
    is_ending = part.startswith(MARK)
    part = part.strip(MARK)
    if len(word) - len(part) < SHORTEST:
        return ""
    if is_ending:
        return word[: -len(part)] if word.endswith(part) else ""
    return word[len(part) :] if word.startswith(part) else ""
