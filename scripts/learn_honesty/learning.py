"""What makes a text sound like a kind, by logistic regression; and from where on that should be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from appointments.domain.recovery.honesty.kinds import Kind
from appointments.domain.recovery.honesty.learned.second import QUIETER_ALONE, share
from appointments.domain.recovery.honesty.learned.weights import BUCKETS, KINDS, LARGEST, Of
from scripts.learn_honesty.texts import RULES_KNOW_IT, Features, Text

STRENGTH = 50.0
"""Of the fit, as scikit-learn counts it; between 10 and 200 it hardly matters."""
TAUGHT = 5.0
"""So many times a text counts that somebody wrote who had not seen the rules."""
BAD_OTHERWISE = 0.02
"""So little a text counts that is bad, but in another way."""
COMMON = 7.0
"""What rare features count is divided by this, so that a text is about as long as one."""
NEVER = 99.0
"""So far no text sounds."""

WORTH = {Kind.HEALTH: 1.0, Kind.MONEY: 1.0, Kind.BLAME: 1.0, Kind.CERTAINTY: 0.5}
"""What it is worth to find one: who is too sure does less harm than who tells what is nobody's business."""
SHARED = 1.5
"""A good text that several limits hold up counts once, so that all of them together may hold up so many times more."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Way = tuple[float, tuple[float, ...]]
"""How much is found, and the limits by which it is."""


@dataclass(frozen=True)
class Tried:
    """What is known of texts once somebody else's have been learned from: by kind, one entry a text."""

    good: Bools
    bad: Mapping[Kind, Bools]
    ruled: Mapping[Kind, Bools]
    sounds: Mapping[Kind, Floats]
    """As a whole; where the rules find something, the loudest of that and each sentence alone."""


@dataclass(frozen=True)
class Limits:
    """From where on it speaks, and below what it takes back what the rules found."""

    heard: float = NEVER
    overruled: float = NEVER


def matrix(texts: Sequence[Features]) -> sparse.csr_matrix:
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for text in texts:
        for group, places in text.items():
            if not places:
                continue
            values += [share(group, len(places))] * len(places)
            columns += places
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(texts), BUCKETS))


def learn(texts: Sequence[Text]) -> dict[Kind, Of]:
    """The weights of each kind; what is in few texts counts for more. A kind is learned beside the good texts, and only
    a little beside those that are bad in other ways: what tells it from them is not what makes it bad.
    """
    known = matrix([one.features for one in texts])
    known.sum_duplicates()
    rare = (np.log((1 + len(texts)) / (1 + known.getnnz(axis=0))) + 1) / COMMON
    weighed = (known @ sparse.diags(rare)).tocsr()
    counts = np.array([1.0 if one.writer == RULES_KNOW_IT else TAUGHT for one in texts])
    is_bad = np.array([bool(one.kinds) for one in texts])
    of = {}
    for kind in KINDS:
        is_it = np.array([kind in one.kinds for one in texts])
        of[kind] = _of(weighed, rare, is_it, counts * np.where(is_bad & ~is_it, BAD_OTHERWISE, 1.0))
    return of


def _of(weighed: sparse.csr_matrix, rare: Floats, is_it: Bools, counts: Floats) -> Of:
    fit = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=1e-2, max_iter=500, random_state=0)
    fit.fit(weighed, is_it, sample_weight=counts)
    weights = fit.coef_[0] * rare
    scale = float(np.abs(weights).max()) / LARGEST
    table = np.round(weights / scale).astype(np.int8)
    return Of(memoryview(table), scale, float(fit.intercept_[0]), NEVER, -NEVER)


def sounds(texts: Sequence[Text], kind: Kind, of: Of) -> Floats:
    heard = _sounds([one.features for one in texts], of)
    for at, text in enumerate(texts):
        if kind in text.ruled:
            heard[at] = max(heard[at], _sounds(text.alone, of).max() - QUIETER_ALONE)
    return heard


