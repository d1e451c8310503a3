"""What occupies resources, as stored: the starts and the ends of each resource in whole minutes. One statement.

One row for each resource instead of one for each appointment, and numbers instead of moments: to make thousands of
datetimes would take longer than to search among them.
"""

from array import array
from collections.abc import Collection
from datetime import date, datetime
from sys import byteorder

from django.db import connection

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import sql
from appointments.domain.schedule.wallclock import midnight, moment_of

# The starts and the ends of what occupies one resource, each in order. No two overlap, so the first start belongs to
# the first end, and so on.
Busy = tuple[list[int], list[int]]

# PostgreSQL: minutes of four bytes each, the highest first, read at once where an array would be read one by one.
# SQLite: the texts that it keeps.
LISTS = {
    "postgresql": (
        "STRING_AGG(INT4SEND(FLOOR(DATE_PART('epoch', starts_at) / 60)::integer), ''::bytea), "
        "STRING_AGG(INT4SEND(CEIL(DATE_PART('epoch', ends_at) / 60)::integer), ''::bytea)"
    ),
    "sqlite": "GROUP_CONCAT(starts_at), GROUP_CONCAT(ends_at)",
}
# A hold that has expired occupies nothing.
STATEMENT = """
SELECT resource_id, {lists} FROM appointments_occupancy
 WHERE {of_these} AND ends_at > %(since)s AND starts_at < %(until)s
   AND (expires_at IS NULL OR expires_at > %(now)s) AND {others}
 GROUP BY resource_id
"""


def read(
    resource_ids: Collection[int], *, window: Span[int], now: datetime, ignoring: Collection[int] = ()
) -> dict[int, Busy]:
    """The occupied minutes (UTC) that touch `window`, by resource; a minute begun is a minute occupied. One query.

    `ignoring`: the ids of appointments that are being moved.
    """
    values = {
        "ids": sql.ids_as_one(resource_ids),
        "since": sql.moment(moment_of(window.start)),
        "until": sql.moment(moment_of(window.end)),
        "now": sql.moment(now),
        "ignoring": sql.ids_as_one(ignoring),
    }
    others = sql.none_of_these("appointment_id") if ignoring else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(lists=LISTS[connection.vendor], of_these=sql.of_these(), others=others), values)
        rows = cursor.fetchall()
    busy: dict[int, Busy] = {pk: ([], []) for pk in resource_ids}
    down, up = MinutesOfTexts(round_up=False), MinutesOfTexts(round_up=True)
    for pk, starts, ends in rows:
        if isinstance(starts, str):
            busy[pk] = down.all_in(starts), up.all_in(ends)
        else:
            busy[pk] = _numbers(starts), _numbers(ends)
    return busy


def _numbers(packed: bytes) -> list[int]:
    numbers = array("i", bytes(packed))
    if byteorder == "little":
        numbers.byteswap()
    return sorted(numbers)


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
        return sorted([self[text] for text in texts.split(",")])

    def __missing__(self, text: str) -> int:
        day, clock = text[:10], text[11:]
        if day not in self._days:
            self._days[day] = midnight(date.fromisoformat(day))
        if clock not in self._clocks:
            begun = self.round_up and clock[6:] != "00"
            self._clocks[clock] = int(clock[:2]) * 60 + int(clock[3:5]) + begun
        minute = self[text] = self._days[day] + self._clocks[clock]
        return minute
