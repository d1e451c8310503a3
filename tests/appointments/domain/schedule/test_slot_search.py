"""Who and what is used for a service that needs several: one for each requirement, none twice, whenever it can be."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.schedule.slot_search import assign

some = st.lists(st.integers(1, 5), max_size=5, unique=True)


@given(st.lists(some, min_size=1, max_size=4), st.data())
def test_a_way_is_found_whenever_there_is_one(preferred: list[list[int]], data: st.DataObject) -> None:
    leading = data.draw(st.integers(0, len(preferred) - 1))
    leader = data.draw(st.integers(1, 5))
    groups = [[leader] if place == leading else group for place, group in enumerate(preferred)]
    ways = [way for way in product(*groups) if len(set(way)) == len(way)]
    chosen = assign(preferred, leading=leading, leader=leader)
    assert (chosen in ways) if ways else (chosen is None)


def test_each_gets_the_first_it_prefers_that_is_left() -> None:
    assert assign([(), (7, 8), (7, 8, 9)], leading=0, leader=1) == (1, 7, 8)


def test_one_makes_room_for_another_who_has_no_choice() -> None:
    assert assign([(), (7, 8), (7,)], leading=0, leader=1) == (1, 8, 7)