def _sounds(texts: Sequence[Features], of: Of) -> Floats:
    heard: Floats = matrix(texts) @ (np.asarray(of.table) * of.scale) + of.bias
    return heard


def crossed(texts: Sequence[Text]) -> Tried:
    """Each writer's texts as they sound to whoever has learned from all the others."""
    writers = sorted({one.writer for one in texts} - {RULES_KNOW_IT})
    parts = [_tried(writer, texts) for writer in writers]
    return Tried(
        np.concatenate([one.good for one in parts]),
        *(
            {kind: np.concatenate([getattr(one, name)[kind] for one in parts]) for kind in KINDS}
            for name in ("bad", "ruled", "sounds")
        ),
    )


def _tried(writer: str, texts: Sequence[Text]) -> Tried:
    own = [one for one in texts if one.writer == writer]
    of = learn([one for one in texts if one.writer != writer])
    return Tried(
        np.array([not one.kinds for one in own]),
        {kind: np.array([kind in one.kinds for one in own]) for kind in KINDS},
        {kind: np.array([kind in one.ruled for one in own]) for kind in KINDS},
        {kind: sounds(own, kind, of[kind]) for kind in KINDS},
    )


def found(tried: Tried, kind: Kind, limits: Limits) -> Bools:
    limit = np.where(tried.ruled[kind], limits.overruled, limits.heard)
    said: Bools = tried.sounds[kind] >= limit
    return said


def limits(tried: Tried, *, alarms: float) -> dict[Kind, Limits]:
    """The limits by which most is found, each kind by its worth, while of the good texts no more than that share is
    held up. What the rules find, too, never has to be louder than what they do not.
    """
    most = int(alarms * tried.good.sum())
    tries = (_limits(tried, most=each) for each in range(int(most * SHARED), 0, -1))
    return next((one for one in tries if _held_up(tried, one) <= most), dict.fromkeys(KINDS, Limits()))


def _held_up(tried: Tried, limits: Mapping[Kind, Limits]) -> int:
    said = [found(tried, kind, limits[kind]) for kind in KINDS]
    return int((np.logical_or.reduce(said) & tried.good).sum())


def _limits(tried: Tried, *, most: int) -> dict[Kind, Limits]:
    """Each limit has so many texts that it may hold up; which has how many is tried in all ways."""
    ways: list[Way] = [(0.0, ())] * (most + 1)
    for kind in KINDS:
        for is_ruled in (False, True):
            curve = [(WORTH[kind] * share, limit) for share, limit in _curve(tried, kind, is_ruled=is_ruled, most=most)]
            ways = [max(_spent(ways, curve, spent)) for spent in range(most + 1)]
    chosen = ways[most][1]
    pairs = {kind: chosen[2 * at : 2 * at + 2] for at, kind in enumerate(KINDS)}
    return {kind: Limits(heard, min(heard, overruled)) for kind, (heard, overruled) in pairs.items()}


def _spent(ways: Sequence[Way], curve: Sequence[tuple[float, float]], spent: int) -> Iterator[Way]:
    """The ways in which so many texts are held up, when one more limit may hold up any number of them."""
    for own in range(spent + 1):
        share, limit = curve[own]
        before, limits = ways[spent - own]
        yield before + share, (*limits, limit)


def _curve(tried: Tried, kind: Kind, *, is_ruled: bool, most: int) -> list[tuple[float, float]]:
    """By how many good texts it may hold up, the share of the bad ones that is found, and from where on. Of those that
    the rules find, or of the others.
    """
    here = tried.ruled[kind] == is_ruled
    good = -np.sort(-tried.sounds[kind][here & tried.good])
    bad = tried.sounds[kind][here & tried.bad[kind]]
    curve = []
    for held_up in range(most + 1):
        limit = float(good[held_up]) if held_up < len(good) else -NEVER
        louder = bad[bad > limit]
        limit = (limit + float(louder.min())) / 2 if len(louder) else NEVER
        curve.append((len(louder) / max(1, int(tried.bad[kind].sum())), limit))
    return curve
