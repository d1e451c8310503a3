"""What a move costs, on both sides of every number."""

import pytest

from appointments.domain.disruptions.planner import costs
from tests import plans
from tests.plans import clock

OLD = clock("10:00")


@pytest.mark.parametrize(
    ("new", "leader", "priority", "cost"),
    [
        (clock("10:00"), 1, 1, 0),
        (clock("10:00"), 2, 1, 120),
        (clock("10:00"), 2, 3, 120),  # another person is as strange to everybody
        (clock("10:30"), 1, 1, 30 + 30),
        (clock("09:30"), 1, 1, 30 + 30),  # sooner is a move as well
        (clock("10:30"), 1, 3, 3 * 30 + 30),
        (clock("10:00", 1), 1, 1, 24 * 60),
        (clock("11:00", 2), 2, 2, 2 * 49 * 60 + 120 + 60),
        (clock("22:00"), 1, 1, 12 * 60 + 12 * 60),
        (clock("23:00"), 1, 1, 13 * 60 + 11 * 60),  # the shorter way round the clock
    ],
)
def test_delay_by_priority_another_person_and_another_hour(new: int, leader: int, priority: int, cost: int) -> None:
    job = plans.job(at=OLD, leader=1, priority=priority)
    assert costs.cost(job, start=new, wall=new, leader=leader) == cost
    assert costs.costs(job, plans.kind(plans.alone(leader, new))).tolist() == [cost]


def test_nobody_is_missed_where_nobody_in_particular_was_booked() -> None:
    job = plans.job(at=OLD, leader=-1)
    assert costs.cost(job, start=OLD, wall=OLD, leader=2) == 0
    assert costs.costs(job, plans.kind(plans.alone(2, OLD))).tolist() == [0]


def test_the_hour_is_the_one_on_the_wall() -> None:
    job = plans.job(at=OLD, wall=OLD + 60)
    new = OLD + 7 * 24 * 60
    assert costs.cost(job, start=new, wall=new + 120, leader=1) == 7 * 24 * 60 + 60


def test_no_place_costs_more_than_a_year_of_delay_and_more_for_who_is_more_urgent() -> None:
    late = plans.job(at=OLD, priority=5)
    assert costs.without_a_place(late) == 1e11 + 5 * 365 * 24 * 60
