"""Frames: what makes a clause wrong by its build, whichever words it uses.

of       of whom the clause speaks, one of `Subject`; whomever when it is left out
has      lists of [words], of each of which a phrase stands there, in this order, behind the subject
unless   lists of which none stands in the clause, or in what it goes on with
wide     the whole sentence counts in place of the clause
gravity  when it is another one than that of the kind
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from appointments.domain.recovery.honesty.phrases import Match

KEYS = {"of", "has", "some", "least", "unless", "loose", "wide", "gravity"}
Listed = Mapping[str, Sequence[Match]]
"""Where the phrases of each list of [words] stand, in the order of the text."""


class Subject(StrEnum):
    """Of whom a clause speaks."""

    WE = "we"
    YOU = "you"
    COLLEAGUE = "colleague"
    PERHAPS = "perhaps"
    """A word with a capital that may be somebody's name."""
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Frame:
    of: frozenset[str]
    has: tuple[str, ...]
    unless: tuple[str, ...]
    some: tuple[str, ...] = ()
    least: int = 0
    loose: bool = False
    wide: bool = False
    gravity: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The words that count for a frame: `first` to `last` for what it has, from `scope` on for what lifts it."""

    first: int
    last: int
    scope: int


def frame_of(said: Mapping[str, Any], *, lists: Collection[str]) -> Frame:
    """Raises ValueError for one that cannot be used."""
    frame = Frame(
        of=frozenset(said.get("of", ())),
        has=tuple(said.get("has", ())),
        unless=tuple(said.get("unless", ())),
        some=tuple(said.get("some", ())),
        least=int(said.get("least", 0)),
        loose=bool(said.get("loose", False)),
        wide=bool(said.get("wide", False)),
        gravity=str(said.get("gravity", "")),
    )
    wrong = {*said} - KEYS | frame.of - {*Subject} | {*frame.has, *frame.some, *frame.unless} - {*lists}
    if wrong or not frame.has:
        raise ValueError(f"a frame has no list, or what nobody knows: {', '.join(sorted(wrong))}")
    return frame


def stands(frame: Frame, begins: Match, reach: Reach, listed: Listed) -> Match | None:
    """From the phrase `begins` of its first list to that of its last one; None where the frame does not stand."""
    used = [begins]
    for name in frame.has[1:]:
        following = _next(listed.get(name, ()), used[-1].first + 1, reach.last)
        if following is None:
            return None
        used.append(following)
    others = sum(_next(listed.get(name, ()), reach.first, reach.last) is not None for name in frame.some)
    if others < frame.least or any(is_lifted(listed.get(name, ()), reach, used) for name in frame.unless):
        return None
    return Match(begins.first, max(one.last for one in used))


def _next(matches: Sequence[Match], first: int, last: int) -> Match | None:
    at = bisect_left(matches, first, key=lambda match: match.first)
    return matches[at] if at < len(matches) and matches[at].first <= last else None


def is_lifted(matches: Sequence[Match], reach: Reach, used: Sequence[Match]) -> bool:
    """Whether one of them stands in reach, other than as a part of what the frame has."""
    return any(not any(_lies_in(match, one) for one in used) for match in _between(matches, reach.scope, reach.last))


def _between(matches: Sequence[Match], first: int, last: int) -> Iterator[Match]:
    for at in range(bisect_left(matches, first, key=lambda match: match.first), len(matches)):
        if matches[at].first > last:
            return
        yield matches[at]


def _lies_in(match: Match, other: Match) -> bool:
    return other.first <= match.first and match.last <= other.last
