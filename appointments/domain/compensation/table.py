"""The rule of what we give: the first row of a table that fits. Pure: rows and facts in, a row or nothing out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Protocol, TypeVar

from appointments.enums import Benefit


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a move was to a customer."""

    fault: str
    notice: timedelta
    """From telling them until the time that was moved; below zero when it had passed."""
    wait: timedelta
    """How much later the new time is; below zero when it is sooner."""
    moves: int
    """The how-manieth move by us within a year this is for them, from 1."""
    service: int | None = None


class Row(Protocol):
    """A row of a table: whom it is for (None stands for everybody), what they get, and what that is worth."""

    @property
    def fault(self) -> str: ...
    @property
    def notice_hours(self) -> int | None: ...
    @property
    def wait_days(self) -> int | None: ...
    @property
    def moves(self) -> int: ...
    @property
    def service_id(self) -> int | None: ...
    @property
    def benefit(self) -> str: ...
    @property
    def value(self) -> float: ...


R = TypeVar("R", bound=Row)


def decide(rows: Iterable[R], facts: Facts) -> R | None:
    """The first of `rows`, in their order, that fits; None: nothing is said about such a case."""
    return next((row for row in rows if fits(row, facts)), None)


def fits(row: Row, facts: Facts) -> bool:
    """Told later than `notice_hours` before, placed `wait_days` later at least, moved `moves` times at least."""
    return (
        row.fault == facts.fault
        and (row.notice_hours is None or facts.notice < timedelta(hours=row.notice_hours))
        and (row.wait_days is None or facts.wait >= timedelta(days=row.wait_days))
        and facts.moves >= row.moves
        and row.service_id in (None, facts.service)
    )


def never_reached(rows: Sequence[R]) -> list[R]:
    """Rows that stand behind one which takes every case of theirs."""
    return [row for place, row in enumerate(rows) if any(_covers(other, row) for other in rows[:place])]


def _covers(other: Row, row: Row) -> bool:
    return (
        other.fault == row.fault
        and (other.notice_hours is None or (row.notice_hours is not None and row.notice_hours <= other.notice_hours))
        and (other.wait_days is None or (row.wait_days is not None and row.wait_days >= other.wait_days))
        and row.moves >= other.moves
        and other.service_id in (None, row.service_id)
    )


@dataclass(frozen=True)
class WorseForLess:
    """Somebody hit harder gets less than somebody hit less hard: `harder` is the row of the one, None for nothing."""

    milder: Row
    harder: Row | None


def worse_for_less(rows: Sequence[R]) -> list[WorseForLess]:
    """Every pair of rows of which the one hit harder gets less; each pair once.

    Looked at is one case from each stretch in which the table says the same, beside the next that is worse in one
    thing: where no such step gives less, no way from better to worse does.
    """
    scales = _scales(rows)
    services = [None, *sorted({row.service_id for row in rows if row.service_id is not None})]
    found: dict[tuple[int, int], WorseForLess] = {}
    for fault, service in product(sorted({row.fault for row in rows}), services):
        decided = _decided(rows, scales, fault=fault, service=service)
        for place, mild in decided.items():
            for worse in _next(place):
                hard = decided.get(worse)
                if mild is not None and worse in decided and (hard.value if hard else 0) < mild.value:
                    found.setdefault((id(mild), id(hard)), WorseForLess(mild, hard))
    return list(found.values())


Place = tuple[int, int, int]
"""How hard somebody is hit: by notice, by waiting, by how often."""
Scales = tuple[Sequence[timedelta], Sequence[timedelta], Sequence[int]]


def _scales(rows: Sequence[Row]) -> Scales:
    """Notice, waiting and moves, one from each stretch between the edges of the rows, the mildest first."""
    edges = sorted({row.notice_hours for row in rows if row.notice_hours is not None}, reverse=True)
    notices = [timedelta(hours=edges[0] if edges else 0), *(timedelta(hours=edge, minutes=-1) for edge in edges)]
    waits = sorted({timedelta(), *(timedelta(days=row.wait_days) for row in rows if row.wait_days)})
    return notices, waits, sorted({1, *(row.moves for row in rows)})


def _decided(rows: Sequence[R], scales: Scales, *, fault: str, service: int | None) -> dict[Place, R | None]:
    notices, waits, moves = scales
    return {
        (early, soon, often): decide(
            rows, Facts(fault=fault, notice=notices[early], wait=waits[soon], moves=moves[often], service=service)
        )
        for early, soon, often in product(range(len(notices)), range(len(waits)), range(len(moves)))
    }


def _next(place: Place) -> Iterator[Place]:
    """The three that are a step worse in one thing."""
    notice, wait, often = place
    yield from ((notice + 1, wait, often), (notice, wait + 1, often), (notice, wait, often + 1))


def is_something(row: Row | None) -> bool:
    """Whether a row gives more than words."""
    return row is not None and row.benefit != Benefit.NOTHING
