"""Free times for many at once, against the search for one and against brute force."""

import random
from collections import Counter
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.schedule.many import NOBODY, Wanted, Ways, limits_left, ways_for_many
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.slot_search import search
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.hours import LOCATION
from appointments.domain.schedule.wallclock import WallClock, minute_from, minute_of, moment_of
from appointments.enums import ResourceKind
from appointments.models import Appointment, Resource, Service
from tests import brute
from tests.appointments.domain.schedule.world import a_busy_place, a_night, fill
from tests.clock import NOW, at, days, minutes
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    BreakFactory,
    ClosureFactory,
    LocationFactory,
    ProviderFactory,
    RequirementFactory,
    ServiceFactory,
    SpecialDayFactory,
    clinic,
    open_weekly,
    service_at,
)

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


@pytest.mark.parametrize("seed", range(10, 14))
def test_it_finds_the_starts_and_leaders_of_the_search_for_one(seed: int) -> None:
    chance = random.Random(seed)
    zone, first = a_night(chance)
    services = [a_busy_place(chance, zone) for __ in range(2)]
    for service in services:
        fill(chance, service, first)
    window = Span(minute_of(first) + 1, minute_of(first + days(4)))
    both = ways_for_many([wanted(service) for service in services], window=window, now=first)
    for one, ways in both.items():
        found = search(one.service, one.location, window=window, now=first)
        expected = {(start, NOBODY if leader is None else leader) for start, leader, __ in found}
        assert set(zip(ways.starts.tolist(), ways.leaders.tolist(), strict=True)) == expected
        assert ways.starts.tolist() == sorted(ways.starts.tolist())


# --- What a plan for many needs ------------------------------------------------------------------------------------


def ways_on_tuesday(one: Wanted, **options: Any) -> Ways:
    return ways_for_many([one], window=TUESDAY, now=NOW, **options)[one]


def test_two_customers_can_be_given_two_rooms_at_one_time() -> None:
    here = clinic(rooms=2, grid=60)
    [one, other] = here.service.requirements.get(kind=ResourceKind.ROOM).candidates.order_by("pk")
    at_eight = told(ways_on_tuesday(wanted(here.service)))[:4]
    assert {(leader, chosen) for __, leader, chosen in at_eight} == {
        (person.pk, (person.pk, room.pk)) for person in (here.provider, here.colleague) for room in (one, other)
    }
    assert {clock for clock, *__ in at_eight} == {"08:00"}


def test_where_nobody_is_needed_there_is_a_way_for_each_room() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(9))
    service = service_at(location, providers=0, rooms=2, grid=30)
    rooms = [room.pk for room in service.requirements.get().candidates.all()]
    expected = [(clock, NOBODY, (room,)) for clock in ("08:00", "08:30") for room in rooms]
    assert told(ways_on_tuesday(wanted(service))) == expected


def test_who_is_moved_does_not_block_the_move_of_anybody() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(9))
    service = service_at(location, grid=30)
    [person] = service.requirements.get().candidates.all()
    one, other = (
        AppointmentFactory(service=service, location=location, provider=person, starts_at=at(f"2026-11-24 {clock}"))
        for clock in ("08:00", "08:30")
    )
    assert clocks(ways_on_tuesday(wanted(service))) == []
    assert clocks(ways_on_tuesday(wanted(service), ignoring=[one.pk])) == ["08:00"]
    assert clocks(ways_on_tuesday(wanted(service), ignoring=[one.pk, other.pk])) == ["08:00", "08:30"]


def test_each_length_finds_its_own_times() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(10))
    service = service_at(location, grid=30)
    short, long = wanted(service, 60), wanted(service, 61)
    found = ways_for_many([short, long], window=TUESDAY, now=NOW)
    assert (clocks(found[short]), clocks(found[long])) == (["08:00", "08:30", "09:00"], ["08:00", "08:30"])


