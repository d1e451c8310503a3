"""The second reader at work: what it hears in a text, and what it takes back of what the rules found.

It reads a few sentences at a time, for what somebody hints at is seldom said in one. It never says more than a warning:
it weighs, and cannot tell why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appointments.domain.recovery.honesty.kinds import SOUNDS, Finding, Gravity, Kind, TextKind, found
from appointments.domain.recovery.honesty.learned.features import SHARES, Places, Sentence, sentences
from appointments.domain.recovery.honesty.learned.weights import KINDS, Of
from appointments.domain.recovery.honesty.reading import In, Reading

TOGETHER = 4
"""So many sentences are read at a time."""
FEWEST = 3
"""Of fewer words nobody can hear what they hint at."""
QUIETER_ALONE = 3.0
"""A sentence by itself is so much quieter: of few words one that is rare sounds like anything."""
MOST_QUOTED, LEAST_SHARE = 8, 0.3
"""Words of a finding: so many at the most, each with so much of the weight of the heaviest."""


@dataclass(frozen=True)
class Piece:
    """A few sentences in a row, and by kind how much they sound like it."""

    one: In
    of: Mapping[Kind, Of]
    sentences: Sequence[Sentence]
    sounds: dict[Kind, float]

    @property
    def words(self) -> int:
        return self.sentences[-1].last - self.sentences[0].first + 1

    @property
    def start(self) -> int:
        return self.one.tokens[self.sentences[0].first].start

    @property
    def end(self) -> int:
        return self.one.tokens[self.sentences[-1].last].end

    def loudest(self, kind: Kind) -> float:
        """As a whole, or in one of its sentences."""
        of = self.of[kind]
        alone = max(sound(sentence.features, of) for sentence in self.sentences)
        return max(self.sounds[kind], alone - QUIETER_ALONE)

    def holds(self, finding: Finding) -> bool:
        return self.start <= finding.start and finding.end <= self.end


class Heard:
    """What the second reader makes of a line, for lines are what it has learned from. Of a note it would have the last
    word, as nobody can tick that a note is meant; a letter, a part of one and a cause are read by many.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        is_read = reading.facts.text == TextKind.LINE and not (reading.facts.language and reading.own is None)
        self.pieces = [piece for one in reading.spoken() for piece in pieces(one, reading.bare)] if is_read else []

    def overrules(self, finding: Finding) -> bool:
        """Whether the rules were too quick: nothing around it sounds like it at all, together or alone. Where something
        was granted, they know to the penny what may be said.
        """
        if finding.kind not in KINDS or self._is_granted(finding.kind):
            return False
        around = [piece for piece in self.pieces if piece.holds(finding)]
        return bool(around) and all(piece.loudest(finding.kind) < piece.of[finding.kind].overruled for piece in around)

    def findings(self, known: Iterable[Finding]) -> Iterator[Finding]:
        """What no rule has found in the same piece of the text."""
        known = list(known)
        for kind in KINDS:
            if self._is_granted(kind):
                continue
            loud = [one for one in self.pieces if one.words >= FEWEST and one.sounds[kind] >= one.of[kind].heard]
            for piece in sorted(loud, key=lambda one: -one.sounds[kind]):
                if not any(one.kind == kind and piece.holds(one) for one in known):
                    known.append(_finding(self.reading.text, piece, kind))
                    yield known[-1]

    def _is_granted(self, kind: Kind) -> bool:
        facts = self.reading.facts
        return (kind == Kind.MONEY and bool(facts.given)) or (kind == Kind.CERTAINTY and facts.confirmed)


def pieces(one: In, text: str) -> Iterator[Piece]:
    """All runs of so many sentences; a shorter text is one of them. None where the language has learned nothing."""
    if (weights := one.lexicon.weights) is None:
        return
    made = sentences(one, text)
    for first in range(max(1, len(made) - TOGETHER + 1) if made else 0):
        run = made[first : first + TOGETHER]
        together = merged(run)
        yield Piece(one, weights.of, run, {kind: sound(together, weights.of[kind]) for kind in KINDS})


def merged(run: Iterable[Sentence]) -> dict[str, Places]:
    """The features of several sentences, each once."""
    together: dict[str, Places] = {group: {} for group in SHARES}
    for sentence in run:
        for group, places in sentence.features.items():
            together[group] = places | together[group]
    return together


def sound(features: dict[str, Places], of: Of) -> float:
    """How much it sounds like a kind: more than nothing is likelier so than not."""
    weight = of.table.__getitem__
    weighs = sum(share(group, len(places)) * sum(map(weight, places)) for group, places in features.items() if places)
    return of.bias + of.scale * weighs


def share(group: str, features: int) -> float:
    """What one of so many features of a group counts."""
    return SHARES[group] / features**0.5


def _finding(text: str, piece: Piece, kind: Kind) -> Finding:
    """The words that weigh most: the heaviest, and its neighbours that weigh nearly as much."""
    weighs = _by_word(piece, kind)
    first = last = max(weighs, key=lambda at: weighs[at])
    least = weighs[first] * LEAST_SHARE
    tokens = piece.one.tokens
    while last - first + 1 < MOST_QUOTED:
        sides = [at for at in (first - 1, last + 1) if at in weighs and tokens[at].sentence == tokens[first].sentence]
        best = max(sides, key=lambda at: weighs[at], default=None)
        if best is None or weighs[best] < least:
            break
        first, last = min(first, best), max(last, best)
    return found(kind, text, tokens[first].start, tokens[last].end, about=SOUNDS, gravity=Gravity.WARNED)


def _by_word(piece: Piece, kind: Kind) -> dict[int, float]:
    """The weight of every word: its part of all features that it stands in."""
    of = piece.of[kind]
    weighs = dict.fromkeys(range(piece.sentences[0].first, piece.sentences[-1].last + 1), 0.0)
    for group, places in merged(piece.sentences).items():
        for bucket, (first, last) in places.items():
            for at in range(first, last + 1):
                weighs[at] += share(group, len(places)) * of.table[bucket] * of.scale / (last - first + 1)
    return weighs
