"""Every free time, against brute force, and the one time a colleague has in mind."""

import random
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.slots import Slot, find_alternatives, free_slots, slot_at
from appointments.domain.schedule.spans import Span
from appointments.enums import ResourceKind
from appointments.errors import NotOffered, SlotTaken
from appointments.models import Appointment, Resource, Service
from tests import brute
from tests.appointments.domain.schedule.world import a_busy_place, a_night, fill
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    LocationFactory,
    OccupancyFactory,
    ProviderFactory,
    RescheduleRequestFactory,
    clinic,
    open_weekly,
    service_at,
)

pytestmark = pytest.mark.django_db

TUESDAY = Span(at("2026-11-24 00:00"), at("2026-11-25 00:00"))


def found(
    service: Service, window: Span[datetime], *, now: datetime = NOW, ignoring: Appointment | None = None
) -> list:
    location = service.requirements.get().candidates.all()[0].location if service.requirements.count() == 1 else None
    location = location or service.requirements.all()[0].candidates.all()[0].location
    return free_slots(service, location, window=window, now=now, ignoring=ignoring)


def clocks(slots: list[Slot]) -> list[str]:
    return [f"{slot.starts_at.astimezone(NOW.tzinfo):%H:%M}" for slot in slots]


# --- All free times ----------------------------------------------------------------------------------------------


def test_slots_begin_on_the_grid_and_end_before_closing() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8, 10), closes_at=time(10))
    assert clocks(found(service_at(location, minutes=45, grid=20), TUESDAY)) == ["08:20", "08:40", "09:00"]


def test_a_slot_is_told_without_its_buffers_and_names_all_it_occupies() -> None:
    here = clinic(buffer_before=5, buffer_after=10)
    assert free_slots(here.service, here.location, window=TUESDAY, now=NOW)[:2] == [
        Slot(at("2026-11-24 08:00"), at("2026-11-24 08:30"), here.provider.pk, (here.provider.pk, here.room.pk)),
        Slot(at("2026-11-24 08:00"), at("2026-11-24 08:30"), here.colleague.pk, (here.colleague.pk, here.room.pk)),
    ]


def test_buffers_may_reach_beyond_opening_but_not_into_another_appointment() -> None:
    location = LocationFactory()
    open_weekly(location, closes_at=time(10))
    service = service_at(location, buffer_before=15, buffer_after=15, grid=15)
    [person] = service.requirements.get().candidates.all()
    AppointmentFactory(
        service=service,
        provider=person,
        location=location,
        starts_at=at("2026-11-24 08:45"),
        ends_at=at("2026-11-24 09:00"),
    )
    assert clocks(found(service, TUESDAY)) == ["09:30"]


def test_nothing_is_free_before_the_notice_or_beyond_the_horizon() -> None:
    location = LocationFactory()
    service = service_at(location, minutes=60, grid=60, notice_minutes=90, horizon_days=1)
    slots = found(service, Span(NOW - days(1), NOW + days(9)))
    assert (slots[0].starts_at, slots[-1].ends_at) == (at("2026-11-23 11:00"), NOW + days(1))


def test_a_slot_never_begins_in_this_minute() -> None:
    service = service_at(LocationFactory(), grid=15)
    assert found(service, Span(NOW, NOW + hours(1)))[0].starts_at == NOW + minutes(15)


def test_an_appointment_does_not_block_its_own_move_by_15_minutes() -> None:
    here = clinic()
    own = here.booked("2026-11-24 10:00")
    window = Span(at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    blocked = free_slots(here.service, here.location, window=window, now=NOW)
    assert clocks(blocked) == ["10:30", "10:30"]
    moving = free_slots(here.service, here.location, window=window, now=NOW, ignoring=own)
    assert clocks([slot for slot in moving if slot.provider_id == here.provider.pk]) == ["10:00", "10:15", "10:30"]


def test_a_room_that_is_taken_is_not_promised_to_the_second_person() -> None:
    here = clinic()
    here.booked("2026-11-24 10:00", provider=here.colleague)
    slots = free_slots(here.service, here.location, window=TUESDAY, now=NOW)
    assert at("2026-11-24 10:00") not in {slot.starts_at for slot in slots}


def test_of_several_rooms_the_one_with_the_tightest_gap_is_used() -> None:
    here = clinic(rooms=2)
    other = here.service.requirements.get(kind=ResourceKind.ROOM).candidates.exclude(pk=here.room.pk).get()
    here.booked("2026-11-24 09:00", room=other)
    slots = free_slots(here.service, here.location, window=TUESDAY, now=NOW)
    assert {slot.resource_ids[1] for slot in slots if slot.starts_at == at("2026-11-24 08:15")} == {other.pk}
    assert {slot.resource_ids[1] for slot in slots if slot.starts_at == at("2026-11-24 09:00")} == {here.room.pk}


def test_a_service_of_rooms_alone_has_one_slot_for_each_time() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(9))
    service = service_at(location, providers=0, rooms=3, grid=30)
    slots = found(service, TUESDAY)
    assert [(slot.provider_id, len(slot.resource_ids)) for slot in slots] == [(None, 1), (None, 1)]


