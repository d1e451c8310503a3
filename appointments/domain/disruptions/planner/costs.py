"""What a move costs a customer, in minutes: the distance times how urgent it is, another person, another hour."""

import numpy as np
from numpy.typing import NDArray

from appointments.domain.disruptions.planner.problem import NOBODY, Job, Kind
from appointments.domain.schedule.wallclock import DAY

FloatArray = NDArray[np.float64]

ANOTHER_PERSON = 120
UNPLACED = 1e11
"""More than everybody's moves together: whoever can have a place gets one."""
A_YEAR = 365 * DAY
"""The delay of somebody without a place, so that of two the more urgent one is placed."""


def delay(job: Job, start: int) -> int:
    """How far the new start lies from the old one; sooner is as far as later."""
    return abs(start - job.start)


def shift(job: Job, wall: int) -> int:
    """By how much the hour changes, the shorter way round the clock."""
    apart = abs(wall - job.wall) % DAY
    return min(apart, DAY - apart)


def another_person(job: Job, leader: int) -> int:
    """Nobody is missed where nobody in particular was booked."""
    return ANOTHER_PERSON if job.leader not in (NOBODY, leader) else 0


def cost(job: Job, *, start: int, wall: int, leader: int) -> float:
    return job.priority * delay(job, start) + another_person(job, leader) + shift(job, wall)


def costs(job: Job, kind: Kind) -> FloatArray:
    """The same for every way of its kind."""
    apart = np.abs(kind.walls - job.wall) % DAY
    found = job.priority * np.abs(kind.starts - job.start) + np.minimum(apart, DAY - apart)
    if job.leader != NOBODY:
        found += ANOTHER_PERSON * (kind.leaders != job.leader)
    return found


def without_a_place(job: Job) -> float:
    return UNPLACED + job.priority * A_YEAR
