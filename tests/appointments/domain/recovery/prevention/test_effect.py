"""Better, worse, no change or cannot tell: said only when the figures say it."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.recovery.prevention.effect import Count, effect, limits
from appointments.enums import Verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((60, 1000), (20, 1000), Verdict.BETTER),
        ((20, 1000), (60, 1000), Verdict.WORSE),
        ((2000, 40_000), (2010, 40_000), Verdict.NO_CHANGE),
        ((6, 100), (4, 100), Verdict.CANNOT_TELL),
        ((0, 100), (0, 100), Verdict.CANNOT_TELL),
        ((10, 100), (0, 0), Verdict.CANNOT_TELL),
        ((30, 1000), (0, 1000), Verdict.BETTER),
    ],
)
def test_what_the_figures_say(before: tuple[int, int], after: tuple[int, int], verdict: Verdict) -> None:
    assert effect(Count(*before), Count(*after)).verdict == verdict


def test_the_limits_are_those_of_the_textbook() -> None:
    """Of 15 and 5 in as much time: the share of the latter lies between 0.0866 and 0.4910 (Clopper and Pearson)."""
    low, high = limits(Count(15, 1000), Count(5, 1000))
    assert (round(low / (1 + low), 4), round(high / (1 + high), 4)) == (0.0866, 0.491)


counts = st.builds(Count, st.integers(0, 60), st.integers(60, 2000))


@given(counts, counts)
def test_the_ratio_lies_within_its_limits(before: Count, after: Count) -> None:
    found = effect(before, after)
    assert found.low <= found.high
    if found.ratio is not None:
        assert found.low <= found.ratio <= found.high
    if found.verdict == Verdict.BETTER:
        assert found.high < 1
    assert (found.more is None) or (found.verdict == Verdict.CANNOT_TELL and found.more > 0)


@given(counts, counts)
def test_seen_from_the_other_side_better_is_worse(before: Count, after: Count) -> None:
    turned = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    verdict = effect(before, after).verdict
    there, back = effect(before, after), effect(after, before)
    if verdict in turned:
        assert back.verdict == turned[verdict]
    if there.low and not math.isinf(back.high):
        assert back.high == pytest.approx(1 / there.low)


def test_nothing_is_claimed_of_chance_more_often_than_said() -> None:
    chance = random.Random(7)
    wrong = 0
    for _turn in range(400):
        moves = [sum(chance.random() < 0.05 for _one in range(400)) for _side in range(2)]
        found = effect(Count(moves[0], 400), Count(moves[1], 400))
        wrong += found.verdict in (Verdict.BETTER, Verdict.WORSE)
    assert wrong <= 400 * 0.05
