"""The data that benchmarks run on: seeded, made with the standard library, written straight into the tables.

Providers with three working patterns, Monday to Friday; 3 % of their days off; a closure every 30 days; eight
appointments a provider and day on a grid of 15 minutes; rows inserted in shuffled order; history filled backwards to
the asked count.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from appointments.enums import ResourceKind
from appointments.models import (
    Absence,
    Appointment,
    Break,
    Closure,
    Customer,
    Location,
    Occupancy,
    Requirement,
    Resource,
    Service,
    WeeklyHours,
)

Patterns = tuple[tuple[time, time, time], ...]
"""From, until, break from; each break is 30 minutes."""
PATTERNS: Patterns = (
    (time(8), time(15, 30), time(12)),
    (time(9), time(17, 30), time(12, 30)),
    (time(10), time(19), time(14)),
)
LENGTHS = (30, 30, 30, 45, 60, 60, 90)
A_DAY = 8
# The same by night, for the change of the clock and the change of the day.
NIGHTS: Patterns = ((time(20), time(4), time(0)), (time(22), time(6), time(2, 30)), (time(23), time(7), time(3)))
GRID = 15
BREAK = 30
DAYS_OFF = 0.03
HORIZON = 60
CHUNK = 4000
# A Monday morning on which the clocks of nobody change soon.
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass
class World:
    """What was made, and the chance it was made with."""

    location: Location
    service: Service
    providers: list[Resource]
    chance: random.Random
    now: datetime
    patterns: Patterns = PATTERNS
    services: dict[int, Service] = field(default_factory=dict)
    stored: int = 0
    filled_back_to: date = date.max
    days_off: set[tuple[int, date]] = field(default_factory=set)

    @property
    def zone(self) -> ZoneInfo:
        return self.location.tzinfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def make(
    *,
    providers: int,
    stored: int,
    seed: int,
    zone: str = "Asia/Jakarta",
    buffer_after: int = 0,
    customers: int = 200,
    patterns: Patterns = PATTERNS,
    now: datetime = NOW,
) -> World:
    """A place with its providers, the next 60 days filled and history filled backwards to `stored` appointments."""
    chance = random.Random(seed)
    location = Location.objects.create(
        code=f"bench-{seed}-{providers}", name="Bench", zone=zone, closed_on_holidays=False
    )
    people = _providers(location, providers, patterns)
    services = {length: service_of(length, people, buffer_after=buffer_after) for length in sorted(set(LENGTHS))}
    Customer.objects.bulk_create(
        [Customer(name=f"Customer {n:05}", email=f"customer{n}@example.com", language="en") for n in range(customers)],
        batch_size=CHUNK,
    )
    world = World(location, services[30], people, chance, now, patterns, services)
    _close_once(world)
    days = [world.today + timedelta(days=n) for n in range(HORIZON)]
    _fill(world, [day for day in days if day.weekday() < 5])
    world.filled_back_to = world.today
    extend(world, stored=stored)
    return world


def extend(world: World, *, stored: int) -> None:
    """Fill history backwards until at least `stored` appointments are in the tables."""
    a_week = max(1, 5 * A_DAY * len(world.providers))
    while world.stored < stored:
        weeks = -(-(stored - world.stored) // a_week)
        days = [world.filled_back_to - timedelta(days=n) for n in range(1, 7 * weeks + 1)]
        _fill(world, [day for day in days if day.weekday() < 5], at_most=stored - world.stored)
        world.filled_back_to = days[-1]


def _providers(location: Location, count: int, patterns: Sequence[tuple[time, time, time]]) -> list[Resource]:
    people = Resource.objects.bulk_create(
        [
            Resource(kind=ResourceKind.PROVIDER, name=f"Provider {n:02}", location=location, position=n)
            for n in range(count)
        ]
    )
    hours, breaks = [], []
    for n, person in enumerate(people):
        opens, closes, pause = patterns[n % len(patterns)]
        after = (datetime.combine(date.min, pause) + timedelta(minutes=BREAK)).time()
        for weekday in range(5):
            hours.append(
                WeeklyHours(
                    resource=person, weekday=weekday, opens_at=opens, closes_at=closes, overnight=closes <= opens
                )
            )
            # A break after midnight is one of the next day.
            paused = weekday if pause > opens else (weekday + 1) % 7
            breaks.append(Break(resource=person, weekday=paused, opens_at=pause, closes_at=after))
    WeeklyHours.objects.bulk_create(hours)
    Break.objects.bulk_create(breaks)
    return people


def service_of(length: int, people: list[Resource], *, buffer_after: int = 0) -> Service:
    """A service of `length` minutes that any one of `people` can do."""
    service = Service.objects.create(
        code=f"bench-{people[0].pk}-{len(people)}-{length}",
        name=f"{length} minutes",
        minutes=length,
        grid=GRID,
        buffer_after=buffer_after,
        notice_minutes=0,
        horizon_days=HORIZON,
    )
    Requirement.objects.create(service=service, kind=ResourceKind.PROVIDER).candidates.set(people)
    return service


def _close_once(world: World) -> None:
    """One afternoon of a working day in each 30 days."""
    for month in range(2):
        day = world.today + timedelta(days=30 * month + world.chance.randrange(4, 25))
        day -= timedelta(days=max(0, day.weekday() - 4))
        start = datetime.combine(day, time(13), world.zone)
        Closure.objects.create(
            location=world.location, title="Meeting", starts_at=start, ends_at=start + timedelta(hours=3)
        )


def _fill(world: World, days: list[date], *, at_most: int | None = None) -> None:
    absences: list[Absence] = []
    planned: list[tuple[Resource, datetime, int]] = []
    for day in days:
        for n, person in enumerate(world.providers):
            if world.chance.random() < DAYS_OFF:
                start = datetime.combine(day, time(0), world.zone)
                absences.append(Absence(resource=person, starts_at=start, ends_at=start + timedelta(days=1)))
                world.days_off.add((person.pk, day))
                continue
            planned += _on_the_wall(world, person, day, world.patterns[n % len(world.patterns)])
    if at_most is not None:
        del planned[at_most:]
    world.chance.shuffle(planned)
    with transaction.atomic():
        Absence.objects.bulk_create(absences, batch_size=CHUNK)
        for first in range(0, len(planned), CHUNK):
            _insert(world, planned[first : first + CHUNK])
    world.stored += len(planned)


def _on_the_wall(
    world: World, person: Resource, day: date, pattern: tuple[time, time, time]
) -> Iterator[tuple[Resource, datetime, int]]:
    """A day's appointments as moments, without those that a buffer or a change of the clock pushes into one another."""
    midnight = datetime.combine(day, time(0), world.zone)
    last = midnight.astimezone(UTC)
    for minute, length in sorted(_day(world, pattern)):
        start = (midnight + timedelta(minutes=minute)).astimezone(UTC)
        if start >= last:
            last = start + timedelta(minutes=length) + world.service.after
            yield person, start, length


