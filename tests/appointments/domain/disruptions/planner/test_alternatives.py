"""Open times besides the guaranteed one."""

from dataclasses import replace

from hypothesis import given, settings

from appointments.domain.disruptions.planner.alternatives import Alternatives, alternatives
from appointments.domain.disruptions.planner.costs import without_a_place
from appointments.domain.disruptions.planner.placement import Placement
from appointments.domain.disruptions.planner.plan import Plan, plan
from appointments.domain.disruptions.planner.problem import Problem
from tests import plans
from tests.appointments.domain.disruptions.planner.worlds import problems
from tests.plans import clock


def place(time: str, day: int = 0, leader: int = 1) -> Placement:
    return Placement(clock(time, day), leader, (leader,), False)


def shown(found: list[Placement]) -> list[tuple[int, str]]:
    """(day, hour) of each."""
    minutes = [one.start - plans.MONDAY for one in found]
    return [(minute // plans.DAY, f"{minute // 60 % 24:02}:{minute % 60:02}") for minute in minutes]


def test_different_days_come_first_then_different_parts_of_a_day_then_any_other_time() -> None:
    times = [clock(time, day) for time in ("09:00", "10:00", "11:00", "14:00") for day in (0, 1)]
    problem = Problem((plans.kind(plans.alone(1, *times)),), (plans.job(1, at=clock("10:00")),))
    found = plan(problem, seconds=60)
    assert found.placements == {1: place("10:00")}
    assert shown(alternatives(problem, found, 1, limit=2)) == [(0, "09:00"), (1, "09:00")]
    assert shown(alternatives(problem, found, 1, limit=4)) == [(0, "09:00"), (0, "14:00"), (1, "09:00"), (1, "14:00")]
    assert shown(alternatives(problem, found, 1, limit=5))[:2] == [(0, "09:00"), (0, "11:00")]
    assert len(alternatives(problem, found, 1, limit=99)) == 7


def test_what_is_given_to_others_is_not_open() -> None:
    problem = Problem(
        (plans.kind(plans.alone(1, clock("09:00"), clock("10:00"), clock("11:00"))),),
        (plans.job(1, at=clock("10:00")), plans.job(2, at=clock("09:00"))),
    )
    found = plan(problem, seconds=60)
    assert alternatives(problem, found, 1, limit=9) == [place("11:00")]


def test_somebody_else_at_the_same_hour_is_another_time() -> None:
    ways = [*plans.alone(1, clock("10:00")), *plans.alone(2, clock("10:00"))]
    problem = Problem((plans.kind(ways),), (plans.job(1, at=clock("10:00")),))
    assert alternatives(problem, plan(problem, seconds=60), 1, limit=9) == [place("10:00", leader=2)]


def test_the_next_customer_is_offered_something_else_unless_that_is_an_hour_worse() -> None:
    kind = plans.kind(plans.alone(1, clock("10:00"), clock("12:00"), clock("12:29", 0), clock("13:05")))
    short = plans.kind(plans.alone(1, *(clock(time) for time in ("10:00", "10:30", "12:00", "12:30", "13:00"))))
    jobs = (plans.job(1, at=clock("10:00")), plans.job(2, at=clock("10:30")))
    problem = Problem((short, kind), jobs)
    offers = Alternatives(problem, plan(problem, seconds=60))
    assert shown(offers.of(1, limit=1)) == [(0, "12:00")]
    # Half an hour later is another half hour of delay and of shift: exactly the hour, and the sooner one comes first.
    assert shown(offers.of(2, limit=1)) == [(0, "12:00")]
    assert shown(offers.of(2, limit=1)) == [(0, "12:30")]


@settings(max_examples=150, deadline=None, print_blob=True)
@given(problem=problems())
def test_one_more_customer_could_take_any_of_them_beside_the_whole_plan(problem: Problem) -> None:
    found = plan(problem, seconds=60)
    offers = Alternatives(problem, found)
    for job in problem.jobs:
        for placement in offers.of(job.key, limit=3):
            twin = replace(job, key=99)
            groups = (tuple(99 if key == job.key else key for key in group) for group in problem.same_customer)
            present = tuple(one for one in problem.present if one.key != job.key)
            more = replace(problem, jobs=(*problem.jobs, twin), present=present, same_customer=tuple(groups))
            cost = found.cost + plans.price(problem, job, placement)
            assert plans.faults(more, Plan({**found.placements, 99: placement}, cost)) == []
            assert without_a_place(twin) > plans.price(problem, job, placement)