def test_a_longer_buffer_of_another_service_is_not_in_the_way() -> None:
    location = LocationFactory()
    bare = service_at(location, grid=30)
    [person] = bare.requirements.get().candidates.all()
    wide = service_at(location, providers=[person], grid=30, buffer_before=60, buffer_after=60)
    AppointmentFactory(service=bare, location=location, provider=person, starts_at=at("2026-11-23 23:30"))
    AppointmentFactory(service=bare, location=location, provider=person, starts_at=at("2026-11-25 00:00"))
    found = ways_for_many([wanted(bare), wanted(wide)], window=TUESDAY, now=NOW)
    assert [clocks(found[wanted(bare)])[place] for place in (0, -1)] == ["00:00", "23:30"]
    assert [clocks(found[wanted(wide)])[place] for place in (0, -1)] == ["01:00", "22:30"]


def test_nothing_is_found_in_an_empty_window_or_without_anybody() -> None:
    here, unmet = clinic(), ServiceFactory()
    RequirementFactory(service=unmet, candidates=[ProviderFactory()])
    nobody = Wanted(unmet, here.location, 30)
    found = ways_for_many([nobody, wanted(here.service)], window=TUESDAY, now=NOW)
    assert (len(found[nobody].starts), len(found[wanted(here.service)].starts) > 0) == (0, True)
    empty = ways_for_many([wanted(here.service)], window=Span(TUESDAY.start, TUESDAY.start), now=NOW)
    assert [len(ways.starts) for ways in empty.values()] == [0]


def test_what_cannot_take_place_is_left_out() -> None:
    here = clinic(grid=60)
    morning = Outage(frozenset([here.provider.pk]), at("2026-11-24 00:00"), at("2026-11-24 12:00"))
    found = ways_on_tuesday(wanted(here.service), outages=[morning])
    first = next(clock for clock, leader, __ in told(found) if leader == here.provider.pk)
    assert (first, clocks(found)[0]) == ("12:00", "08:00")


@pytest.mark.parametrize("count", [1, 12])
def test_three_queries_for_each_place_whatever_is_wanted(count: int) -> None:
    places = LocationFactory.create_batch(2)
    asked = [wanted(service_at(place, rooms=2, minutes=10 + n)) for place in places for n in range(count)]
    Resource.objects.filter(location=places[0]).update(most_a_day=3)
    with CaptureQueriesContext(connection) as queries:
        found = ways_for_many(asked, window=TUESDAY, now=NOW, outside=BY_DAY)
    assert len(queries) == 6
    assert all(len(found[one].starts) for one in asked)


# --- Outside the hours ---------------------------------------------------------------------------------------------


def outside_and_inside(ways: Ways) -> tuple[list[str], list[str]]:
    times = [f"{moment_of(start).astimezone(NOW.tzinfo):%H:%M}" for start in ways.starts.tolist()]
    flags = ways.outside.tolist()
    return (
        [clock for clock, beyond in zip(times, flags, strict=True) if beyond],
        [clock for clock, beyond in zip(times, flags, strict=True) if not beyond],
    )


def an_office(**service: Any) -> Wanted:
    """Open on Tuesday from 9 to 11; a start each hour."""
    location = LocationFactory()
    open_weekly(location, weekdays=[1], opens_at=time(9), closes_at=time(11))
    return wanted(service_at(location, minutes=60, grid=60, **service))


def test_times_outside_the_hours_are_found_and_flagged() -> None:
    office = an_office()
    assert outside_and_inside(ways_on_tuesday(office)) == ([], ["09:00", "10:00"])
    early_to_noon = ways_on_tuesday(office, outside=Span(7 * 60, 13 * 60))
    assert outside_and_inside(early_to_noon) == (["07:00", "08:00", "11:00", "12:00"], ["09:00", "10:00"])


def test_what_begins_inside_the_hours_and_ends_outside_is_outside() -> None:
    office = an_office()
    longer = office._replace(minutes=61)
    found = ways_on_tuesday(longer, outside=Span(9 * 60, 12 * 60))
    assert outside_and_inside(found) == (["10:00"], ["09:00"])


