"""Goal 1: the slot search, and the page that proposes new times, beside one query and a sweep with numpy."""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from appointments.domain.schedule.many import Wanted, Ways, ways_for_many
from appointments.domain.schedule.slots import Slot, free_slots
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import minute_of
from tests import brute
from tests.benchmarks import database, dataset, table
from tests.benchmarks.dataset import NIGHTS, World, service_of
from tests.benchmarks.table import Row, side_by_side
from tests.benchmarks.yardsticks import NumpySearch
from tests.factories import StaffFactory

SIX = (15, 30, 45, 60, 75, 90)
LIMITS = {"postgresql": 1.25, "sqlite": 1.1}
# Weeks in which the clock changes, by day and by night, with and without buffers; and one in which it does not.
ODD_WEEKS = (
    ("Europe/Berlin", datetime(2027, 3, 26, 5, tzinfo=UTC), 0, dataset.PATTERNS),
    ("Europe/Berlin", datetime(2027, 10, 29, 5, tzinfo=UTC), 10, NIGHTS),
    ("America/New_York", datetime(2027, 3, 12, 5, tzinfo=UTC), 10, NIGHTS),
    ("America/New_York", datetime(2027, 11, 5, 5, tzinfo=UTC), 0, dataset.PATTERNS),
    ("Asia/Jakarta", dataset.NOW, 10, dataset.PATTERNS),
)


def run(*, seed: int) -> list[Row]:
    """Milliseconds, the least of many rounds."""
    for zone, now, buffer, patterns in ODD_WEEKS:
        with database.fresh():
            world = dataset.make(
                providers=3, stored=0, seed=seed, zone=zone, buffer_after=buffer, patterns=patterns, now=now
            )
            _must_agree(world, days=8)
    with database.fresh():
        few = _growth_of_history(seed)
    with database.fresh():
        many = _for_many(seed)
    with database.fresh():
        return [*_search(seed), few, *many]


def search(world: World, days: int, length: int = 30) -> list[Slot]:
    window = Span(world.now, world.now + timedelta(days=days))
    return free_slots(world.services[length], world.location, window=window, now=world.now)


def _growth_of_history(seed: int) -> Row:
    world = dataset.make(providers=10, stored=10_000, seed=seed)
    [before] = side_by_side(lambda: search(world, 30))
    dataset.extend(world, stored=100_000)
    database.settle()
    _must_agree(world, days=6)
    [after] = side_by_side(lambda: search(world, 30))
    return table.row(
        f"slots, {database.label()}: 10 × 30 days, 100k stored beside 10k (ms)", after, before, at_most=1.2
    )


def _search(seed: int) -> list[Row]:
    world = dataset.make(providers=50, stored=100_000, seed=seed)
    database.settle()
    _must_agree(world, days=6)
    quick, quick60 = NumpySearch(world, 30), NumpySearch(world, 60)
    for days, yardstick in ((30, quick), (60, quick60)):
        if _pairs(search(world, days)) != set(zip(*(part.tolist() for part in reversed(yardstick())), strict=True)):
            raise AssertionError(f"the search and the yardstick disagree over {days} days")
    with CaptureQueriesContext(connection) as queries:
        search(world, 30)
    ours, theirs = side_by_side(lambda: search(world, 30), quick, rounds=60)
    month, two_months = side_by_side(lambda: search(world, 30), lambda: search(world, 60), rounds=30)
    name = f"slots, {database.label()}: 50 × 30 days, 100k stored"
    return [
        table.row(f"{name}, beside a query + numpy (ms)", ours, theirs, at_most=LIMITS[connection.vendor]),
        table.count(f"{name} (queries)", len(queries), at_most=3),
        table.row(f"slots, {database.label()}: 60 days beside 30 (ms)", two_months, month, at_most=2),
        _propose_page(world),
    ]


def _for_many(seed: int) -> list[Row]:
    """1,000 appointments are displaced; six services, of which each colleague does all but one."""
    world = dataset.make(providers=30, stored=50_000, seed=seed)
    doers = {length: _all_but(place) for place, length in enumerate(SIX)}
    services = {length: service_of(length, [world.providers[n] for n in doers[length]]) for length in SIX}
    database.settle()
    until = world.now + timedelta(days=14)
    coming = world.location.appointments.filter(starts_at__gt=world.now, ends_at__lte=until).order_by("provider", "pk")
    displaced = list(coming.values_list("pk", flat=True)[:1000])
    wanted = [Wanted(service, world.location, length) for length, service in services.items()]
    window = Span(minute_of(world.now) + 1, minute_of(until))

    def ours() -> dict[Wanted, Ways]:
        return ways_for_many(wanted, window=window, now=world.now, ignoring=displaced)

    quick = NumpySearch(world, 14, ignoring=displaced)
    theirs = quick.each(doers)
    for one, found in ours().items():
        people, starts = theirs[one.minutes]
        pairs = set(zip(found.starts.tolist(), found.leaders.tolist(), strict=True))
        if len(displaced) != 1000 or pairs != set(zip(starts.tolist(), people.tolist(), strict=True)):
            raise AssertionError(f"the ways for many and the yardstick disagree about {one.minutes} minutes")
    with CaptureQueriesContext(connection) as queries:
        ours()
    times = side_by_side(ours, lambda: quick.each(doers), rounds=60)
    name = f"slots, {database.label()}: 1,000 displaced, 6 services, 30 × 14 days"
    return [
        table.row(f"{name}, beside a query + numpy (ms)", *times, at_most=1.5),
        table.count(f"{name} (queries)", len(queries), at_most=3),
    ]


def _all_but(place: int) -> npt.NDArray[np.int64]:
    people = np.arange(30)
    return people[people % len(SIX) != place]


@override_settings(ROOT_URLCONF="tests.benchmarks.plain")
def _propose_page(world: World) -> Row:
    """The page as a colleague gets it, and the plain one, through the same middleware, at the world's own hour."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(StaffFactory(), backend="reschedule.sign_in.Colleagues")
    own = world.location.appointments.filter(starts_at__gt=world.now + timedelta(days=3)).earliest("starts_at", "pk")

    def shown(path: str, lines: str) -> None:
        page = client.get(path)
        if page.status_code != 200 or page.content.decode().count(lines) != 5:
            raise AssertionError(f"{path} does not show five lines: {page.status_code}")

    with time_machine.travel(world.now, tick=True):
        ours, theirs = side_by_side(
            lambda: shown(f"/appointments/{own.pk}/move/", 'name="shown"'),
            lambda: shown(f"/plain/{own.pk}/", '<li class="line">'),
            rounds=30,
        )
    return table.row(f"slots, {database.label()}: the propose page beside a plain view (ms)", ours, theirs, at_most=2)


def _pairs(slots: list[Slot]) -> set[tuple[int, int | None]]:
    return {(int(slot.starts_at.timestamp()) // 60, slot.provider_id) for slot in slots}


def _must_agree(world: World, *, days: int) -> None:
    """Each service's free times, found by us and minute by minute."""
    until = world.now + timedelta(days=days)
    count = 0
    for length, service in world.services.items():
        slow = brute.free_starts(service, world.location, first=world.now, until=until, now=world.now)
        found = {(slot.starts_at, slot.provider_id) for slot in search(world, days, length)}
        count += len(slow)
        if found != slow:
            raise AssertionError(f"{len(found ^ slow)} of {len(slow)} starts of {length} minutes differ: {world}")
    if not count:
        raise AssertionError(f"nothing to compare: {world}")