@pytest.mark.parametrize("count", [1, 30])
def test_searching_among_many_takes_as_many_queries_as_among_one(count: int) -> None:
    location = LocationFactory()
    open_weekly(location)
    service = service_at(location, providers=count, rooms=count)
    own = AppointmentFactory(service=service, location=location, provider=location.resources.first())
    with CaptureQueriesContext(connection) as queries:
        slots = free_slots(service, location, window=TUESDAY, now=NOW)
    assert (len(queries), len(slots) > 30) == (3, True)
    with CaptureQueriesContext(connection) as queries:
        alternatives = find_alternatives(own, now=NOW)
    assert (len(queries), len(alternatives)) == (3, 5)


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_what_brute_force_finds(seed: int) -> None:
    chance = random.Random(seed)
    zone, first = a_night(chance)
    service = a_busy_place(chance, zone)
    fill(chance, service, first)
    location = service.requirements.all()[0].candidates.all()[0].location
    now = first + hours(chance.choice([0, 6]))
    until = first + days(3)
    slots = free_slots(service, location, window=Span(first, until), now=now)
    assert {(slot.starts_at, slot.provider_id) for slot in slots} == brute.free_starts(
        service, location, first=first, until=until, now=now
    )
    assert len({(slot.starts_at, slot.provider_id) for slot in slots}) == len(slots)
    assert all(len(set(slot.resource_ids)) == service.requirements.count() for slot in slots)
    assert [(slot.starts_at) for slot in slots] == sorted(slot.starts_at for slot in slots)


# --- The one time that a colleague has in mind --------------------------------------------------------------------


def test_a_colleague_may_choose_a_time_outside_the_hours_and_it_is_flagged() -> None:
    here = clinic()
    own = here.booked()
    evening = slot_at(own, starts_at=at("2026-11-24 18:05"), provider_id=here.provider.pk, now=NOW)
    assert evening == Slot(
        at("2026-11-24 18:05"), at("2026-11-24 18:35"), here.provider.pk, (here.provider.pk, here.room.pk), True
    )
    assert evening.starts_at.tzinfo is UTC
    inside = slot_at(own, starts_at=at("2026-11-24 16:00"), provider_id=here.provider.pk, now=NOW)
    assert not inside.outside_hours


def test_time_in_which_somebody_is_away_is_outside_the_hours() -> None:
    here = clinic()
    AbsenceFactory(resource=here.colleague, starts_at=at("2026-11-24 08:00"), ends_at=at("2026-11-24 12:00"))
    own = here.booked()
    assert slot_at(own, starts_at=at("2026-11-24 11:45"), provider_id=here.colleague.pk, now=NOW).outside_hours


def test_an_overlap_is_never_allowed_and_what_is_in_the_way_is_told() -> None:
    here = clinic()
    own = here.booked("2026-11-24 10:00")
    other = here.booked("2026-11-24 14:00", provider=here.colleague, room=None)
    with pytest.raises(SlotTaken) as refused:
        slot_at(own, starts_at=at("2026-11-24 13:45"), provider_id=here.colleague.pk, now=NOW)
    assert list(refused.value.in_the_way) == list(other.occupancies.all())


def test_a_room_in_use_is_in_the_way_of_a_free_person() -> None:
    here = clinic()
    own = here.booked("2026-11-24 10:00")
    other = here.booked("2026-11-24 14:00", provider=here.colleague)
    with pytest.raises(SlotTaken) as refused:
        slot_at(own, starts_at=at("2026-11-24 14:15"), provider_id=here.provider.pk, now=NOW)
    assert [row.resource for row in refused.value.in_the_way] == [here.room]
    assert {row.appointment for row in refused.value.in_the_way} == {other}


