"""What occupies resources, as stored: the starts and the ends of each resource in whole minutes. One statement.

One row for each resource instead of one for each appointment, and numbers instead of moments: to make thousands of
datetimes would take longer than to search among them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import sql
from appointments.domain.schedule.wallclock import midnight, minute_of, moment_of

IntArray = NDArray[np.int64]
# The starts and the ends of what occupies one resource, each in order. No two overlap, so the first start belongs to
# the first end, and so on.
Busy = tuple[list[int], list[int]]
# By resource: which appointment begins in which minute, or would, if the customer took what is held.
Started = dict[int, set[tuple[int, int]]]
# What it tells, of which resource, and two lists of numbers side by side.
Row = tuple[str, int, Any, Any]

# PostgreSQL: moments as it keeps them, eight bytes each, the highest first: read at once where an array would be read
# one by one, and it does sums with them more slowly than Python. SQLite: the texts that it keeps.
LISTS = {
    "postgresql": (
        "STRING_AGG(TIMESTAMPTZ_SEND(starts_at), ''::bytea), STRING_AGG(TIMESTAMPTZ_SEND(ends_at), ''::bytea)"
    ),
    "sqlite": "GROUP_CONCAT(starts_at), GROUP_CONCAT(ends_at)",
}
A_MINUTE = 60_000_000
BYTES = 8
MILLENNIUM = minute_of(datetime(2000, 1, 1, tzinfo=UTC))
"""From where PostgreSQL counts the microseconds of `A_MINUTE`."""

# A hold that has expired occupies nothing.
STATEMENT = """
SELECT 'busy', resource_id, {lists} FROM appointments_occupancy
 WHERE {of_these} AND ends_at > %(since)s AND starts_at < %(until)s
   AND (expires_at IS NULL OR expires_at > %(now)s) AND {others}
 GROUP BY resource_id
"""
# What is held begins after the buffer, and an appointment when the customer was told.
BEGINS = (
    "CASE WHEN held.request_id IS NULL THEN appointment.starts_at ELSE held.starts_at END",
    "CASE WHEN held.request_id IS NULL THEN 0 ELSE service.buffer_before END",
)
PAIRS = {
    "postgresql": (
        "STRING_AGG(INT8SEND(held.appointment_id), ''::bytea), "
        "STRING_AGG(INT8SEND(FLOOR(DATE_PART('epoch', {}) / 60)::bigint + {}), ''::bytea)"
    ),
    "sqlite": "GROUP_CONCAT(held.appointment_id), GROUP_CONCAT(CAST(STRFTIME('%%s', {}) AS INTEGER) / 60 + {})",
}
STARTS = """
SELECT 'starts', held.resource_id, {pairs} FROM appointments_occupancy held
  JOIN appointments_appointment appointment ON appointment.id = held.appointment_id
  JOIN appointments_service service ON service.id = appointment.service_id
 WHERE {of_these} AND held.ends_at > %(first)s AND held.starts_at < %(last)s
   AND (held.expires_at IS NULL OR held.expires_at > %(now)s) AND {others}
 GROUP BY held.resource_id
