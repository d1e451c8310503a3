"""Booked customers move by themselves, all at once and against colleagues: one wins, the others read what is so."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from appointments.domain import actors, booking, links
from appointments.domain.moving.own_choice import choice, way_back
from appointments.domain.schedule.slots import slot_at
from appointments.enums import LinkPurpose
from appointments.errors import DomainError
from appointments.models import Answer, Appointment, RescheduleRequest
from notifications.models import Message
from tests.clock import days, hours
from tests.factories import Clinic, CustomerFactory, clinic
from tests.reliability import invariants
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

TAPS = 25
"""As many connections as the test database allows besides other tests; twice over they are fifty."""


def in_own_connection(act: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(thing: Any) -> Any:
        try:
            return act(thing)
        except DomainError as refused:
            return type(refused).__name__
        finally:
            connection.close()

    return run


def a_clinic(*, rooms: int = 8) -> Clinic:
    return clinic(rooms=rooms, grid=30, move_notice_hours=24, max_moves=5)


def booked(world: Clinic, hour: int, *, day: int = 9) -> Appointment:
    """On Wednesday of next week, at an hour of the clock in Jakarta."""
    now = timezone.now()
    start = (now + days(day - now.weekday())).replace(hour=hour - 7, minute=0, second=0, microsecond=0)
    return world.booked(start, customer=CustomerFactory(), room=None)


def clinic_without_rooms() -> Clinic:
    """Each occupies its provider alone, so that several can be booked at different hours."""
    world = a_clinic()
    world.service.requirements.filter(kind="room").delete()
    return world


def test_eight_customers_take_one_free_time_and_one_has_it() -> None:
    world = clinic_without_rooms()
    customers = [booked(world, hour) for hour in range(8, 16)]
    wanted = booked(world, 16).starts_at + days(1)

    def tap(one: Appointment) -> str:
        choice.move(one, (wanted, world.provider.pk), seen=0, nonce=f"tap of {one.pk}", now=timezone.now())
        return "moved"

    results = Counter(all_at_once(in_own_connection(tap), customers))

    assert results == {"moved": 1, "SlotTaken": 7}
    assert Appointment.objects.filter(starts_at=wanted, provider=world.provider).count() == 1
    assert list(Message.objects.values_list("kind", flat=True)) == ["confirmation"]
    assert RescheduleRequest.objects.count() == 1, "whoever was too late has left nothing behind"
    invariants.check(timezone.now())


def test_fifty_identical_taps_are_one_move_and_one_message() -> None:
    world = clinic_without_rooms()
    appointment = booked(world, 10)
    path = f"/r/{links.issue(appointment, purpose=LinkPurpose.ANSWER, now=timezone.now())}/"
    wanted = int((appointment.starts_at + days(1)).timestamp())
    form = {"nonce": "one-form", "seen": 0, "time": f"{wanted}.{world.provider.pk}"}

    for answer, data, kinds in (
        ("move", form, ["confirmation"]),
        ("back", {"nonce": "one-form"}, ["confirmation", "confirmation"]),
        ("cancel", {"nonce": "one-form", "seen": 2}, ["confirmation", "confirmation", "cancellation"]),
    ):

        def post(_number: int, address: str = f"{path}{answer}/", data: dict[str, object] = data) -> tuple[int, str]:  # type: ignore[assignment]
            reply = Client().post(address, data)
            return reply.status_code, reply.headers.get("Location", "")

        replies: Counter[tuple[int, str]] = Counter()
        for _half in range(2):
            replies.update(all_at_once(in_own_connection(post), range(TAPS)))
        assert (answer, replies) == (answer, {(303, path): 2 * TAPS})
        assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == kinds
    assert list(Answer.objects.order_by("pk").values_list("kind", flat=True)) == ["pick", "back", "cancel"]
    invariants.check(timezone.now())


def test_a_customer_and_a_colleague_move_the_same_appointment() -> None:
    world = clinic_without_rooms()
    appointment = booked(world, 10)
    theirs, ours = appointment.starts_at + days(1), appointment.starts_at + days(1) + hours(2)
    to = slot_at(appointment, starts_at=ours, provider_id=world.provider.pk, now=timezone.now())

    def act(who: str) -> str:
        if who == "customer":
            choice.move(appointment, (theirs, world.provider.pk), seen=0, nonce="tap", now=timezone.now())
        else:
            booking.move(appointment, to=to, by=actors.staff(world.staff), now=timezone.now())
        return who

    results = all_at_once(in_own_connection(act), ["customer", "colleague"])

    assert results[1] == "colleague"
    assert results[0] in ("customer", "RoundOver")
    now = Appointment.objects.get()
    assert (now.starts_at, now.sequence) == (ours, 2 if results[0] == "customer" else 1)
    assert not now.occupancies.filter(request__isnull=False).exists() or now.starts_at == theirs
    invariants.check(timezone.now())


def test_a_colleague_drags_another_one_to_the_time_that_a_customer_takes() -> None:
    world = clinic_without_rooms()
    one, other = booked(world, 10), booked(world, 12)
    wanted = one.starts_at + days(1)
    to = slot_at(other, starts_at=wanted, provider_id=world.provider.pk, now=timezone.now())

    def act(who: str) -> str:
        if who == "customer":
            choice.move(one, (wanted, world.provider.pk), seen=0, nonce="tap", now=timezone.now())
        else:
            booking.move(other, to=to, by=actors.staff(world.staff), now=timezone.now())
        return "moved"

    results = Counter(all_at_once(in_own_connection(act), ["customer", "colleague"]))

    assert results == {"moved": 1, "SlotTaken": 1}
    assert Appointment.objects.filter(starts_at=wanted, provider=world.provider).count() == 1
    invariants.check(timezone.now())


def test_the_way_back_and_another_move_at_once_are_one_of_them() -> None:
    world = clinic_without_rooms()
    appointment = booked(world, 10)
    first = appointment.starts_at + days(1)
    choice.move(appointment, (first, world.provider.pk), seen=0, nonce="tap", now=timezone.now())
    moved = Appointment.objects.get()

    def act(what: str) -> str:
        if what == "back":
            way_back.take(moved, nonce="back", now=timezone.now())
        else:
            choice.move(moved, (first + hours(2), world.provider.pk), seen=1, nonce="again", now=timezone.now())
        return what

    results = all_at_once(in_own_connection(act), ["back", "again"])

    assert results in (["back", "RoundOver"], ["RoundOver", "again"])
    assert Appointment.objects.get().sequence == 2
    invariants.check(timezone.now())


def test_nobody_else_gets_the_time_that_is_held_for_the_way_back() -> None:
    world = clinic_without_rooms()
    appointment = booked(world, 10)
    others = [booked(world, hour) for hour in (12, 14, 15, 16)]
    choice.cancel(appointment, seen=appointment.sequence, nonce="end", now=timezone.now())

    def act(one: Appointment) -> str:
        if one == appointment:
            way_back.take(one, nonce="back", now=timezone.now())
        else:
            wanted = appointment.starts_at, world.provider.pk
            choice.move(one, wanted, seen=0, nonce=f"tap of {one.pk}", now=timezone.now())
        return "has it"

    results = all_at_once(in_own_connection(act), [appointment, *others])

    assert results == ["has it", *["SlotTaken"] * len(others)]
    invariants.check(timezone.now())
