"""Spans against sets of minutes, where overlap, merge and subtract are what everybody means by them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.schedule.spans import Span, cut, intersect, merge, subtract
from tests.clock import NOW, hours

spans = st.builds(lambda start, length: Span(start, start + length), st.integers(-30, 60), st.integers(-5, 25))
many = st.lists(spans, max_size=8)


def minutes(*given: Span[int]) -> set[int]:
    return {minute for span in given for minute in range(span.start, span.end)}


def tidy(found: list[Span[int]]) -> bool:
    """Sorted, without empty spans, and none touches the next."""
    return all(span.start < span.end for span in found) and all(one.end < other.start for one, other in pairwise(found))


@given(spans, spans)
def test_two_spans_overlap_when_they_share_a_minute(one: Span[int], other: Span[int]) -> None:
    shared = minutes(one) & minutes(other)
    assert one.overlaps(other) == bool(shared)
    assert minutes(one.intersect(other)) == shared
    assert one.intersect(other).is_empty == (not shared)


@given(spans, spans)
def test_a_span_holds_what_lies_wholly_inside(one: Span[int], other: Span[int]) -> None:
    if not other.is_empty:
        assert one.holds(other) == (minutes(other) <= minutes(one))


@given(many)
def test_merging_changes_no_minute(given_spans: list[Span[int]]) -> None:
    merged = merge(given_spans)
    assert minutes(*merged) == minutes(*given_spans)
    assert tidy(merged)


@given(many, many)
def test_subtracting_leaves_what_is_in_none_of_the_others(ones: list[Span[int]], others: list[Span[int]]) -> None:
    left = subtract(ones, others)
    assert minutes(*left) == minutes(*ones) - minutes(*others)
    assert tidy(left)


@given(many, many)
def test_intersecting_keeps_what_is_in_both(ones: list[Span[int]], others: list[Span[int]]) -> None:
    shared = intersect(ones, others)
    assert minutes(*shared) == minutes(*ones) & minutes(*others)
    assert tidy(shared)


@given(spans, st.integers(1, 20), st.integers(1, 12), st.integers(-40, 40))
def test_pieces_fit_and_begin_on_the_grid(span: Span[int], length: int, grid: int, origin: int) -> None:
    fitting = [
        start
        for start in range(span.start, span.end)
        if (start - origin) % grid == 0 and set(range(start, start + length)) <= minutes(span)
    ]
    assert list(cut(span, length=length, grid=grid, origin=origin)) == fitting


def test_neighbours_that_touch_do_not_overlap_and_merge_into_one() -> None:
    morning, afternoon = Span(8, 12), Span(12, 17)
    assert not morning.overlaps(afternoon)
    assert merge([afternoon, morning]) == [Span(8, 17)]


def test_moments_work_as_minutes_do() -> None:
    day = Span(NOW, NOW + hours(8))
    lunch = Span(NOW + hours(3), NOW + hours(4))
    assert subtract([day], [lunch]) == [Span(NOW, NOW + hours(3)), Span(NOW + hours(4), NOW + hours(8))]