def test_a_hold_for_somebody_else_is_in_the_way_until_it_expires() -> None:
    here = clinic()
    round_ = RescheduleRequestFactory(appointment=here.booked("2026-11-24 10:00"), respond_by=NOW + hours(1))
    hold = OccupancyFactory(
        appointment=round_.appointment,
        request=round_,
        starts_at=at("2026-11-25 10:00"),
        ends_at=at("2026-11-25 10:30"),
    )
    own = here.booked("2026-11-24 15:00")
    wanted = at("2026-11-25 10:15")
    with pytest.raises(SlotTaken) as refused:
        slot_at(own, starts_at=wanted, provider_id=here.provider.pk, now=NOW)
    assert refused.value.in_the_way == (hold,)
    assert slot_at(own, starts_at=wanted, provider_id=here.provider.pk, now=NOW + hours(1)).starts_at == wanted


def test_the_same_appointment_can_move_by_a_quarter_of_an_hour() -> None:
    here = clinic()
    own = here.booked("2026-11-24 10:00")
    assert clocks([slot_at(own, starts_at=at("2026-11-24 10:15"), provider_id=here.provider.pk, now=NOW)]) == ["10:15"]


def test_without_a_name_the_present_person_comes_first_and_then_who_is_free() -> None:
    here = clinic(rooms=2)
    own = here.booked("2026-11-24 10:00", provider=here.colleague)
    assert slot_at(own, starts_at=at("2026-11-24 14:00"), provider_id=None, now=NOW).provider_id == here.colleague.pk
    here.booked("2026-11-24 15:00", provider=here.colleague)
    assert slot_at(own, starts_at=at("2026-11-24 15:00"), provider_id=None, now=NOW).provider_id == here.provider.pk


def test_what_is_moved_keeps_its_own_length() -> None:
    here = clinic(grid=30)
    longer = here.booked(ends_at=at("2026-11-24 11:15"))
    here.booked("2026-11-25 11:00", provider=here.provider, room=None)

    offered = find_alternatives(longer, now=NOW, limit=100)
    assert {one.slot.ends_at - one.slot.starts_at for one in offered} == {minutes(75)}
    last = slot_at(longer, starts_at=at("2026-11-24 15:45"), provider_id=None, now=NOW)
    assert (last.ends_at, last.outside_hours) == (at("2026-11-24 17:00"), False)
    assert slot_at(longer, starts_at=at("2026-11-24 16:00"), provider_id=None, now=NOW).outside_hours
    with pytest.raises(SlotTaken):
        slot_at(longer, starts_at=at("2026-11-25 10:00"), provider_id=here.provider.pk, now=NOW)

    shorter = here.booked("2026-11-27 10:00", ends_at=at("2026-11-27 10:10"))
    found = find_alternatives(shorter, now=NOW, limit=5)
    assert {one.slot.ends_at - one.slot.starts_at for one in found} == {minutes(10)}


def test_a_length_that_is_no_whole_minute_still_ends_before_closing() -> None:
    location = LocationFactory()
    open_weekly(location, opens_at=time(8), closes_at=time(10))
    service = service_at(location, minutes=60, grid=30)
    [provider] = service.requirements.get().candidates.all()
    odd = AppointmentFactory(
        service=service, location=location, provider=provider, ends_at=at("2026-11-24 11:00") + minutes(0.5)
    )
    offered = find_alternatives(odd, now=NOW, limit=9)
    assert set(clocks([one.slot for one in offered])) == {"08:00", "08:30"}
    assert {one.slot.ends_at - one.slot.starts_at for one in offered} == {minutes(60.5)}


def test_the_past_and_a_stranger_are_refused() -> None:
    here = clinic()
    own = here.booked()
    with pytest.raises(NotOffered, match="already passed"):
        slot_at(own, starts_at=NOW, provider_id=here.provider.pk, now=NOW)
    with pytest.raises(NotOffered, match="does not do this service"):
        slot_at(own, starts_at=NOW + hours(1), provider_id=ProviderFactory(location=here.location).pk, now=NOW)


def test_a_search_with_daily_limits_takes_no_further_query() -> None:
    here = clinic()
    here.booked("2026-11-24 08:00")
    Resource.objects.update(most_a_day=1)
    with CaptureQueriesContext(connection) as queries:
        slots = free_slots(here.service, here.location, window=Span(TUESDAY.start, TUESDAY.end + days(1)), now=NOW)
    assert len(queries) == 3
    assert {slot.starts_at.astimezone(NOW.tzinfo).day for slot in slots} == {25}


def test_the_limit_of_one_person_leaves_the_day_to_the_other() -> None:
    here = clinic()
    own = here.booked("2026-11-24 08:00")
    Resource.objects.filter(pk=here.provider.pk).update(most_a_day=1)
    slots = free_slots(here.service, here.location, window=TUESDAY, now=NOW)
    assert {slot.provider_id for slot in slots} == {here.colleague.pk}
    moving = free_slots(here.service, here.location, window=TUESDAY, now=NOW, ignoring=own)
    assert {slot.provider_id for slot in moving} == {here.provider.pk, here.colleague.pk}