def _day(world: World, pattern: tuple[time, time, time]) -> Iterator[tuple[int, int]]:
    """Eight appointments (minute of the day, length) of one provider, as far as they fit around the break."""
    opens, closes, pause = (clock.hour * 60 + clock.minute for clock in pattern)
    # Past midnight the minutes of the day go on counting.
    closes, pause = (minute if minute > opens else minute + 24 * 60 for minute in (closes, pause))
    free = [(opens, pause), (pause + BREAK, closes)]
    for length in sorted(world.chance.choices(LENGTHS, k=A_DAY), reverse=True):
        starts = [start for begin, end in free for start in range(begin, end - length + 1, GRID)]
        if not starts:
            continue
        start = world.chance.choice(starts)
        free = [
            piece
            for begin, end in free
            for piece in ([(begin, end)] if not begin <= start < end else [(begin, start), (start + length, end)])
            if piece[0] < piece[1]
        ]
        yield start, length


def _insert(world: World, planned: list[tuple[Resource, datetime, int]]) -> None:
    first = Customer.objects.order_by("pk").values_list("pk", flat=True)[0]
    count = Customer.objects.count()
    made = Appointment.objects.bulk_create(
        [
            Appointment(
                customer_id=first + world.chance.randrange(count),
                service=world.services[length],
                location=world.location,
                provider=person,
                starts_at=start,
                ends_at=start + timedelta(minutes=length),
            )
            for person, start, length in planned
        ]
    )
    Occupancy.objects.bulk_create(
        [
            Occupancy(
                resource_id=appointment.provider_id or 0,
                appointment=appointment,
                starts_at=appointment.starts_at,
                ends_at=appointment.ends_at + appointment.service.after,
            )
            for appointment in made
        ]
    )
