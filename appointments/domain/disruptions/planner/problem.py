"""What a plan starts from: who needs a new time, and every way in which it could take place.

Times are whole minutes of UTC since 1970; a day is what the place's wall clock shows, divided by 1440.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wishes import Wishes

IntArray = NDArray[np.int64]
NOBODY = -1
"""The leader of an appointment that nobody in particular provides."""
LONG_AGO, FAR_AWAY = -(10**12), 10**12


@dataclass(frozen=True, eq=False)
class Kind:
    """Appointments that need the same for as long, and every way in which one of them could take place.

    The arrays have one row for each way, ascending by start. Several may share start and leader and differ in the
    room. A way occupies all its resources `[start - before, start + minutes + after)`.
    """

    before: int
    minutes: int
    after: int
    starts: IntArray
    walls: IntArray
    leaders: IntArray
    resources: IntArray
    """(ways, how many each occupies): ids, the leader's among them."""
    outside: NDArray[np.bool_]
    """Which ways lie outside the public hours."""

    @property
    def occupied(self) -> int:
        """For how many minutes each resource is taken."""
        return self.before + self.minutes + self.after

    def part(self, first: int, last: int) -> "Kind":
        """The same with only the ways of these places."""
        return Kind(
            before=self.before, minutes=self.minutes, after=self.after,
            starts=self.starts[first:last], walls=self.walls[first:last], leaders=self.leaders[first:last],
            resources=self.resources[first:last], outside=self.outside[first:last],
        )  # fmt: skip

    def span(self, start: int) -> Span[int]:
        """What an appointment that starts then occupies, buffers included."""
        return Span(start - self.before, start + self.minutes + self.after)

    def meeting(self, start: int) -> Span[int]:
        """What the customer spends on it."""
        return Span(start, start + self.minutes)


@dataclass(frozen=True)
class Job:
    """One appointment that needs a new time."""

    key: int
    kind: int
    """Its place in `Problem.kinds`."""
    start: int
    """The time that is taken away; `wall` is the same minute on the wall, `leader` who it was with."""
    wall: int
    leader: int
    priority: float = 1.0
    earliest: int = LONG_AGO
    latest: int = FAR_AWAY
    """Its new start lies in `[earliest, latest]`."""
    same_person: bool = False
    wishes: Wishes | None = None
    refused: frozenset[tuple[int, int]] = frozenset()
    """(start, leader): never again."""
    busy: tuple[Span[int], ...] = ()
    """The customer's own other appointments."""


@dataclass(frozen=True)
class Present:
    """What an appointment still occupies: no other job may be put there, the job `key` itself may."""

    key: int
    resource: int
    start: int
    end: int


@dataclass(frozen=True)
class Problem:
    """The jobs, their kinds and the limits.

    `most` and `minutes_left` count what this plan adds to a (resource, day): so many appointments, so many occupied
    minutes. `same_customer`: groups of keys whose appointments must not overlap one another.
    """

    kinds: tuple[Kind, ...]
    jobs: tuple[Job, ...]
    present: tuple[Present, ...] = ()
    most: Mapping[tuple[int, int], int] = field(default_factory=lambda: MappingProxyType({}))
    minutes_left: Mapping[tuple[int, int], int] = field(default_factory=lambda: MappingProxyType({}))
    same_customer: tuple[tuple[int, ...], ...] = ()
