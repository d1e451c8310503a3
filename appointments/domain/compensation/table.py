"""The rule of what we give: the first row of a table that fits. Pure: rows and facts in, a row or nothing out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Protocol, TypeVar

from appointments.enums import Benefit, Fault


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
    """A row of a table: whom it is for. None stands for everybody."""

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


class Valued(Row, Protocol):
    """A row of which is known what it is worth."""

    @property
    def value(self) -> float: ...
    @property
    def benefit(self) -> str: ...


V = TypeVar("V", bound=Valued)


def never_reached(rows: Sequence[V]) -> list[V]:
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

    milder: Valued
    harder: Valued | None


def worse_for_less(rows: Sequence[V]) -> list[WorseForLess]:
    """Every pair of rows of which the one hit harder gets less. All edges of the table are tried; each pair once."""
    found: dict[tuple[int, int], WorseForLess] = {}
    for facts in _edges(rows):
        mild = decide(rows, facts)
        if mild is None:
            continue
        for worse in _one_step_worse(facts, rows):
            hard = decide(rows, worse)
            if (hard.value if hard else 0) < mild.value:
                key = rows.index(mild), rows.index(hard) if hard else -1
                found.setdefault(key, WorseForLess(mild, hard))
    return list(found.values())


def _edges(rows: Sequence[Row]) -> Iterator[Facts]:
    hours, days, moves = _steps(rows)
    services = sorted({row.service_id for row in rows if row.service_id is not None})
    for fault, notice, wait, nth, service in product(Fault.values, hours, days, moves, [None, *services]):
        yield Facts(fault=fault, notice=timedelta(hours=notice), wait=timedelta(days=wait), moves=nth, service=service)


def _steps(rows: Sequence[Row]) -> tuple[list[int], list[int], list[int]]:
    """Hours of notice, days of waiting and moves at which something may change: on and off each edge."""
    hours = {0, 10_000} | {
        edge for row in rows if row.notice_hours for edge in (row.notice_hours - 1, row.notice_hours)
    }
    days = {0} | {edge for row in rows if row.wait_days for edge in (row.wait_days - 1, row.wait_days)}
    return sorted(hours), sorted(days), sorted({1, *(row.moves for row in rows)})


def _one_step_worse(facts: Facts, rows: Sequence[Row]) -> Iterator[Facts]:
    hours, days, moves = _steps(rows)
    for fewer in (one for one in hours if timedelta(hours=one) < facts.notice):
        yield Facts(**{**facts.__dict__, "notice": timedelta(hours=fewer)})
    for longer in (one for one in days if timedelta(days=one) > facts.wait):
        yield Facts(**{**facts.__dict__, "wait": timedelta(days=longer)})
    for oftener in (one for one in moves if one > facts.moves):
        yield Facts(**{**facts.__dict__, "moves": oftener})


def is_something(row: R | None) -> bool:
    """Whether a row gives more than words."""
    return row is not None and getattr(row, "benefit", Benefit.NOTHING) != Benefit.NOTHING
