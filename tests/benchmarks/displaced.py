"""The problems that plans are measured on: seeded, straight in numpy, without a database.

Providers with the three working patterns, Monday to Friday, 3 % of their days off; eight appointments a provider and
day to begin with. All appointments of some of them over some days are displaced.
"""

import random
from collections.abc import Sequence

import numpy as np

from appointments.domain.disruptions.planner.problem import Job, Kind, Problem
from appointments.domain.schedule.wallclock import DAY
from tests.benchmarks.dataset import A_DAY, BREAK, DAYS_OFF, GRID, HORIZON, LENGTHS, PATTERNS

MONDAY = 20_780
"""2026-11-23, as a day of the wall clock, which shows UTC."""
PRIORITIES = (1.0, 1.0, 1.0, 2.0, 3.0)
FOR_EACH = 200
"""How many appointments of one provider are displaced, some weeks' worth."""

Spans = list[tuple[int, int]]
Booked = tuple[int, int, int]
"""Provider, start, length."""


def make(
    *,
    seed: int,
    displaced: int,
    providers: int,
    lengths: Sequence[int] = LENGTHS,
    at_last: int = 4,
    days: int = HORIZON,
) -> Problem:
    """So many displaced. `at_last`: to how many a day the calendars have thinned out when the horizon of so many days
    ends; with eight there is not room for all.
    """
    chance = random.Random(seed)
    away = chance.sample(range(providers), -(-displaced // FOR_EACH))
    free: list[tuple[int, int, int]] = []
    moved: list[Booked] = []
    for day in range(days):
        for provider in range(providers):
            if day % 7 > 4 or chance.random() < DAYS_OFF:
                continue
            count = round(A_DAY - (A_DAY - at_last) * day / days)
            gaps, booked = _day(chance, provider, (MONDAY + day) * DAY, chance.choices(lengths, k=count))
            if provider in away and len(moved) < displaced:
                moved += booked
            else:
                free += [(provider, start, end) for start, end in gaps]
    sizes = sorted(set(lengths))
    kinds = tuple(_kind(free, minutes) for minutes in sizes)
    jobs = (_job(key, one, sizes.index(one[2]), chance) for key, one in enumerate(moved[:displaced]))
    return Problem(kinds, tuple(jobs))


def _day(chance: random.Random, provider: int, midnight: int, lengths: Sequence[int]) -> tuple[Spans, list[Booked]]:
    """What is left of a provider's day and what is booked, as far as it fits around the break."""
    opens, closes, pause = (clock.hour * 60 + clock.minute for clock in PATTERNS[provider % len(PATTERNS)])
    free = [(midnight + opens, midnight + pause), (midnight + pause + BREAK, midnight + closes)]
    booked: list[Booked] = []
    for length in sorted(lengths, reverse=True):
        starts = [start for begin, end in free for start in range(begin, end - length + 1, GRID)]
        if starts:
            start = chance.choice(starts)
            booked.append((provider, start, length))
            free = [piece for span in free for piece in _without(span, start, start + length)]
    return free, booked


def _without(span: tuple[int, int], start: int, end: int) -> Spans:
    if not span[0] <= start < span[1]:
        return [span]
    return [piece for piece in ((span[0], start), (end, span[1])) if piece[0] < piece[1]]


def _kind(free: Sequence[tuple[int, int, int]], minutes: int) -> Kind:
    rows = sorted((at, who) for who, start, end in free for at in range(start, end - minutes + 1, GRID))
    starts, leaders = np.array(rows, dtype=np.int64).T
    return Kind(0, minutes, 0, starts, starts, leaders, leaders.reshape(-1, 1), np.zeros(len(rows), dtype=bool))


def _job(key: int, booked: Booked, kind: int, chance: random.Random) -> Job:
    provider, start, __ = booked
    priority = chance.choice(PRIORITIES)
    return Job(key=key, kind=kind, start=start, wall=start, leader=provider, priority=priority, earliest=MONDAY * DAY)
