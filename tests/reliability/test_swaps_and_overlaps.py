"""Moves that cross each other, and writers that go past the rules: the timeline never holds two things in one place."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from appointments.domain import actors, booking
from appointments.domain.diary import new
from appointments.domain.moving import answers
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, Why
from appointments.errors import DomainError, SlotTaken
from appointments.models import Appointment, Occupancy
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import (
    AppointmentFactory,
    Clinic,
    CustomerFactory,
    OccupancyFactory,
    RescheduleRequestFactory,
    clinic,
)
from tests.reliability import invariants
from tests.reliability.site import all_at_once

BY = actors.SYSTEM


def slot(world: Clinic, starts_at: Any, provider: Any, room: Any) -> Slot:
    return Slot(starts_at, starts_at + minutes(30), provider.pk, tuple(sorted((provider.pk, room.pk))))


def booked_at(world: Clinic, where: Slot) -> Appointment:
    return booking.book(
        customer=CustomerFactory(), service=world.service, location=world.location, slot=where, by=BY, now=NOW
    )


def attempt(act: Callable[[], Any]) -> bool:
    """Whether it was done; what the rules refuse counts as not done, anything else is an error."""
    try:
        act()
    except DomainError:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_appointments_that_change_places_all_at_once_never_show_a_deadlock_and_never_overlap() -> None:
    world = clinic(rooms=2)
    start = NOW + hours(24)
    rooms = list(world.location.resources.filter(kind="room").order_by("pk"))
    places = [
        slot(world, start + minutes(30 * half), provider, room)
        for half in range(4)
        for provider, room in zip((world.provider, world.colleague), rooms, strict=True)
    ]
    # The same times with the rooms crossed: locks that are wanted the other way round.
    places += [
        slot(world, start + minutes(30 * half), provider, room)
        for half in range(4)
        for provider, room in zip((world.colleague, world.provider), rooms, strict=True)
    ]
    there = [booked_at(world, place) for place in places[:6]]
    chance = random.Random(6)
    moved = 0
    for _turn in range(6):
        wishes = [(appointment, chance.choice(places)) for appointment in there for _twice in range(2)]
        done = all_at_once(lambda wish: attempt(lambda: booking.move(wish[0], to=wish[1], by=BY, now=NOW)), wishes)
        moved += sum(done)
        invariants.check(NOW)
    assert moved > 6
    assert sum(Appointment.objects.values_list("sequence", flat=True)) == moved


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_want_each_others_time_are_both_told_and_stay_where_they_are() -> None:
    world = clinic(rooms=2)
    rooms = list(world.location.resources.filter(kind="room").order_by("pk"))
    first = slot(world, NOW + hours(24), world.provider, rooms[0])
    second = slot(world, NOW + hours(25), world.provider, rooms[1])
    one, two = booked_at(world, first), booked_at(world, second)
    for _turn in range(15):
        wishes = [(one, second), (two, first)]
        done = all_at_once(lambda wish: attempt(lambda: booking.move(wish[0], to=wish[1], by=BY, now=NOW)), wishes)
        assert done == [False, False]
        invariants.check(NOW)
    assert set(Appointment.objects.values_list("starts_at", "sequence")) == {
        (first.starts_at, 0), (second.starts_at, 0),
    }  # fmt: skip


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whoever_books_the_last_free_time_is_one() -> None:
    world = clinic()
    for turn in range(6):
        wanted = slot(world, NOW + hours(24 + turn), world.provider, world.room)
        book = partial(booked_at, world, wanted)
        done = all_at_once(attempt, [book] * 12)
        assert sum(done) == 1
    invariants.check(NOW)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_customer_and_the_desk_who_want_one_time_at_once_get_it_once() -> None:
    world = clinic()
    for turn in range(6):
        start = NOW + hours(24 + turn)
        wanted = slot(world, start, world.provider, world.room)
        moving = booked_at(world, slot(world, start + hours(72), world.provider, world.room))
        other = slot(world, start + hours(96), world.provider, world.room)
        offered = tuple(ChosenOffer(one, Why.STAFF_CHOICE, guaranteed=False) for one in (wanted, other))
        offer = world.offered(moving, offers=offered).offers.get(position=1)
        callers = [world.wanted(start, customer=CustomerFactory(), insists=True) for _caller in range(5)]
        acts: list[Callable[[], Any]] = [
            partial(new.book, caller, form=f"{turn}-{number}", by=world.staff, now=NOW)
            for number, caller in enumerate(callers)
        ]
        acts += [partial(answers.accept, offer, nonce=f"{turn}-{number}", now=NOW) for number in range(5)]
        done = all_at_once(attempt, acts)
        there = Appointment.objects.filter(starts_at=start, state=AppointmentState.BOOKED)
        assert there.count() == 1
        assert sum(done[:5]) == there.exclude(booked_by_form="").count()
        assert any(done[5:]) == there.filter(pk=moving.pk).exists()
    invariants.check(NOW)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_form_sent_fifty_times_at_once_books_once_and_tells_once() -> None:
    world = clinic()
    wanted = world.wanted("2026-11-24 10:00")
    found = all_at_once(lambda _n: _booked(wanted, world), list(range(50)))
    assert len(set(found)) == Appointment.objects.count() == Message.objects.count() == 1
    invariants.check(NOW)


def _booked(wanted: new.NewAppointment, world: Clinic) -> int:
    try:
        return new.book(wanted, form="form", by=world.staff, now=NOW).pk
    finally:
        connection.close()


def by_create(row: Occupancy) -> None:
    Occupancy.objects.create(
        resource=row.resource, appointment=row.appointment, starts_at=row.starts_at, ends_at=row.ends_at
    )  # fmt: skip


def by_bulk_create(row: Occupancy) -> None:
    copies = [
        Occupancy(resource=row.resource, appointment=row.appointment, starts_at=row.starts_at, ends_at=row.ends_at)
    ]
    Occupancy.objects.bulk_create(copies)


def by_saving(row: Occupancy) -> None:
    other = Occupancy.objects.exclude(pk=row.pk).get()
    other.starts_at, other.ends_at = row.starts_at + minutes(1), row.ends_at + minutes(1)
    other.save()


def by_update(row: Occupancy) -> None:
    Occupancy.objects.exclude(pk=row.pk).update(starts_at=row.starts_at, ends_at=row.ends_at)


def by_update_of_the_resource(row: Occupancy) -> None:
    span = {"starts_at": row.starts_at, "ends_at": row.ends_at}
    other = AppointmentFactory(occupies=False)
    OccupancyFactory(appointment=other, **span)
    Occupancy.objects.filter(appointment=other).update(resource=row.resource)


def by_stretching(row: Occupancy) -> None:
    Occupancy.objects.exclude(pk=row.pk).update(starts_at=F("starts_at") - hours(9))


def by_raw_sql(row: Occupancy) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO appointments_occupancy (resource_id, appointment_id, starts_at, ends_at)"
            " SELECT resource_id, appointment_id, starts_at, ends_at FROM appointments_occupancy WHERE id = %s",
            [row.pk],
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [by_create, by_bulk_create, by_saving, by_update, by_update_of_the_resource, by_stretching, by_raw_sql],
)
def test_the_database_refuses_an_overlap_whoever_writes_it(write: Callable[[Occupancy], None]) -> None:
    appointment = AppointmentFactory()
    later = AppointmentFactory(starts_at=appointment.ends_at + hours(2), provider=appointment.provider, occupies=False)
    OccupancyFactory(appointment=later, resource=appointment.provider)
    row = appointment.occupancies.get()
    before = list(Occupancy.objects.order_by("pk").values())
    with pytest.raises(IntegrityError, match="occupancy_no_overlap"), transaction.atomic():
        write(row)
    assert list(Occupancy.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_rows_that_touch_are_no_overlap() -> None:
    appointment = AppointmentFactory()
    row = appointment.occupancies.get()
    for starts_at, ends_at in ((row.starts_at - minutes(30), row.starts_at), (row.ends_at, row.ends_at + minutes(30))):
        Occupancy.objects.create(
            resource=row.resource, appointment=appointment, starts_at=starts_at, ends_at=ends_at
        )  # fmt: skip
    assert Occupancy.objects.count() == 3
    assert invariants.overlaps() == []


@pytest.mark.django_db
def test_the_admin_has_no_way_to_write_on_the_timeline(client: Client) -> None:
    world = clinic()
    appointment = world.booked()
    client.force_login(world.manager)
    page = client.get(reverse("admin:appointments_appointment_change", args=[appointment.pk])).content.decode()
    for name in ("starts_at", "ends_at", "provider", "state", "location", "service"):
        assert f'name="{name}' not in page
    from django.contrib import admin

    assert not admin.site.is_registered(Occupancy)


@pytest.mark.django_db
def test_a_colleague_is_told_what_is_in_the_way() -> None:
    world = clinic(rooms=2)
    taken = world.booked("2026-11-24 10:00", customer=CustomerFactory(name="Rahmat Hidayat"))
    other = world.booked("2026-11-24 12:00")
    with pytest.raises(SlotTaken) as refused:
        booking.move(other, to=slot(world, taken.starts_at, world.provider, world.room), by=BY, now=NOW)
    assert {str(row.appointment.customer) for row in refused.value.in_the_way} == {"Rahmat Hidayat"}
    invariants.check(NOW)


@pytest.mark.django_db
def test_a_hold_is_in_the_way_until_the_minute_it_ends_and_then_makes_room() -> None:
    world = clinic(rooms=2)
    held = RescheduleRequestFactory(appointment=world.booked("2026-11-24 10:00"), respond_by=NOW + hours(1))
    hold = OccupancyFactory(
        appointment=held.appointment, request=held, starts_at=NOW + hours(30), ends_at=NOW + hours(31)
    )
    assert hold.resource == world.provider and hold.expires_at == held.respond_by
    other = world.booked("2026-11-24 12:00")
    wanted = slot(world, hold.starts_at, world.provider, world.room)
    with pytest.raises(SlotTaken):
        booking.move(other, to=wanted, by=BY, now=hold.expires_at - minutes(1))
    booking.move(other, to=wanted, by=BY, now=hold.expires_at)
    assert not Occupancy.objects.filter(pk=hold.pk).exists()
