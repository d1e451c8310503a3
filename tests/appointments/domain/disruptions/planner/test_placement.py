"""Placements and the ways that they are."""

import numpy as np

from appointments.domain.disruptions.planner.placement import Placement, Walls, placement_of, way_of
from appointments.domain.disruptions.planner.problem import Kind, Problem
from tests import plans
from tests.plans import DAY, HOUR, clock

TEN, ELEVEN = clock("10:00"), clock("11:00")


def test_each_way_is_a_placement_and_is_found_again() -> None:
    kind = plans.kind([(TEN, 1, (1, 11)), (TEN, 1, (1, 12)), (TEN, 2, (2, 11)), (ELEVEN, 1, (1, 11))])
    placements = [placement_of(kind, way) for way in range(4)]
    assert placements[1] == Placement(TEN, 1, (1, 12), False)
    assert [way_of(kind, placement) for placement in placements] == [0, 1, 2, 3]


def test_the_order_of_what_it_occupies_does_not_matter_but_everything_else_does() -> None:
    kind = plans.kind([(TEN, 1, (1, 11))])
    assert way_of(kind, Placement(TEN, 1, (11, 1), True)) == 0
    assert way_of(kind, Placement(TEN, 1, (1, 12), False)) is None
    assert way_of(kind, Placement(TEN, 2, (1, 11), False)) is None
    assert way_of(kind, Placement(TEN + 1, 1, (1, 11), False)) is None
    assert way_of(kind, Placement(TEN - 1, 1, (1, 11), False)) is None


def test_the_wall_is_as_far_ahead_as_at_the_nearest_time_that_is_known() -> None:
    starts = np.array([TEN, TEN + DAY, TEN + 2 * DAY])
    walls = starts + np.array([60, 60, 120])
    ones = np.array([1, 1, 1])
    kind = Kind(0, 30, 0, starts, walls, ones, ones.reshape(3, 1), ones == 0)
    walls_of = Walls(Problem((kind,), (plans.job(at=TEN - DAY, wall=TEN - DAY + 60),)))
    assert walls_of.at(TEN - 9 * DAY) == TEN - 9 * DAY + 60
    assert walls_of.at(TEN + DAY + 11 * HOUR) == TEN + DAY + 12 * HOUR
    assert walls_of.at(TEN + DAY + 13 * HOUR) == TEN + DAY + 15 * HOUR
    assert walls_of.at(TEN + 9 * DAY) == TEN + 9 * DAY + 120
