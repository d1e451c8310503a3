"""A full diary, thought out before anything is stored: who is booked when, for what, in which room.

Plain facts in, plain facts out. It fills the days as a busy front desk would, then keeps as many visits as asked for:
all days behind us equally full, the days ahead the emptier the farther they are.
"""

import random
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.demo.chance import one_of

STEP = timedelta(minutes=15)


@dataclass(frozen=True)
class Job:
    """A service as the planner sees it. `needs` are the alternatives for each resource besides the provider."""

    code: str
    minutes: int
    before: int
    after: int
    grid: int
    share: float
    providers: frozenset[int]
    needs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Visit:
    """One planned appointment; `resources` holds the provider too."""

    place: str
    job: Job
    provider: int
    resources: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass
class Timeline:
    """When each resource works, and what it has been given."""

    working: dict[int, list[tuple[datetime, datetime]]]
    taken: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))

    def works(self, resource: int, start: datetime, end: datetime) -> bool:
        return any(opens <= start and end <= closes for opens, closes in self.working[resource])

    def is_free(self, resource: int, start: datetime, end: datetime) -> bool:
        return not any(start < until and since < end for since, until in self.taken[resource])

    def take(self, resources: Iterable[int], start: datetime, end: datetime) -> None:
        for resource in resources:
            insort(self.taken[resource], (start, end))


def fill_day(
    chance: random.Random, day: Timeline, *, place: str, providers: Sequence[int], jobs: Sequence[Job], zone: ZoneInfo
) -> list[Visit]:
    """Books one day at one place nearly full. `day` holds this day's working spans of all its resources."""
    visits: list[Visit] = []
    for provider in chance.sample(list(providers), len(providers)):
        offered = [(job, job.share) for job in jobs if provider in job.providers]
        for opens, closes in day.working.get(provider, ()):
            moment = opens
            while offered and moment < closes:
                visit = _next_visit(chance, day, place=place, provider=provider, offered=offered, at=moment, zone=zone)
                if visit is None or chance.random() < 0.07:
                    moment += STEP
                    continue
                margin = timedelta(minutes=visit.job.before), timedelta(minutes=visit.job.after)
                day.take(visit.resources, visit.starts_at - margin[0], visit.ends_at + margin[1])
                visits.append(visit)
                moment = visit.ends_at + margin[1]
    return visits


def _next_visit(
    chance: random.Random,
    day: Timeline,
    *,
    place: str,
    provider: int,
    offered: list[tuple[Job, float]],
    at: datetime,
    zone: ZoneInfo,
) -> Visit | None:
    """One that can begin at or just after `at`: a job by its share, or else any other that fits."""
    first = one_of(chance, offered)
    for job in (first, *(job for job, __ in offered if job is not first)):
        start = on_grid(at + timedelta(minutes=job.before), job.grid, zone)
        end = start + timedelta(minutes=job.minutes)
        since, until = start - timedelta(minutes=job.before), end + timedelta(minutes=job.after)
        if not (day.works(provider, start, end) and day.is_free(provider, since, until)):
            continue
        others = [
            next((one for one in options if day.works(one, start, end) and day.is_free(one, since, until)), None)
            for options in job.needs
        ]
        found = [one for one in others if one is not None]
        if len(found) == len(others):
            return Visit(place, job, provider, tuple(sorted((provider, *found))), start, end)
    return None


def on_grid(moment: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """The first start at or after `moment` on the grid, which counts from midnight on the wall clock."""
    local = moment.astimezone(zone)
    past = (local.hour * 60 + local.minute) % minutes
    return moment if not past else moment + timedelta(minutes=minutes - past)


def thin_out(chance: random.Random, visits: Sequence[Visit], *, keep: int, today: date) -> list[Visit]:
    """`keep` of `visits` (or all there are) in order of time, the sparser the farther ahead of `today`."""

    def luck(visit: Visit) -> float:
        ahead = (visit.starts_at.date() - today).days
        likely = 1.0 if ahead <= 5 else max(0.12, 1.0 - (ahead - 5) / 38)
        return float(chance.random() ** (1 / likely))

    lucky = sorted(visits, key=luck, reverse=True)[:keep]
    return sorted(lucky, key=lambda visit: (visit.starts_at, visit.provider))
