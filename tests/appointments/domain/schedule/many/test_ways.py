"""Which rooms and devices go with whom: every set that is free, at most eight, the tightest first."""

from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.schedule.many import ways
from appointments.domain.schedule.many.sweep import Calendar, Length, Sheet, Spans
from appointments.domain.schedule.many.ways import MOST_SETS, NOBODY, Ways, no_ways, ways_of
from appointments.domain.schedule.requirements import Need, Needs
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import WallClock

HALF_AN_HOUR = Length(30, 0, 0)


def ways_at_noon(needs: Needs, rooms: dict[int, int], *, beyond: frozenset[int] = frozenset()) -> Ways:
    """The one start at minute 0; `rooms`: how much room to shift each resource leaves; those `beyond` only reach."""
    pools = list(rooms)
    clock = WallClock(ZoneInfo("UTC"), Span(0, 2000))
    reach = Spans.of([([0], [30 + rooms[pk]]) for pk in pools])
    opened = Spans.of([([], []) if pk in beyond else ([0], [30 + rooms[pk]]) for pk in pools])
    nothing = Spans.of([([], []) for __ in pools])
    sheet = Sheet(Calendar(clock, opened, reach if beyond else opened, nothing, nothing, len(pools)), 2000)
    return ways_of(needs, sheet, {pk: n for n, pk in enumerate(pools)}, HALF_AN_HOUR, reach=bool(beyond))


def sets(found: Ways) -> list[tuple[int, ...]]:
    return [tuple(each) for each in found.resources.tolist()]


def test_each_provider_is_one_way_in_the_order_of_the_board() -> None:
    found = ways_at_noon(Needs((Need("provider", (5, 3)),)), {3: 10, 5: 0})
    assert (found.leaders.tolist(), sets(found), found.starts.tolist()) == ([5, 3], [(5,), (3,)], [0, 0])


def test_each_free_room_is_one_way_that_nobody_leads() -> None:
    found = ways_at_noon(Needs((Need("room", (5, 3)),)), {3: 10, 5: 0})
    assert (found.leaders.tolist(), sets(found)) == ([NOBODY, NOBODY], [(5,), (3,)])


def test_the_tightest_room_comes_first_for_each_provider() -> None:
    needs = Needs((Need("room", (10, 11, 12)), Need("provider", (1, 2))))
    found = ways_at_noon(needs, {1: 50, 2: 0, 10: 9, 11: 3, 12: 6})
    assert found.leaders.tolist() == [1, 1, 1, 2, 2, 2]
    assert sets(found) == [(11, 1), (12, 1), (10, 1), (11, 2), (12, 2), (10, 2)]


@pytest.mark.parametrize(("rooms", "kept"), [(7, 7), (8, 8), (9, 8)])
def test_at_most_eight_sets_go_with_one_provider(rooms: int, kept: int) -> None:
    pool = tuple(range(10, 10 + rooms))
    needs = Needs((Need("provider", (1,)), Need("room", pool)))
    found = ways_at_noon(needs, {1: 0} | {pk: 100 - pk for pk in pool})
    assert sets(found) == [(1, pk) for pk in sorted(pool, reverse=True)][:kept]


def test_two_rooms_of_the_same_rooms_are_one_set_whichever_is_first() -> None:
    needs = Needs((Need("provider", (1,)), Need("room", (10, 11, 12)), Need("room", (10, 11, 12))))
    found = ways_at_noon(needs, {1: 0, 10: 3, 11: 2, 12: 1})
    assert sets(found) == [(1, 12, 11), (1, 12, 10), (1, 11, 10)]


def test_who_leads_is_not_the_second_person_as_well() -> None:
    needs = Needs((Need("provider", (1, 2)), Need("provider", (1, 2, 3))))
    found = ways_at_noon(needs, {1: 0, 2: 1, 3: 2})
    assert sets(found) == [(1, 2), (1, 3), (2, 1), (2, 3)]


def test_a_room_in_its_hours_comes_before_a_tighter_one_outside() -> None:
    needs = Needs((Need("provider", (1,)), Need("room", (10, 11))))
    found = ways_at_noon(needs, {1: 0, 10: 9, 11: 3}, beyond=frozenset([11]))
    assert (sets(found), found.outside.tolist()) == ([(1, 10), (1, 11)], [False, True])


def test_without_anybody_there_is_no_way() -> None:
    needs = Needs((Need("provider", (1,)), Need("room", (10,))))
    found = ways_at_noon(needs, {1: -1, 10: 0})
    assert (len(found.starts), found.resources.shape) == (0, (0, 2))
    assert no_ways(needs).resources.shape == (0, 2)


pool = st.lists(st.integers(1, 14), min_size=1, max_size=12, unique=True).map(tuple)


@given(st.lists(pool, min_size=2, max_size=4), st.lists(st.integers(-1, 40), min_size=14, max_size=14))
def test_the_sets_are_the_cheapest_of_all(pools: list[tuple[int, ...]], room: list[int]) -> None:
    kinds = ["provider", *["room"] * (len(pools) - 1)]
    needs = Needs(tuple(Need(kind, pool) for kind, pool in zip(kinds, pools, strict=True)))
    rooms = {pk: room[pk - 1] for pk in range(1, 15)}
    found = sets(ways_at_noon(needs, rooms))
    assert len(found) == len(set(found))
    for leader in pools[0]:
        every = [
            rest
            for rest in product(*([pk for pk in pool if rooms[pk] >= 0] for pool in pools[1:]))
            if len({leader, *rest}) == len(pools)
            and rooms[leader] >= 0
            and _is_first_of_its_kind(rest, pools[1:], rooms)
        ]
        costs = sorted(sum(rooms[pk] for pk in rest) for rest in every)
        own = [way[1:] for way in found if way[0] == leader]
        assert [sum(rooms[pk] for pk in rest) for rest in own] == costs[:MOST_SETS]
        assert {frozenset(rest) for rest in own} <= {frozenset(rest) for rest in every}


def _is_first_of_its_kind(rest: tuple[int, ...], pools: list[tuple[int, ...]], rooms: dict[int, int]) -> bool:
    """Of the same rooms in another order only the one that goes by how tight they are, then by the board."""
    return all(
        pools[one] != pools[other]
        or (rooms[rest[one]], pools[one].index(rest[one])) < (rooms[rest[other]], pools[one].index(rest[other]))
        for one in range(len(rest))
        for other in range(one + 1, len(rest))
    )


def test_many_starts_are_weighed_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = np.arange(70, dtype=np.int64).reshape(10, 7)
    pools = [np.arange(4), np.arange(3, 7)]
    at_once = ways._tightest(costs, pools)
    monkeypatch.setattr(ways, "AT_ONCE", 1)
    one_by_one = ways._tightest(costs, pools)
    assert all(np.array_equal(one, other) for one, other in zip(at_once, one_by_one, strict=True))
