"""Whole plans, held against brute force."""

from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner.draft import Draft
from appointments.domain.disruptions.planner.greedy import by_priority, place_in_turn
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import plan, plans
from appointments.domain.disruptions.planner.problem import Problem
from tests import plans as worlds
from tests.appointments.domain.disruptions.planner.worlds import problems


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