"""


def read(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Collection[int] = ()
) -> dict[int, Busy]:
    """The occupied minutes (UTC) that touch `window`, by resource; a minute begun is a minute occupied. One query.

    `ignoring`: the ids of appointments that are being moved.
    """
    return _busy(_rows([_statement(ignoring)], _values(resource_ids, window, now, ignoring)), resource_ids)


def read_with_starts(
    resource_ids: Collection[int],
    limited: Collection[int],
    *,
    window: Span[int],
    days: Span[int],
    now: datetime,
    ignoring: Collection[int] = (),
) -> tuple[dict[int, Busy], Started]:
    """The same, and what begins during `days` (minutes of UTC) with those that are `limited`. One query for both."""
    values = _values(resource_ids, window, now, ignoring) | _values_of_starts(limited, days, now, ignoring)
    rows = _rows([_statement(ignoring), _statement_of_starts(ignoring)], values)
    return _busy(rows, resource_ids), _started(rows, limited, days)


def read_starts(limited: Collection[int], *, days: Span[int], now: datetime, ignoring: Collection[int] = ()) -> Started:
    """What begins during `days` (minutes of UTC) with each of these. One query."""
    rows = _rows([_statement_of_starts(ignoring)], _values_of_starts(limited, days, now, ignoring))
    return _started(rows, limited, days)


def _rows(statements: Sequence[str], values: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        rows: list[Row] = cursor.fetchall()
        return rows


def _statement(ignoring: Collection[int]) -> str:
    others = sql.none_of_these("appointment_id") if ignoring else "TRUE"
    return STATEMENT.format(lists=LISTS[connection.vendor], of_these=sql.of_these(), others=others)


def _values(
    resource_ids: Collection[int], window: Span[int], now: datetime, ignoring: Collection[int]
) -> dict[str, Any]:
    return {
        "ids": sql.ids_as_one(resource_ids),
        "since": sql.moment(moment_of(window.start)),
        "until": sql.moment(moment_of(window.end)),
        "now": sql.moment(now),
        "ignoring": sql.ids_as_one(ignoring),
    }


def _statement_of_starts(ignoring: Collection[int]) -> str:
    return STARTS.format(
        pairs=PAIRS[connection.vendor].format(*BEGINS),
        of_these=sql.of_these("held.resource_id", name="limited"),
        others=sql.none_of_these("held.appointment_id") if ignoring else "TRUE",
    )


def _values_of_starts(
    limited: Collection[int], days: Span[int], now: datetime, ignoring: Collection[int]
) -> dict[str, Any]:
    return {
        "limited": sql.ids_as_one(limited),
        "first": sql.moment(moment_of(days.start)),
        "last": sql.moment(moment_of(days.end)),
        "now": sql.moment(now),
        "ignoring": sql.ids_as_one(ignoring),
    }


def _busy(rows: Iterable[Row], resource_ids: Iterable[int]) -> dict[int, Busy]:
    busy: dict[int, Busy] = {pk: ([], []) for pk in resource_ids}
    found = [row[1:] for row in rows if row[0] == "busy"]
    if found:
        ids, starts, ends = zip(*found, strict=True)
        lists = _lists_of_texts if isinstance(starts[0], str) else _lists_of_numbers
        both = zip(lists(starts, round_up=False), lists(ends, round_up=True), strict=True)
        busy |= dict(zip(ids, both, strict=True))
    return busy


def _lists_of_texts(texts: Sequence[str], *, round_up: bool) -> Iterator[list[int]]:
    minutes = MinutesOfTexts(round_up=round_up)
    return (minutes.all_in(each) for each in texts)


def _lists_of_numbers(packed: Sequence[bytes], *, round_up: bool) -> Iterator[list[int]]:
    """The minutes of each, in order. Divided all at once: one resource after the other would take longer."""
    moments = _numbers(b"".join(packed))
    minutes = (-(-moments // A_MINUTE) if round_up else moments // A_MINUTE) + MILLENNIUM
    last = 0
    for each in packed:
        first, last = last, last + len(each) // BYTES
        own = minutes[first:last]
        own.sort()
        yield own.tolist()


def _started(rows: Iterable[Row], limited: Iterable[int], days: Span[int]) -> Started:
    started: Started = {pk: set() for pk in limited}
    for kind, pk, *lists in rows:
        if kind == "starts":
            appointments, minutes = (
                map(int, each.split(",")) if isinstance(each, str) else _numbers(each).tolist() for each in lists
            )
            pairs = zip(appointments, minutes, strict=True)
            started[pk] = {(one, minute) for one, minute in pairs if days.start <= minute < days.end}
    return started


def _numbers(packed: bytes) -> IntArray:
    """Those of so many `BYTES` each, the highest first, in their order."""
    return np.frombuffer(packed, dtype=f">i{BYTES}").astype(np.int64)


class MinutesOfTexts(dict[str, int]):
    """Reads times as SQLite keeps them, "2026-11-24 07:30:00" with or without a part of a second; each text once.

    The times of many resources are mostly the same.
    """

    def __init__(self, *, round_up: bool) -> None:
        super().__init__()
        self.round_up = round_up
        self._days: dict[str, int] = {}
        self._clocks: dict[str, int] = {}

    def all_in(self, texts: str) -> list[int]:
        """The minutes of a list with commas, in order."""
        return sorted(map(self.__getitem__, texts.split(",")))

    def __missing__(self, text: str) -> int:
        day, clock = text[:10], text[11:]
        if day not in self._days:
            self._days[day] = midnight(date.fromisoformat(day))
        if clock not in self._clocks:
            begun = self.round_up and clock[6:] != "00"
            self._clocks[clock] = int(clock[:2]) * 60 + int(clock[3:5]) + begun
        minute = self[text] = self._days[day] + self._clocks[clock]
        return minute
