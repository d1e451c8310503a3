"""Who comes first, and what is left for the others."""

from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import by_priority, place_in_turn
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.problem import Problem
from tests import plans
from tests.plans import clock

NINE, TEN = clock("09:00"), clock("10:00")


def test_the_most_urgent_comes_first_then_the_earliest_then_the_first_known() -> None:
    jobs = (
        plans.job(5, at=TEN), plans.job(4, at=TEN, priority=2), plans.job(3, at=NINE),
        plans.job(2, at=TEN), plans.job(1, at=NINE, priority=2),
    )  # fmt: skip
    draft = Draft(Problem((plans.kind(plans.alone(1, TEN)),), jobs), pinned={})
    assert by_priority(draft, range(5)) == [4, 1, 2, 3, 0]


def test_each_gets_the_cheapest_that_is_left_and_the_last_nothing() -> None:
    kind = plans.kind(plans.alone(1, NINE, TEN))
    draft = Draft(Problem((kind,), tuple(plans.job(key, at=TEN) for key in (1, 2, 3))), pinned={})
    place_in_turn(draft, [1, 0, 2])
    assert draft.placements() == {2: Placement(TEN, 1, (1,), False), 1: Placement(NINE, 1, (1,), False)}


def test_who_has_a_place_keeps_it() -> None:
    kind = plans.kind(plans.alone(1, NINE, TEN))
    pin = Placement(clock("12:00"), 1, (1,), True)
    draft = Draft(Problem((kind,), (plans.job(1, at=TEN), plans.job(2, at=TEN))), pinned={1: pin})
    draft.put(1, 0, 120.0)
    place_in_turn(draft, [0, 1])
    assert draft.placements() == {1: pin, 2: Placement(NINE, 1, (1,), False)}
