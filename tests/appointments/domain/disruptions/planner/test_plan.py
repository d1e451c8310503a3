"""Whole plans, held against brute force."""

from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner.costs import UNPLACED, without_a_place
from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import by_priority, place_in_turn
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import plan, plans
from appointments.domain.disruptions.planner.problem import Problem
from tests import plans as worlds
from tests.appointments.domain.disruptions.planner.worlds import problems

NINE, TEN = worlds.clock("09:00"), worlds.clock("10:00")


def pins_for(problem: Problem, data: st.DataObject) -> dict[int, Placement]:
    """Nobody, or the first job where it was or anywhere else."""
    where = data.draw(st.sampled_from(("nobody", "at its old time", "at one of its ways")))
    job = problem.jobs[0]
    if where == "nobody":
        return {}
    if where == "at its old time":
        return {job.key: Placement(job.start, job.leader, (max(job.leader, 1),), True)}
    return {job.key: data.draw(st.sampled_from(worlds.ways(problem, job)))}


@settings(max_examples=150, deadline=None, print_blob=True)
@given(problem=problems(), data=st.data())
def test_no_plan_on_the_way_has_a_fault_and_each_is_cheaper(problem: Problem, data: st.DataObject) -> None:
    pinned = pins_for(problem, data)
    found = list(plans(problem, seconds=5, pinned=pinned))
    assert [worlds.faults(problem, one, pinned) for one in found] == [[]] * len(found)
    assert [one.cost for one in found] == sorted({one.cost for one in found}, reverse=True)
    assert plan(problem, seconds=5, pinned=pinned) == found[-1]


@settings(max_examples=50, deadline=None, print_blob=True)
@given(problem=problems(), data=st.data())
def test_the_first_plan_is_greedy_by_priority(problem: Problem, data: st.DataObject) -> None:
    pinned = pins_for(problem, data)
    first, *__ = plans(problem, seconds=5, pinned=pinned)
    greedy = Draft(problem, pinned=pinned)
    place_in_turn(greedy, by_priority(greedy, greedy.free))
    assert first.placements == greedy.placements()


@settings(max_examples=150, deadline=None, print_blob=True)
@given(problem=problems(jobs=3), data=st.data())
def test_with_time_enough_the_plan_is_as_cheap_as_any(problem: Problem, data: st.DataObject) -> None:
    pinned = pins_for(problem, data)
    assert plan(problem, seconds=60, pinned=pinned).cost == worlds.optimum(problem, pinned)


@settings(max_examples=100, deadline=None, print_blob=True)
@given(problem=problems(), data=st.data())
def test_planning_again_around_a_pin_leaves_nobody_out_who_can_have_a_place(
    problem: Problem, data: st.DataObject
) -> None:
    before = plan(problem, seconds=60)
    last = problem.jobs[-1]
    pinned = {last.key: data.draw(st.sampled_from(worlds.ways(problem, last)))}
    after = plan(problem, seconds=60, pinned=pinned, start=before)
    assert worlds.faults(problem, after, pinned) == []
    assert len(problem.jobs) - len(after.placements) == worlds.optimum(problem, pinned) // UNPLACED


@settings(max_examples=50, deadline=None, print_blob=True)
@given(problem=problems())
def test_what_need_not_change_does_not_change(problem: Problem) -> None:
    before = plan(problem, seconds=60)
    assert list(plans(problem, seconds=60, start=before)) == [before]


def test_without_time_the_plan_at_hand_is_the_greedy_one() -> None:
    kind = worlds.kind(worlds.alone(1, NINE, TEN))
    wide = worlds.kind(worlds.alone(1, TEN), minutes=60)
    problem = Problem((kind, wide), (worlds.job(1, at=TEN), worlds.job(2, at=TEN, of=1)))
    assert plan(problem, seconds=0).placements.keys() == {1}
    assert plan(problem, seconds=60).placements.keys() == {1, 2}


def test_of_two_who_cannot_both_have_a_place_the_more_urgent_has_it() -> None:
    kind = worlds.kind(worlds.alone(1, TEN))
    near, far = worlds.job(1, at=TEN), worlds.job(2, at=TEN - 30 * worlds.DAY, priority=2)
    found = plan(Problem((kind,), (near, far)), seconds=60)
    assert (found.placements, found.cost) == (
        {2: Placement(TEN, 1, (1,), False)},
        without_a_place(near) + 2 * 30 * worlds.DAY,
    )
