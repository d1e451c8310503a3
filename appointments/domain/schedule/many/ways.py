"""From a sheet to ways: each start with who leads, and every set of the further resources that is free then.

Pure, no database. `costs` has a row for each start and a column for each resource: how loosely the resource would fit,
or `NEVER`.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appointments.domain.schedule.many.sweep import Length, Marks, Minutes, Sheet
from appointments.domain.schedule.requirements import Needs

# Of the sets of further resources for one start and leader.
MOST_SETS = 8
# Who leads where the customer knows nobody by name.
NOBODY = -1
# A resource outside its hours is looser than any inside them; one that is not free is none.
OUTSIDE, NEVER = 10**8, 10**12
# Sets that are weighed at once, so that long windows and many resources need no more memory.
AT_ONCE = 1_000_000
Columns = npt.NDArray[np.intp]


class Ways(NamedTuple):
    """In the order of time, then of the board, then the tightest first; one entry of each array for each way.

    `starts` are minutes of UTC, `walls` the same on the wall. `leaders` are ids, or `NOBODY`; `resources` has a column
    for each requirement, in their order. `outside`: not wholly in the hours of all of them.
    """

    starts: Minutes
    walls: Minutes
    leaders: Minutes
    resources: Minutes
    outside: Marks


def no_ways(needs: Needs) -> Ways:
    nothing = np.empty(0, dtype=np.int64)
    return Ways(nothing, nothing, nothing, np.empty((0, len(needs.each)), dtype=np.int64), np.empty(0, dtype=np.bool_))


def ways_of(needs: Needs, page: Sheet, column_of: Mapping[int, int], length: Length, *, reach: bool) -> Ways:
    """All ways to meet `needs` for that long, on a sheet whose columns `column_of` tells by the ids of resources.

    `reach`: outside the hours too.
    """
    fits = page.fits(length, reach=reach)
    inside = page.fits(length) if reach else fits
    pools = [np.array([column_of[pk] for pk in need.candidates], dtype=np.intp) for need in needs.each]
    if len(pools) == 1:
        # In one dimension numpy looks much faster.
        cells = np.flatnonzero(fits[:, pools[0]])
        rows = cells // len(pools[0])
        chosen = pools[0][cells - rows * len(pools[0])][:, None]
    else:
        costs = np.where(fits, page.room(length, reach=reach).astype(np.int64), NEVER)
        costs += np.where(inside, 0, OUTSIDE)
        rows, chosen = _combined(costs, pools, needs.leading)
    resources = np.fromiter(column_of, dtype=np.int64, count=len(column_of))[chosen]
    return Ways(
        starts=page.starts[rows],
        walls=page.walls[rows],
        leaders=resources[:, needs.leading] if needs.has_provider else np.full(len(rows), NOBODY, dtype=np.int64),
        resources=resources,
        outside=np.logical_not(inside[rows[:, None], chosen].all(axis=1)) if reach else np.zeros(len(rows), np.bool_),
    )


def _combined(costs: Minutes, pools: Sequence[Columns], leading: int) -> tuple[Columns, Columns]:
    """The row of each way, and its resource for each of `pools`."""
    leaders, others = pools[leading], [pool for place, pool in enumerate(pools) if place != leading]
    elsewhere = np.isin(leaders, np.concatenate(others))
    # Who may be needed for something else as well cannot share the sets of those who are not.
    groups = [np.nonzero(~elsewhere)[0], *np.nonzero(elsewhere)[0][:, None]]
    parts = [_of_leaders(costs, leaders, group, others) for group in groups if len(group)]
    rows, places, ranks, sets = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.lexsort((ranks, places, rows))
    return rows[order], np.insert(sets, leading, leaders[places], axis=1)[order]


def _of_leaders(
    costs: Minutes, leaders: Columns, group: Columns, others: Sequence[Columns]
) -> tuple[Columns, Columns, Columns, Columns]:
    """(row, place of the leader, rank, set) of each way that somebody of `group`, places among `leaders`, leads."""
    rows, place = np.nonzero(costs[:, leaders[group]] < NEVER)
    asked, back = np.unique(rows, return_inverse=True)
    # Nobody is used twice.
    rest = costs[asked]
    rest[:, leaders[group]] = NEVER
    sets, is_one = _tightest(rest, others)
    way, rank = np.nonzero(is_one[back])
    return rows[way], group[place[way]], rank, sets[back[way], rank]


def _tightest(costs: Minutes, pools: Sequence[Columns]) -> tuple[Columns, Marks]:
    """For each row its `MOST_SETS` cheapest sets of one resource from each pool, none twice; and which of them are any.

    Of each pool only so many of the tightest can be in one of them, as the other pools take one each at the most.
    """
    depth = [min(len(pool), MOST_SETS + len(pools) - 1) for pool in pools]
    picks = np.indices(depth).reshape(len(depth), -1)
    for one, other in combinations(range(len(pools)), 2):
        if np.array_equal(pools[one], pools[other]):
            # Two rooms from the same rooms: which of them is called the first makes no other set.
            picks = picks[:, picks[one] < picks[other]]
    several = [_weigh(costs[first : first + size], pools, depth, picks) for first, size in _pieces(costs, picks)]
    if not several:
        return np.empty((0, 0, len(pools)), dtype=np.intp), np.empty((0, 0), dtype=np.bool_)
    sets, is_one = (np.concatenate(each) for each in zip(*several, strict=True))
    return sets, is_one


def _pieces(costs: Minutes, picks: Columns) -> list[tuple[int, int]]:
    size = max(1, AT_ONCE // max(1, picks.shape[1]))
    return [(first, size) for first in range(0, len(costs), size)]


def _weigh(costs: Minutes, pools: Sequence[Columns], depth: Sequence[int], picks: Columns) -> tuple[Columns, Marks]:
    total = np.zeros((len(costs), picks.shape[1]), dtype=np.int64)
    members: list[Columns] = []
    for pool, deep, pick in zip(pools, depth, picks, strict=True):
        tight = np.argsort(costs[:, pool], axis=1, kind="stable")[:, :deep]
        members.append(pool[tight][:, pick])
        total += np.take_along_axis(costs[:, pool], tight, axis=1)[:, pick]
    for one, other in combinations(members, 2):
        total[one == other] = NEVER
    best = np.argsort(total, axis=1, kind="stable")[:, :MOST_SETS]
    sets = np.stack([np.take_along_axis(member, best, axis=1) for member in members], axis=2)
    return sets, np.take_along_axis(total, best, axis=1) < NEVER
