"""Free times for many at once, against the search for one and against brute force."""

import random
from collections import Counter
from datetime import datetime

import pytest

from appointments.domain.schedule.many import Wanted, Ways, ways_for_many
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.models import Appointment, Service
from tests import brute
from tests.appointments.domain.schedule.world import a_busy_place, a_night, fill
from tests.clock import NOW, at, days, minutes

pytestmark = pytest.mark.django_db

TUESDAY = Span(minute_of(at("2026-11-24 00:00")), minute_of(at("2026-11-25 00:00")))
BY_DAY = Span(7 * 60, 20 * 60)


def wanted(service: Service, length: int | None = None) -> Wanted:
    location = service.requirements.order_by("pk")[0].candidates.all()[0].location
    return Wanted(service, location, length or service.minutes)


def told(ways: Ways) -> list[tuple[str, int, tuple[int, ...]]]:
    return [
        (f"{moment_of(start).astimezone(NOW.tzinfo):%H:%M}", leader, tuple(resources))
        for start, leader, resources in zip(
            ways.starts.tolist(), ways.leaders.tolist(), ways.resources.tolist(), strict=True
        )
    ]


def clocks(ways: Ways) -> list[str]:
    return [f"{moment_of(start).astimezone(NOW.tzinfo):%H:%M}" for start in ways.starts.tolist()]


# --- Against the search for one, and against brute force ----------------------------------------------------------


def as_brute(ways: Ways) -> Counter[brute.Way]:
    columns = (ways.starts.tolist(), ways.resources.tolist(), ways.outside.tolist())
    return Counter((moment_of(start), tuple(chosen), beyond) for start, chosen, beyond in zip(*columns, strict=True))


def by_start_and_leader(
    ways: Counter[brute.Way] | set[brute.Way], leading: int
) -> dict[tuple[datetime, int], dict[frozenset[int], bool]]:
    """The sets of resources, and whether each is outside the hours."""
    found: dict[tuple[datetime, int], dict[frozenset[int], bool]] = {}
    for start, chosen, beyond in ways:
        found.setdefault((start, chosen[leading]), {})[frozenset(chosen)] = beyond
    return found


@pytest.mark.parametrize("outside", [None, BY_DAY])
@pytest.mark.parametrize("seed", range(10))
def test_it_finds_what_brute_force_finds(seed: int, outside: Span[int] | None) -> None:
    chance = random.Random(seed)
    zone, first = a_night(chance)
    service = a_busy_place(chance, zone)
    fill(chance, service, first)
    here = wanted(service, chance.choice([None, 25, 70]))
    until = first + days(3)
    window = Span(max(minute_from(first + minutes(service.notice_minutes)), minute_of(first) + 1), minute_of(until))
    moved = list(Appointment.objects.order_by("pk")[: chance.choice([0, 9])])
    ways = ways_for_many([here], window=window, now=first, ignoring=[one.pk for one in moved], outside=outside)[here]
    slow = brute.free_ways(
        service,
        here.location,
        first=first,
        until=until,
        now=first,
        length=here.minutes,
        ignoring=moved,
        outside=range(*outside) if outside else None,
    )
    leading = next((n for n, need in enumerate(service.requirements.order_by("pk")) if need.kind == "provider"), 0)
    quick, all_ways = (by_start_and_leader(each, leading) for each in (as_brute(ways), slow))
    assert quick == all_ways
    clock = WallClock(here.location.tzinfo, window)
    assert ways.walls.tolist() == [clock.wall(start) for start in ways.starts.tolist()]
    assert sum(as_brute(ways).values()) == len(as_brute(ways))
