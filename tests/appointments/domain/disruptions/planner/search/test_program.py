"""Linear programs: in parts, in whole columns, with crowds, and when the time is short."""

import time

import numpy as np
import pytest
from scipy.sparse import csc_array

from appointments.domain.disruptions.planner.search.pool import Columns
from appointments.domain.disruptions.planner.search.program import Program
from appointments.domain.disruptions.planner.search.rows import NO_MARKS, Marks

LONG = time.monotonic() + 10**6
# Three ways, of which each two share a row: of three who want one each, only one can be whole.
TRIANGLE = csc_array(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0]]))
EACH = Columns(np.array([0, 1, 2]), np.array([0, 1, 2]), np.array([1.0, 2, 3]))


def program(capacity: float = 1) -> Program:
    return Program(TRIANGLE, np.array([capacity] * 3 + [0]), np.array([100.0, 100, 100]))


def test_in_parts_everybody_has_half_and_in_whole_one_has_it_all() -> None:
    parts = program().solve(EACH, NO_MARKS, deadline=LONG)
    assert parts is not None
    assert [parts.value, *parts.parts] == pytest.approx([153, 0.5, 0.5, 0.5])
    whole = program().solve_whole(EACH, NO_MARKS, deadline=LONG)
    assert whole is not None
    assert [whole.value, *whole.parts] == pytest.approx([201, 1, 0, 0])


def test_its_prices_and_worths_tell_what_the_plan_costs() -> None:
    answer = program().solve(EACH, NO_MARKS, deadline=LONG)
    assert answer is not None
    assert answer.worths.sum() - answer.prices.sum() == pytest.approx(answer.value)
    assert (answer.prices >= 0).all()
    assert answer.prices[3] == 0


def test_where_there_is_room_nobody_goes_without() -> None:
    answer = program(2).solve(EACH, NO_MARKS, deadline=LONG)
    assert answer is not None
    assert [answer.value, *answer.prices] == pytest.approx([6, 0, 0, 0, 0])


def test_of_a_crowd_one_is_enough() -> None:
    crowd = Marks(np.array([0, 0]), np.array([0, 2]), 1)
    for answer in (
        program(2).solve(EACH, crowd, deadline=LONG),
        program(2).solve_whole(EACH, crowd, deadline=LONG),
    ):
        assert answer is not None
        assert [answer.value, *answer.parts] == pytest.approx([103, 1, 1, 0])


def test_a_program_without_columns_leaves_everybody_out() -> None:
    none = np.array([], dtype=np.int64)
    answer = program().solve(Columns(none, none, np.array([])), NO_MARKS, deadline=LONG)
    assert answer is not None
    assert (answer.value, answer.parts.tolist()) == (300, [])


def test_when_the_time_is_over_there_is_no_answer() -> None:
    assert program().solve(EACH, NO_MARKS, deadline=time.monotonic()) is None
    assert program().solve_whole(EACH, NO_MARKS, deadline=time.monotonic()) is None
