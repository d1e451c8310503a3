"""Places by chance, for comparisons with brute force."""

import random
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from appointments.enums import ResourceKind
from appointments.models import Service
from tests.clock import at, days, hours, minutes
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    BreakFactory,
    ClosureFactory,
    EquipmentFactory,
    LocationFactory,
    OccupancyFactory,
    ProviderFactory,
    RequirementFactory,
    RescheduleRequestFactory,
    RoomFactory,
    ServiceFactory,
    open_weekly,
)

# In most of them the clock changes.
NIGHTS = (
    ("Europe/Berlin", "2027-03-28"),
    ("Europe/Berlin", "2027-10-31"),
    ("America/New_York", "2027-03-14"),
    ("America/New_York", "2027-11-07"),
    ("Asia/Makassar", "2026-11-24"),
)


def a_night(chance: random.Random) -> tuple[str, datetime]:
    """A zone, and the morning there before one of `NIGHTS`."""
    zone, night = chance.choice(NIGHTS)
    first = datetime.combine(at(f"{night} 12:00").date() - days(1), time(7), ZoneInfo(zone))
    return zone, first.astimezone(UTC)


def a_busy_place(chance: random.Random, zone: str) -> Service:
    """Odd hours, nights, breaks, absences, closures and half a hundred appointments, all by chance."""
    location = LocationFactory(zone=zone, closed_on_holidays=False)
    if chance.random() < 0.7:
        open_weekly(
            location, weekdays=range(7), opens_at=time(6), closes_at=chance.choice([time(22), time(2), time(0)])
        )
    people = ProviderFactory.create_batch(chance.randint(1, 4), location=location)
    rooms = RoomFactory.create_batch(chance.randint(0, 2), location=location)
    devices = EquipmentFactory.create_batch(chance.randint(0, 1), location=location)
    service = ServiceFactory(
        minutes=chance.choice([15, 30, 45, 90]),
        grid=chance.choice([10, 15, 20, 35, 60]),
        buffer_before=chance.choice([0, 0, 10]),
        buffer_after=chance.choice([0, 10]),
        notice_minutes=chance.choice([0, 125]),
    )
    for kind, candidates in zip(ResourceKind, (people, rooms, devices), strict=True):
        if candidates:
            RequirementFactory(service=service, kind=kind, candidates=candidates)
    if rooms and chance.random() < 0.5:
        RequirementFactory(service=service, kind=ResourceKind.ROOM, candidates=[*rooms, *devices])
    for person in people:
        if chance.random() < 0.8:
            opens, closes = chance.choice([(time(9), time(17, 30)), (time(22), time(6)), (time(0), time(0))])
            open_weekly(person, weekdays=chance.sample(range(7), 5), opens_at=opens, closes_at=closes)
        BreakFactory(resource=person, weekday=chance.randrange(7), opens_at=time(1, 45), closes_at=time(3, 10))
    return service


def fill(chance: random.Random, service: Service, first: datetime) -> None:
    resources = [one for need in service.requirements.all() for one in need.candidates.all()]
    location = resources[0].location
    start = first + minutes(15 * chance.randrange(100))
    ClosureFactory(
        location=location, starts_at=start, ends_at=start + hours(5), rrule=chance.choice(["", "FREQ=DAILY;INTERVAL=2"])
    )
    AbsenceFactory(resource=resources[0], starts_at=start + hours(20), ends_at=start + hours(30))
    for resource in sorted(set(resources), key=lambda one: one.pk):
        resource.most_a_day = chance.choice([None, None, 5, 7, 9])
        resource.save()
        moment = first + minutes(5 * chance.randrange(50))
        while moment < first + days(4):
            length = minutes(chance.choice([10, 30, 60, 95]))
            booked = AppointmentFactory(
                service=service, location=location, provider=None, starts_at=moment, ends_at=moment + length
            )
            round_ = (
                RescheduleRequestFactory(appointment=booked, respond_by=first + hours(5))
                if chance.random() < 0.2
                else None
            )
            OccupancyFactory(
                appointment=booked, resource=resource, starts_at=moment, ends_at=moment + length, request=round_
            )
            moment += length + minutes(5 * chance.randrange(80))
