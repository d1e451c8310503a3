"""Random small problems in which everything happens that can."""

from hypothesis import strategies as st

from appointments.domain.disruptions.planner.problem import Job, Kind, Present, Problem
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import DAY
from appointments.domain.schedule.wishes import Wishes
from tests import plans
from tests.plans import MONDAY

PEOPLE, ROOMS = (1, 2), (11, 12)
GRID = 15
FIRST = MONDAY + 9 * 60


@st.composite
def problems(draw: st.DrawFn, *, jobs: int = 4) -> Problem:
    """Two people, two rooms, two days, one or two kinds, and some of every limit that there is."""
    kinds = tuple(draw(kinds_of()) for _ in range(draw(st.integers(1, 2))))
    made = tuple(draw(jobs_of(key, len(kinds))) for key in range(1, draw(st.integers(1, jobs)) + 1))
    present = tuple(
        Present(one.key, one.leader, one.start, one.start + kinds[one.kind].minutes)
        for one in made
        if one.leader != -1 and draw(st.booleans())
    )
    pairs = st.tuples(st.sampled_from((*PEOPLE, *ROOMS)), st.sampled_from((MONDAY // DAY, MONDAY // DAY + 1)))
    return Problem(
        kinds,
        made,
        present=present,
        most=draw(st.dictionaries(pairs, st.integers(0, 2), max_size=2)),
        minutes_left=draw(st.dictionaries(pairs, st.sampled_from((0, 30, 45, 70)), max_size=2)),
        same_customer=draw(st.sampled_from(((), ((1, 2),), ((1, 2, 3),)))),
    )


def moments() -> st.SearchStrategy[int]:
    """A time on the grid, on one of the two mornings."""
    return st.tuples(st.integers(0, 7), st.integers(0, 1)).map(lambda place: FIRST + place[0] * GRID + place[1] * DAY)


@st.composite
def kinds_of(draw: st.DrawFn) -> Kind:
    with_room = draw(st.booleans())
    rows = draw(st.lists(st.tuples(moments(), st.sampled_from((*PEOPLE, -1)), st.sampled_from(ROOMS)), max_size=6))
    ways = {
        (start, leader, tuple(one for one in (leader, room) if one != -1) if with_room else (max(leader, 1),))
        for start, leader, room in rows
        if not with_room or leader != -1
    }
    return plans.kind(
        ways or plans.alone(1, FIRST) if not with_room else ways or [(FIRST, 1, (1, 11))],
        minutes=draw(st.sampled_from((15, 30, 45))),
        before=draw(st.sampled_from((0, 0, 10))),
        after=draw(st.sampled_from((0, 0, 5))),
    )


@st.composite
def jobs_of(draw: st.DrawFn, key: int, kinds: int) -> Job:
    at = draw(moments())
    wishes = st.builds(
        Wishes,
        days=st.sampled_from((frozenset(), frozenset({0}), frozenset({1}))),
        parts=st.sampled_from((frozenset(), frozenset({"morning"}), frozenset({"afternoon"}))),
        person=st.sampled_from(("any", "any", "same")),
    )
    return plans.job(
        key,
        at=at,
        leader=draw(st.sampled_from((*PEOPLE, -1))),
        of=draw(st.integers(0, kinds - 1)),
        priority=draw(st.sampled_from((1.0, 1.0, 2.0, 5.0))),
        earliest=draw(st.sampled_from((MONDAY, FIRST + 30, MONDAY + DAY))),
        latest=draw(st.sampled_from((MONDAY + 2 * DAY, MONDAY + DAY, FIRST + 60))),
        same_person=draw(st.sampled_from((False, False, False, True))),
        wishes=draw(st.none() | wishes),
        refused=draw(st.frozensets(st.tuples(moments(), st.sampled_from(PEOPLE)), max_size=1)),
        busy=draw(st.sampled_from(((), (Span(FIRST + 20, FIRST + 40),)))),
    )
