"""A timeline in memory: who is taken when, for work on many rows that must not ask the database for each."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from appointments.domain.schedule.spans import Span
from appointments.models import Occupancy


class Taken(NamedTuple):
    """One resource for one span; `appointment_id` is None for what is only planned."""

    resource_id: int
    span: Span[datetime]
    appointment_id: int | None


class Timeline:
    """Kept by resource and day, so that looking is quick however much there is."""

    def __init__(self) -> None:
        self._days: dict[tuple[int, date], list[Taken]] = defaultdict(list)
        self._of: dict[int, list[Taken]] = defaultdict(list)

    def load(self, window: Span[datetime], *, now: datetime) -> None:
        """Everything that stands in `window`. One query."""
        for one in Occupancy.objects.in_force(now).overlapping(window.start, window.end).iterator():
            self.add(Taken(one.resource_id, Span(one.starts_at, one.ends_at), one.appointment_id))

    def add(self, taken: Taken) -> None:
        for key in _keys(taken):
            self._days[key].append(taken)
        if taken.appointment_id is not None:
            self._of[taken.appointment_id].append(taken)

    def resources_of(self, appointment_id: int) -> set[int]:
        """What an appointment takes, as far as it lies in what was loaded."""
        return {taken.resource_id for taken in self._of.get(appointment_id, ())}

    def forget(self, appointment_id: int) -> list[Taken]:
        """Frees what an appointment takes, and returns it so that it can be added again."""
        gone = self._of.pop(appointment_id, [])
        for taken in gone:
            for key in _keys(taken):
                self._days[key].remove(taken)
        return gone

    def busy(self, resource_id: int, span: Span[datetime]) -> Taken | None:
        """The first that is in the way, if any."""
        for key in _keys(Taken(resource_id, span, None)):
            for taken in self._days.get(key, ()):
                if taken.span.start < span.end and taken.span.end > span.start:
                    return taken
        return None


def _keys(taken: Taken) -> Iterator[tuple[int, date]]:
    day, last = taken.span.start.date(), taken.span.end.date()
    while day <= last:
        yield taken.resource_id, day
        day += timedelta(days=1)
