"""The rows of linear programs, held against every minute of every resource."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planner.search.rows import NO_MARKS, Rows, crowds
from tests import plans
from tests.appointments.domain.disruptions.planner.worlds import problems
from tests.plans import MONDAY, clock

TODAY = MONDAY // plans.DAY


@settings(max_examples=200, print_blob=True)
@given(
    spans=st.lists(st.tuples(st.integers(1, 2), st.integers(0, 20), st.integers(1, 8)), max_size=8),
    chosen=st.sets(st.integers(0, 7)),
)
def test_a_choice_keeps_the_rows_if_it_holds_no_minute_twice(
    spans: list[tuple[int, int, int]], chosen: set[int]
) -> None:
    lines, begins, lengths = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    marks = crowds(lines, begins, begins + lengths)
    held: dict[int, int] = {}
    for row, column in zip(marks.rows.tolist(), marks.columns.tolist(), strict=True):
        held[row] = held.get(row, 0) + (column in chosen)
    minutes = [(line, begin + n) for i, (line, begin, length) in enumerate(spans) if i in chosen for n in range(length)]
    assert all(count <= 1 for count in held.values()) == (len(minutes) == len(set(minutes)))


def test_of_sets_inside_one_another_only_the_largest_is_a_row() -> None:
    begins, ends = np.array([0, 5, 20]), np.array([15, 30, 40])
    marks = crowds(np.array([7, 7, 7]), begins, ends)
    assert (marks.rows.tolist(), marks.columns.tolist(), marks.size) == ([0, 0, 1, 1], [0, 1, 1, 2], 2)
    assert crowds(begins[:0], begins[:0], ends[:0]) == NO_MARKS


def test_a_limited_day_is_a_row_of_appointments_and_one_of_minutes() -> None:
    short = plans.kind(plans.alone(1, clock("09:00"), clock("09:00", 1)), minutes=20, after=10)
    long = plans.kind(plans.alone(1, clock("12:00")), minutes=60)
    rows = Rows(Problem((short, long), (), most={(1, TODAY): 2}, minutes_left={(1, TODAY): 80, (2, TODAY): 9}))
    assert rows.firsts == [0, 2, 3]
    assert rows.matrix.toarray()[3:].tolist() == [[1, 0, 1], [0, 0, 0], [30, 0, 60], [0, 0, 0]]
    left = {(1, TODAY): (2 - 3, 80.0), (2, TODAY): (np.inf, 9.0)}
    assert rows.capacity(left.__getitem__).tolist() == [1, 1, 1, 0, 1e9, 80, 9]


def test_the_customer_comes_for_the_meeting_and_not_for_the_buffers() -> None:
    short, long = plans.kind(plans.alone(1, 100, 200), before=5, after=5), plans.kind(plans.alone(1, 300), minutes=45)
    rows = Rows(Problem((short, long), ()))
    begins, ends = rows.meetings(np.array([2, 0]))
    assert (begins.tolist(), ends.tolist()) == ([300, 100], [345, 130])


def test_ways_are_slots_where_no_two_of_a_kind_share_a_minute_and_nothing_else_binds_them() -> None:
    nine, half, ten = clock("09:00"), clock("09:30"), clock("10:00")
    grid, beside = plans.kind(plans.alone(1, nine, half, ten)), plans.kind(plans.alone(1, nine, ten), minutes=20)
    slots = Rows(Problem((grid, beside), ())).slots
    assert slots is not None
    assert slots.tolist() == [0, 1, 2, 0, 2]
    finer = plans.kind(plans.alone(1, nine, clock("09:15")))
    longer = plans.kind(plans.alone(1, nine), minutes=60)
    with_a_room = plans.kind([(nine, 1, (1, 11)), (nine, 2, (2, 11))])
    for kinds in ((finer,), (grid, longer), (with_a_room,)):
        assert Rows(Problem(kinds, ())).slots is None
    assert Rows(Problem((grid,), (), most={(1, TODAY): 2})).slots is None
    assert Rows(Problem((grid,), (), most={(2, TODAY): 2})).slots is not None


@settings(max_examples=100, print_blob=True)
@given(problem=problems())
def test_two_ways_share_a_row_of_time_if_they_share_a_minute_of_a_resource(problem: Problem) -> None:
    rows = Rows(problem)
    times = rows.matrix.toarray()[: rows.matrix.shape[0] - 2 * len(rows.pairs)]
    ways = [(kind, way) for kind in problem.kinds for way in range(len(kind.starts))]
    for one, (kind, way) in enumerate(ways):
        for other, (kind2, way2) in enumerate(ways[:one]):
            shares = bool(set(kind.resources[way].tolist()) & set(kind2.resources[way2].tolist()))
            overlaps = kind.span(int(kind.starts[way])).overlaps(kind2.span(int(kind2.starts[way2])))
            assert bool((times[:, one] * times[:, other]).any()) == (shares and overlaps)
