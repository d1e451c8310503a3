"""What is said about a plan, held against brute force and told in small stories."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from appointments.domain.disruptions.planner import explain
from appointments.domain.disruptions.planner.costs import without_a_place
from appointments.domain.disruptions.planner.explain import Held, lacking, why
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import Plan, plan
from appointments.domain.disruptions.planner.problem import Job, Problem
from appointments.domain.schedule.wishes import Wishes
from tests import plans
from tests.appointments.domain.disruptions.planner.worlds import problems
from tests.plans import clock

NINE, TEN, ELEVEN = clock("09:00"), clock("10:00"), clock("11:00")
TODAY = plans.MONDAY // plans.DAY


def test_the_cost_is_taken_apart() -> None:
    kind = plans.kind(plans.alone(2, clock("11:30", 1)))
    problem = Problem((kind,), (plans.job(at=TEN, priority=2),))
    found = why(problem, plan(problem, seconds=60), 1)
    assert (found.delay, found.shift, found.another_person, found.priority) == (24 * 60 + 90, 90, 120, 2)
    assert (found.cost, found.is_cheapest, found.held) == (2 * (24 * 60 + 90) + 90 + 120, True, Held())


def test_it_says_who_holds_what_would_have_been_cheaper() -> None:
    """Of five hours the best belong to a pinned, a more urgent one and one who has no other; and Monday is full."""
    hours = [clock(f"{hour}:00") for hour in (9, 10, 11)]
    many = plans.kind([*plans.alone(1, *hours), *plans.alone(2, TEN), *plans.alone(1, clock("10:00", 3))])
    only = plans.kind(plans.alone(1, ELEVEN))
    jobs = (
        plans.job(1, at=TEN), plans.job(2, at=TEN), plans.job(3, at=NINE, priority=9), plans.job(4, at=TEN, of=1),
    )  # fmt: skip
    problem = Problem((many, only), jobs, most={(2, TODAY): 0})
    pinned = {2: Placement(TEN, 1, (1,), False)}
    found = why(problem, plan(problem, seconds=60, pinned=pinned), 1)
    assert (found.cheaper, found.is_cheapest) == (4, False)
    assert found.held == Held(pinned=1, more_urgent=1, others=1, dearer=1, limits=1)


def test_a_time_that_would_cost_others_more_is_said_to() -> None:
    kind = plans.kind(plans.alone(1, NINE, TEN))
    other = plans.kind(plans.alone(1, TEN, clock("10:00", 5)))
    problem = Problem((kind, other), (plans.job(1, at=TEN), plans.job(2, at=TEN, of=1)))
    assert why(problem, plan(problem, seconds=60), 1).held == Held(others=1, dearer=1)


def test_a_time_that_changes_hands_at_no_cost_is_not_said_to_cost_more() -> None:
    problem = Problem((plans.kind(plans.alone(1, NINE, TEN)),), (plans.job(1, at=TEN), plans.job(2, at=TEN)))
    found = plan(problem, seconds=60)
    [later] = [key for key in (1, 2) if found.placements[key].start == NINE]
    assert why(problem, found, later).held == Held(others=1, dearer=0)


def test_of_several_rooms_at_one_time_the_easiest_counts() -> None:
    kind = plans.kind([(TEN, 1, (1, 11)), (TEN, 1, (1, 12)), (NINE, 1, (1, 11))])
    problem = Problem((kind,), (plans.job(1, at=TEN), plans.job(2, at=TEN), plans.job(3, at=TEN)))
    rooms = {2: Placement(TEN + 5, 5, (11,), False), 3: Placement(TEN + 5, 6, (12,), False)}
    bad = Plan({1: Placement(NINE, 1, (1, 11), False), **rooms}, 0, frozenset(rooms))
    assert why(problem, bad, 1).held == Held(pinned=1)
    one_room = Plan({1: Placement(NINE, 1, (1, 11), False), 2: rooms[2]}, 0, frozenset({2}))
    found = why(problem, one_room, 1)
    assert (found.cheaper, found.held) == (1, Held(nobody=1))


def lack(job: Job, *, kind: plans.Kind | None = None, **others: object) -> explain.Lack:
    kind = kind or plans.kind(plans.alone(2, TEN))
    problem = Problem((kind,), (job,), **others)  # type: ignore[arg-type]
    found = plan(problem, seconds=60)
    assert found == Plan({}, without_a_place(job))
    return lacking(problem, found, job.key)


TEN_WITH_2 = Placement(TEN, 2, (2,), False)


def test_it_says_what_each_thing_that_is_given_up_would_bring() -> None:
    late = lack(plans.job(at=NINE, latest=NINE))
    assert (late.has_no_way, late.later, late.another_person, late.share_given_up) == (True, TEN_WITH_2, None, None)
    same = lack(plans.job(at=NINE, same_person=True))
    assert (same.has_no_way, same.later, same.another_person, same.other_wishes) == (True, None, TEN_WITH_2, None)
    wish = lack(plans.job(at=NINE, wishes=Wishes(person="same")))
    assert (wish.another_person, wish.other_wishes) == (TEN_WITH_2, TEN_WITH_2)
    wednesday = lack(plans.job(at=NINE, wishes=Wishes(from_day=date(2026, 11, 25))))
    assert (wednesday.another_person, wednesday.other_wishes) == (None, TEN_WITH_2)
    share = lack(plans.job(at=NINE), minutes_left={(2, TODAY): 0})
    assert (share.has_no_way, share.ways, share.held) == (False, 1, Held(limits=1))
    assert (share.later, share.share_given_up) == (None, TEN_WITH_2)


def test_it_says_whether_hours_outside_the_public_ones_would_help() -> None:
    problem = Problem((plans.kind(plans.alone(2, TEN)),), (plans.job(1, at=TEN), plans.job(2, at=TEN)))
    found = plan(problem, seconds=60)
    [left_out] = {1, 2} - found.placements.keys()
    evening = plans.kind(plans.alone(2, TEN, clock("20:00")))
    answer = lacking(problem, found, left_out, outside=evening)
    assert (answer.outside, answer.held) == (Placement(clock("20:00"), 2, (2,), False), Held(others=1))
    assert lacking(problem, found, left_out, outside=plans.kind(plans.alone(2, TEN))).outside is None
    assert lacking(problem, found, left_out).outside is None


def test_each_question_is_asked_of_those_it_is_about() -> None:
    problem = Problem((plans.kind(plans.alone(2, TEN)),), (plans.job(1, at=TEN), plans.job(2, at=TEN)))
    found = plan(problem, seconds=60)
    [placed] = found.placements
    with pytest.raises(KeyError):
        why(problem, found, 3 - placed)
    with pytest.raises(KeyError):
        lacking(problem, found, placed)


@settings(max_examples=150, deadline=None, print_blob=True)
@given(problem=problems())
def test_by_brute_force_the_counts_are_true(problem: Problem) -> None:
    found = plan(problem, seconds=60)
    answers = explain.Explanations(problem, found)
    for job in problem.jobs:
        own = found.placements.get(job.key)
        cost = plans.price(problem, job, own) if own else float("inf")
        ways = [way for way in plans.ways(problem, job) if not list(plans.own_faults(problem, job, way))]
        times = {(way.start, way.leader) for way in ways if plans.price(problem, job, way) < cost}
        free = {
            (way.start, way.leader)
            for way in ways
            if not plans.faults(problem, moved(problem, found, job, way)) and (way.start, way.leader) in times
        }
        held = answers.why(job.key).held if own else answers.lacking(job.key).held
        assert (answers.why(job.key).cheaper if own else answers.lacking(job.key).ways) == len(times)
        assert held.pinned + held.more_urgent + held.others + held.limits + held.nobody == len(times)
        assert (held.pinned, held.nobody) == (0, len(free)) == (0, 0)


@settings(max_examples=150, deadline=None, print_blob=True)
@given(problem=problems())
def test_by_brute_force_what_would_help_would_help(problem: Problem) -> None:
    found = plan(problem, seconds=60)
    for number, job in enumerate(problem.jobs):
        if job.key in found.placements:
            continue
        answer = lacking(problem, found, job.key)
        for placement, other, world in (
            (answer.later, replace(job, latest=10**12), problem),
            (answer.other_wishes, replace(job, wishes=None), problem),
            (answer.share_given_up, job, replace(problem, minutes_left={})),
        ):
            changed = replace(world, jobs=(*problem.jobs[:number], other, *problem.jobs[number + 1 :]))
            fitting = [
                plans.price(problem, job, way)
                for way in plans.ways(problem, job)
                if not plans.faults(changed, moved(changed, found, other, way))
            ]
            assert (placement and plans.price(problem, job, placement)) == min(fitting, default=None)


def moved(problem: Problem, found: Plan, job: Job, way: Placement) -> Plan:
    """The plan with one placed elsewhere, and the cost that goes with it."""
    placements = {**found.placements, job.key: way}
    cost = sum(
        plans.price(problem, one, placements[one.key]) if one.key in placements else without_a_place(one)
        for one in problem.jobs
    )
    return Plan(placements, cost)
