"""What a plan comes to before anybody is told: how many, how soon, how often before, by which way, and with a place.

Reads only, in a constant number of queries, however many are hit.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from appointments.domain.disruptions import inconvenience
from appointments.domain.disruptions.planning.placing import DAYS_ASKED
from appointments.domain.messages import recipients
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import HowReached, HowRecently, HowSoon
from appointments.models import DisruptionPlan, PlanLine

LATELY = timedelta(days=30)
SOON = timedelta(days=7)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Row:
    """One line of the plan with what a colleague looks at before sending it."""

    line: PlanLine
    soon: HowSoon
    moved: HowRecently
    moves: int
    reached: HowReached

    @property
    def is_placed(self) -> bool:
        return self.line.starts_at is not None

    @property
    def has_another_person(self) -> bool:
        return self.is_placed and self.line.provider_id != self.line.appointment.provider_id


@dataclass(frozen=True)
class DryRun:
    """The figures of a plan. `without`: how many have no time yet; `phoned`: whom a colleague phones herself."""

    hit: int
    people: int
    placed: int
    with_another_person: int
    pinned: int
    phoned: int
    placeable: Sequence[tuple[int, int]]
    """Within so many days so many could have a time."""
    by_soon: dict[HowSoon, int] = field(default_factory=dict)
    by_moved: dict[HowRecently, int] = field(default_factory=dict)
    by_reached: dict[HowReached, int] = field(default_factory=dict)

    @property
    def without(self) -> int:
        return self.hit - self.placed


def of(plan: DisruptionPlan, *, now: datetime) -> DryRun:
    """The figures of a plan as it stands. Two queries."""
    rows = rows_of(plan.lines.needed().only_facts(), now=now)
    return DryRun(
        hit=len(rows),
        people=len({row.line.appointment.customer_id for row in rows}),
        placed=sum(row.is_placed for row in rows),
        with_another_person=sum(row.has_another_person for row in rows),
        pinned=sum(row.line.is_pinned for row in rows),
        phoned=sum(row.line.caller_id is not None for row in rows),
        placeable=[(days, plan.placeable[str(days)]) for days in DAYS_ASKED if str(days) in plan.placeable],
        by_soon=_counted(HowSoon, rows, lambda row: row.soon),
        by_moved=_counted(HowRecently, rows, lambda row: row.moved),
        by_reached=_counted(HowReached, rows, lambda row: row.reached),
    )


def rows_of(lines: Iterable[PlanLine], *, now: datetime) -> list[Row]:
    """Each of `lines` with what is known besides. Two queries."""
    found = list(lines)
    customers = {line.appointment.customer_id for line in found}
    moves = inconvenience.moves_of_customers(customers, now=now) if customers else {}
    return [_row(line, moves.get(line.appointment.customer_id, []), now=now) for line in found]


def _row(line: PlanLine, moves: Sequence[datetime], *, now: datetime) -> Row:
    return Row(
        line=line, soon=_how_soon(line, now), moved=_how_recently(moves, now), moves=len(moves), reached=_how(line)
    )


def _how_soon(line: PlanLine, now: datetime) -> HowSoon:
    starts_at = line.appointment.starts_at
    today, tomorrow = _ends_of_days(line.appointment.location.tzinfo, now)
    if starts_at < today:
        return HowSoon.TODAY
    if starts_at < tomorrow:
        return HowSoon.TOMORROW
    return HowSoon.WEEK if starts_at < now + SOON else HowSoon.LATER


@lru_cache(maxsize=16)
def _ends_of_days(zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """When today ends there, and tomorrow."""
    today = now.astimezone(zone).date()
    return day_span(today, zone).end, day_span(today + timedelta(days=1), zone).end


def _how_recently(moves: Sequence[datetime], now: datetime) -> HowRecently:
    """`moves`: when we told this customer of a move, the newest first."""
    if not moves:
        return HowRecently.NEVER
    if len(moves) > 1:
        return HowRecently.OFTEN
    return HowRecently.LATELY if now - moves[0] <= LATELY else HowRecently.ONCE


def _how(line: PlanLine) -> HowReached:
    if line.caller_id is None and recipients.is_told_in_writing(line.appointment):
        return HowReached.WRITTEN
    return HowReached.PHONE if line.appointment.customer.phone else HowReached.NOT


def _counted(kinds: Iterable[K], rows: Iterable[Row], kind_of: Callable[[Row], K]) -> dict[K, int]:
    counts = dict.fromkeys(kinds, 0)
    for row in rows:
        counts[kind_of(row)] += 1
    return {kind: count for kind, count in counts.items() if count}
