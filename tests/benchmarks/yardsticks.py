"""What the slot search is measured against: one query and a sweep with numpy over a grid of 15 minutes.

The quickest plain thing one could write. It knows the hours, the days off and the closures without asking the
database, has no buffers and no second resource, and answers with arrays.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from appointments.models import Closure
from tests.benchmarks.dataset import GRID, World

CELLS = 24 * 60 // GRID
MINUTE = {
    "postgresql": "FLOOR(DATE_PART('epoch', {}) / 60)::integer",
    "sqlite": "unixepoch({}) / 60",
}
Answer = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def sql_of_the_query(ids: Sequence[int]) -> str:
    """Resource, first and last minute of all that stands in a span."""
    starts, ends = (MINUTE[connection.vendor].format(name) for name in ("starts_at", "ends_at"))
    return (
        f"SELECT resource_id, {starts}, {ends} FROM appointments_occupancy "  # noqa: S608  numbers of our own
        f"WHERE resource_id IN ({', '.join(map(str, ids))}) AND ends_at > %s AND starts_at < %s "
        "AND (expires_at IS NULL OR expires_at > %s)"
    )


def values_of_the_query(now: datetime, until: datetime) -> list[Any]:
    values = [now, until, now]
    if connection.vendor == "sqlite":
        return [f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}" for value in values]
    return values


class NumpySearch:
    """All free starts of 30 minutes in the next `days` days: (providers, minutes since 1970).

    `ignoring`: the ids of appointments that are being moved.
    """

    def __init__(self, world: World, days: int, *, ignoring: Sequence[int] = ()) -> None:
        self.world, self.days = world, days
        self.ids = [person.pk for person in world.providers]
        self.closures = [(row.starts_at, row.ends_at) for row in Closure.objects.filter(location=world.location)]
        self.first = int(datetime.combine(world.today, time(0), world.zone).timestamp()) // 60
        self.sql = sql_of_the_query(self.ids)
        if ignoring:
            self.sql += f" AND appointment_id NOT IN (VALUES {', '.join(f'({pk})' for pk in ignoring)})"

    def query(self) -> list[tuple[int, int, int]]:
        """The one query."""
        now, until = self.world.now, self.world.now + timedelta(days=self.days)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values_of_the_query(now, until))
            rows: list[tuple[int, int, int]] = cursor.fetchall()
            return rows

    def __call__(self) -> Answer:
        return self.starts(self.free(), 30)

    def free(self) -> npt.NDArray[np.bool_]:
        """By provider which cells are open and not occupied. The one query."""
        rows = np.array(self.query(), dtype=np.int64)
        free = self._open()
        count = free.shape[1]
        change = np.zeros((len(self.ids), count + 1), dtype=np.int32)
        who = rows[:, 0] - self.ids[0]
        np.add.at(change, (who, np.clip((rows[:, 1] - self.first) // GRID, 0, count)), 1)
        np.add.at(change, (who, np.clip(-((self.first - rows[:, 2]) // GRID), 0, count)), -1)
        free &= np.cumsum(change, axis=1)[:, :count] == 0
        return free

    def starts(self, free: npt.NDArray[np.bool_], length: int) -> Answer:
        """Where so many minutes are free."""
        cells = length // GRID
        starts = np.zeros_like(free)
        starts[:, : free.shape[1] - cells + 1] = free[:, : free.shape[1] - cells + 1]
        for cell in range(1, cells):
            starts[:, :-cell] &= free[:, cell:]
        now, until = (self._minute(self.world.now + timedelta(days=days)) for days in (0, self.days))
        starts[:, : now // GRID + 1] = False
        starts[:, (until - length) // GRID + 1 :] = False
        who, when = np.nonzero(starts)
        return who + self.ids[0], when * GRID + self.first

    def each(self, services: Mapping[int, npt.NDArray[np.int64]]) -> dict[int, Answer]:
        """One query and one sweep for services by their lengths, each with the places of those who do it."""
        free = self.free()
        found: dict[int, Answer] = {}
        for length, people in services.items():
            who, when = self.starts(free[people], length)
            found[length] = people[who - self.ids[0]] + self.ids[0], when
        return found

    def _open(self) -> npt.NDArray[np.bool_]:
        days = np.zeros((len(self.ids), self.days + 1, CELLS), dtype=bool)
        working = (np.arange(self.days + 1) + self.world.today.weekday()) % 7 < 5
        for n, clocks in enumerate(self.world.patterns):
            opens, closes, pause = ((clock.hour * 60 + clock.minute) // GRID for clock in clocks)
            day = np.zeros(CELLS, dtype=bool)
            day[opens:closes] = True
            day[pause : pause + 2] = False
            days[n :: len(self.world.patterns)] = working[:, None] & day
        for person, off in self.world.days_off:
            if 0 <= (place := (off - self.world.today).days) <= self.days:
                days[person - self.ids[0], place] = False
        cells = days.reshape(len(self.ids), -1)
        for start, end in self.closures:
            cells[:, max(0, self._minute(start) // GRID) : max(0, self._minute(end) // GRID)] = False
        return cells

    def _minute(self, moment: datetime) -> int:
        return int(moment.timestamp()) // 60 - self.first
