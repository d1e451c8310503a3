"""Whether a change made something rarer, by the figures before and after it, and how sure one can be. Pure.

Moves are counted per appointments. Given how many moves there were in both times together, those after the change are
binomial, with a share that depends on the ratio of the two rates alone (Przyborowski and Wilenski, Biometrika 1940);
the exact limits of that share (Clopper and Pearson, Biometrika 1934) give those of the ratio.
"""

import math
from dataclasses import dataclass

from appointments.enums.prevention import Verdict

SURE = 0.95
SAME = 0.8
"""Rates between four fifths and five fourths of each other are no change that anybody would notice."""


@dataclass(frozen=True)
class Count:
    """How many of so many appointments had to move."""

    moves: int
    appointments: int

    @property
    def rate(self) -> float | None:
        """Moves per thousand appointments."""
        return 1000 * self.moves / self.appointments if self.appointments else None


@dataclass(frozen=True)
class Effect:
    """`ratio`: the rate after the change beside that before it, with its limits `low` and `high` (`math.inf` where
    nothing bounds it); None where nothing was counted. `more`: about how many more appointments it takes to be able to
    tell, where one cannot.
    """

    verdict: Verdict
    before: Count
    after: Count
    ratio: float | None
    low: float
    high: float
    more: int | None = None


def effect(before: Count, after: Count, *, sure: float = SURE) -> Effect:
    """What the figures say. *No change* is said only when they bound the ratio between 0.8 and 1.25."""
    total = before.moves + after.moves
    if not total or not before.appointments or not after.appointments:
        return Effect(Verdict.CANNOT_TELL, before, after, None, 0.0, math.inf)
    low, high = limits(before, after, sure=sure)
    ratio = (after.moves / after.appointments) / (before.moves / before.appointments) if before.moves else None
    verdict = _verdict(low, high)
    more = _more(before, after, low, high) if verdict == Verdict.CANNOT_TELL else None
    return Effect(verdict, before, after, ratio, low, high, more)


def limits(before: Count, after: Count, *, sure: float = SURE) -> tuple[float, float]:
    """Between which the ratio of the rates lies, as sure as asked."""
    from scipy.special import betaincinv  # takes a third of a second to load, and every program loads this module

    total, odds = before.moves + after.moves, before.appointments / after.appointments
    tail = (1 - sure) / 2
    least = float(betaincinv(after.moves, before.moves + 1, tail)) if after.moves else 0.0
    most = float(betaincinv(after.moves + 1, before.moves, 1 - tail)) if after.moves < total else 1.0
    return odds * least / (1 - least), (odds * most / (1 - most) if most < 1 else math.inf)


def _verdict(low: float, high: float) -> Verdict:
    if high < 1:
        return Verdict.BETTER
    if low > 1:
        return Verdict.WORSE
    return Verdict.NO_CHANGE if low >= SAME and high <= 1 / SAME else Verdict.CANNOT_TELL


def _more(before: Count, after: Count, low: float, high: float) -> int | None:
    """How many more appointments, when the width of the limits on the logarithm shrinks as the root of the count: until
    it fits between "no change" or beside one, whichever needs fewer. None where nothing can be said.
    """
    if not before.moves or not after.moves or not low or math.isinf(high):
        return None
    width = math.log(high / low) / 2
    centre = abs(math.log(math.sqrt(high * low)))
    wanted = max(centre, -math.log(SAME) - centre)
    grows = (width / wanted) ** 2 if wanted > 0 else math.inf
    return None if math.isinf(grows) else math.ceil(after.appointments * (grows - 1))