def test_days_without_hours_stay_free() -> None:
    office = an_office()
    wednesday = Span(TUESDAY.end, TUESDAY.end + 24 * 60)
    assert len(ways_for_many([office], window=wednesday, now=NOW, outside=BY_DAY)[office].starts) == 0


@pytest.mark.parametrize("what", ["break", "break of the place", "absence", "closure", "closed day", "outage"])
def test_what_is_closed_stays_closed_outside_the_hours(what: str) -> None:
    office = an_office()
    [person] = office.service.requirements.get().candidates.all()
    evening = {"starts_at": at("2026-11-24 11:00"), "ends_at": at("2026-11-24 20:00")}
    outages = []
    if what == "break":
        BreakFactory(resource=person, weekday=1, opens_at=time(11), closes_at=time(20))
    elif what == "break of the place":
        BreakFactory(location=office.location, resource=None, weekday=1, opens_at=time(11), closes_at=time(20))
    elif what == "absence":
        AbsenceFactory(resource=person, **evening)
    elif what == "closure":
        ClosureFactory(location=office.location, **evening)
    elif what == "closed day":
        SpecialDayFactory(location=office.location, day=at("2026-11-24 12:00").date(), is_open=False)
    else:
        outages.append(Outage(frozenset([LOCATION]), **evening))
    found = ways_on_tuesday(office, outside=Span(8 * 60, 20 * 60), outages=outages)
    nothing = what == "closed day"
    assert outside_and_inside(found) == (([], []) if nothing else (["08:00"], ["09:00", "10:00"]))


# --- Daily limits --------------------------------------------------------------------------------------------------


def limited(most: int, *booked: str) -> tuple[Wanted, Resource, list[Any]]:
    """A person who takes `most` a day, with appointments at these times."""
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(17))
    service = service_at(location, minutes=60, grid=60)
    person = service.requirements.get().candidates.get()
    Resource.objects.filter(pk=person.pk).update(most_a_day=most)
    made = [
        AppointmentFactory(service=service, location=location, provider=person, starts_at=at(text)) for text in booked
    ]
    return wanted(service), person, made


@pytest.mark.parametrize(("most", "count"), [(1, 0), (2, 0), (3, 7)])
def test_a_day_that_is_full_offers_nothing_more(most: int, count: int) -> None:
    here, __, booked = limited(most, "2026-11-24 08:00", "2026-11-24 10:00")
    assert len(ways_on_tuesday(here).starts) == count
    assert len(search(here.service, here.location, window=TUESDAY, now=NOW)) == count
    moving = ways_on_tuesday(here, ignoring=[booked[0].pk])
    assert len(moving.starts) == (0 if most == 1 else 8)


def test_how_many_more_each_may_take_is_told_for_each_day() -> None:
    __, person, booked = limited(2, "2026-11-24 08:00", "2026-11-24 10:00", "2026-11-24 12:00", "2026-11-25 08:00")
    free = ProviderFactory(location=person.location)
    two_days = Span(TUESDAY.start + 600, TUESDAY.end + 600)
    tuesday, wednesday = (at(f"2026-11-{day} 12:00").date() for day in (24, 25))

    def asked(*ignoring: int) -> dict[tuple[int, date], int]:
        return limits_left([person.pk, free.pk], window=two_days, now=NOW, ignoring=ignoring)

    assert asked() == {(person.pk, tuesday): 0, (person.pk, wednesday): 1}
    assert asked(booked[0].pk, booked[1].pk) == {(person.pk, tuesday): 1, (person.pk, wednesday): 1}


def test_limits_left_takes_a_query_and_one_for_each_place() -> None:
    people = [limited(2)[1].pk, limited(3)[1].pk]
    with CaptureQueriesContext(connection) as queries:
        assert sorted(limits_left(people, window=TUESDAY, now=NOW).values()) == [2, 3]
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        assert limits_left([], window=TUESDAY, now=NOW) == {}
    assert len(queries) <= 1
