"""What stands against each way, and that it goes when its cause goes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner.problem import Kind, Problem
from appointments.domain.disruptions.planner.taken import Taken
from tests import plans
from tests.appointments.domain.disruptions.planner.worlds import problems
from tests.plans import MONDAY, clock

TODAY = MONDAY // plans.DAY
QUARTERS = [clock("09:00") + 15 * step for step in range(13)]


def open_times(taken: Taken, kind: Kind, of: int = 0) -> list[str]:
    minutes = [int(start) - MONDAY for start in kind.starts[taken.counts[of] == 0]]
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]


def test_neighbours_may_touch_with_their_buffers_but_not_more() -> None:
    kind = plans.kind(plans.alone(1, *QUARTERS), minutes=30, before=10, after=5)
    taken = Taken(Problem((kind,), ()))
    taken.add(0, clock("10:30"), (1,), TODAY)
    assert open_times(taken, kind) == ["09:00", "09:15", "09:30", "09:45", "11:15", "11:30", "11:45", "12:00"]
    taken.remove(0, clock("10:30"), (1,), TODAY)
    assert len(open_times(taken, kind)) == len(QUARTERS)


def test_another_kind_needs_its_own_room_beside_it() -> None:
    short = plans.kind(plans.alone(1, *QUARTERS), minutes=15)
    long = plans.kind(plans.alone(1, *QUARTERS), minutes=60)
    taken = Taken(Problem((short, long), ()))
    taken.add(0, clock("10:30"), (1,), TODAY)
    assert [time for time in open_times(taken, long, 1) if "09:30" <= time <= "10:45"] == ["09:30", "10:45"]
    assert [time for time in open_times(taken, short) if "10:15" <= time <= "10:45"] == ["10:15", "10:45"]


def test_a_room_stands_against_everybody_who_needs_it() -> None:
    ten = clock("10:00")
    kind = plans.kind([(ten, 1, (1, 11)), (ten, 2, (2, 11)), (ten, 2, (2, 12))])
    taken = Taken(Problem((kind,), ()))
    taken.add(0, ten, (1, 11), TODAY)
    assert (taken.counts[0] == 0).tolist() == [False, False, True]


def test_a_day_is_closed_when_it_has_as_many_as_it_may() -> None:
    kind = plans.kind(plans.alone(1, *QUARTERS, clock("09:00", 1)))
    taken = Taken(Problem((kind,), (), most={(1, TODAY): 2}))
    taken.add(0, clock("09:00"), (1,), TODAY)
    assert "12:00" in open_times(taken, kind)
    taken.add(0, clock("10:00"), (1,), TODAY)
    assert open_times(taken, kind) == ["33:00"]
    taken.remove(0, clock("09:00"), (1,), TODAY)
    assert "12:00" in open_times(taken, kind)


def test_of_the_minutes_left_each_kind_sees_whether_it_still_fits() -> None:
    short = plans.kind(plans.alone(1, *QUARTERS), minutes=30, after=5)
    long = plans.kind(plans.alone(1, *QUARTERS), minutes=60)
    taken = Taken(Problem((short, long), (), minutes_left={(1, TODAY): 95}))
    taken.add(0, clock("09:00"), (1,), TODAY)
    assert ("12:00" in open_times(taken, short), "12:00" in open_times(taken, long, 1)) == (True, True)
    taken.add(0, clock("10:00"), (1,), TODAY)
    assert (open_times(taken, short), open_times(taken, long, 1)) == ([], [])
    taken.remove(0, clock("10:00"), (1,), TODAY)
    taken.add(1, clock("10:00"), (1,), TODAY)
    assert (open_times(taken, short), open_times(taken, long, 1)) == ([], [])


def test_a_day_that_may_have_none_is_closed_from_the_start() -> None:
    kind = plans.kind(plans.alone(1, *QUARTERS))
    assert open_times(Taken(Problem((kind,), (), most={(1, TODAY): 0})), kind) == []
    assert open_times(Taken(Problem((kind,), (), minutes_left={(1, TODAY): 29})), kind) == []
    assert len(open_times(Taken(Problem((kind,), (), minutes_left={(1, TODAY): 30})), kind)) == len(QUARTERS)


@settings(max_examples=100, print_blob=True)
@given(problem=problems(), data=st.data())
def test_whatever_comes_and_goes_in_any_order_leaves_no_trace(problem: Problem, data: st.DataObject) -> None:
    taken = Taken(problem)
    before = [counts.tolist() for counts in taken.counts]
    kinds = data.draw(st.lists(st.integers(0, len(problem.kinds) - 1), max_size=6))
    added = []
    for number in kinds:
        kind = problem.kinds[number]
        way = data.draw(st.integers(0, len(kind.starts) - 1))
        start = int(kind.starts[way])
        added.append((number, start, tuple(kind.resources[way].tolist()), start // plans.DAY))
        taken.add(*added[-1])
    for one in data.draw(st.permutations(added)):
        taken.remove(*one)
    assert [counts.tolist() for counts in taken.counts] == before