def test_several_times_held_for_one_customer_count_once_and_only_until_they_lapse() -> None:
    here = clinic()
    round_ = RescheduleRequestFactory(appointment=here.booked("2026-11-25 10:00"), respond_by=NOW + hours(1))
    for clock in ("10:00", "14:00"):
        start = at(f"2026-11-24 {clock}")
        OccupancyFactory(appointment=round_.appointment, request=round_, starts_at=start, ends_at=start + minutes(30))

    def people(most: int, *, now: datetime = NOW) -> set[int | None]:
        Resource.objects.filter(pk=here.provider.pk).update(most_a_day=most)
        slots = free_slots(here.service, here.location, window=TUESDAY, now=now)
        return {slot.provider_id for slot in slots}

    assert people(1) == {here.colleague.pk}
    assert people(2) == {here.provider.pk, here.colleague.pk}
    assert people(1, now=NOW + hours(1)) == {here.provider.pk, here.colleague.pk}


def test_the_day_counts_on_which_an_appointment_starts_not_its_buffers() -> None:
    location = LocationFactory()
    service = service_at(location, minutes=60, grid=60, buffer_before=30)
    [person] = service.requirements.get().candidates.all()
    Resource.objects.filter(pk=person.pk).update(most_a_day=1)
    booked = AppointmentFactory(
        service=service,
        location=location,
        provider=person,
        starts_at=at("2026-11-25 00:00"),
        ends_at=at("2026-11-25 01:00"),
    )
    assert clocks(found(service, TUESDAY))[-1] == "22:00"
    assert found(service, Span(TUESDAY.end, TUESDAY.end + days(1))) == []
    round_ = RescheduleRequestFactory(appointment=booked, respond_by=NOW + days(1))
    OccupancyFactory(
        appointment=booked,
        request=round_,
        resource=person,
        starts_at=at("2026-11-25 23:30"),
        ends_at=at("2026-11-26 01:00"),
    )
    assert found(service, Span(at("2026-11-26 00:00"), at("2026-11-27 00:00"))) == []


@pytest.mark.parametrize(("most", "refused"), [(1, True), (2, False)])
def test_a_colleague_cannot_add_a_time_beyond_a_daily_limit(most: int, refused: bool) -> None:
    here = clinic()
    here.booked("2026-11-24 08:00")
    own = here.booked("2026-11-25 08:00")
    Resource.objects.filter(pk=here.provider.pk).update(most_a_day=most)
    wanted: dict[str, Any] = {"starts_at": at("2026-11-24 19:00"), "provider_id": here.provider.pk, "now": NOW}
    if refused:
        with pytest.raises(NotOffered, match="This day has as many appointments as it may have"):
            slot_at(own, **wanted)
        assert slot_at(own, **wanted | {"provider_id": None}).provider_id == here.colleague.pk
        with pytest.raises(NotOffered, match="This day has as many"):
            Resource.objects.filter(pk=here.room.pk).update(most_a_day=1)
            slot_at(own, **wanted | {"provider_id": here.colleague.pk})
    else:
        assert slot_at(own, **wanted).provider_id == here.provider.pk
    assert slot_at(own, **wanted | {"starts_at": at("2026-11-25 09:00")}).provider_id == here.provider.pk


def test_who_is_away_and_who_is_full_leave_nobody() -> None:
    here = clinic()
    here.booked("2026-11-24 08:00")
    own = here.booked("2026-11-25 08:00")
    Resource.objects.filter(pk=here.provider.pk).update(most_a_day=1)
    away = Outage(frozenset([here.colleague.pk]), at("2026-11-24 00:00"), None)
    with pytest.raises(NotOffered, match="This day has as many"):
        slot_at(own, starts_at=at("2026-11-24 10:00"), provider_id=None, now=NOW, outages=[away])


def test_the_last_start_before_a_full_day_is_before_its_midnight() -> None:
    location = LocationFactory()
    service = service_at(location, minutes=60, grid=60)
    [person] = service.requirements.get().candidates.all()
    Resource.objects.filter(pk=person.pk).update(most_a_day=1)
    AppointmentFactory(service=service, location=location, provider=person, starts_at=at("2026-11-25 12:00"))
    over_midnight = Span(at("2026-11-24 22:00"), at("2026-11-25 03:00"))
    assert clocks(found(service, over_midnight)) == ["22:00", "23:00"]
