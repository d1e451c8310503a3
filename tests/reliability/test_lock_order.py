"""Locks are taken in one order everywhere: the appointment, its round, then the resources."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.domain import booking
from appointments.domain.moving import answers, drafts, offers
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.moving.rounds import lock_round
from appointments.domain.transactions import line_up
from appointments.enums import Why
from appointments.errors import SlotTaken
from appointments.models import Answer, Offer, RescheduleRequest
from tests.clock import NOW
from tests.factories import CustomerFactory, clinic


def wait_until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _attempt in range(1000):
            cursor.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


@pytest.mark.race
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "lock", [lambda offer: lock_round(offer.request), offers.lock], ids=["the round", "an offer of it"]
)
def test_who_waits_for_an_appointment_holds_nothing_of_its_round_yet(lock: Callable[[Offer], object]) -> None:
    world = clinic()
    offer = world.offered().offers.select_related("request__appointment")[0]

    def lock_it() -> bool:
        try:
            with transaction.atomic():
                return bool(lock(offer))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            booking.lock(offer.request.appointment)
            waiting = other.submit(lock_it)
            wait_until_somebody_waits()
            still_free = RescheduleRequest.objects.select_for_update(nowait=True).get(pk=offer.request_id)
            assert Offer.objects.select_for_update(nowait=True).get(pk=offer.pk).request_id == still_free.pk
        assert waiting.result()


@pytest.mark.race
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_who_had_to_wait_in_line_knows_it_and_looks_again() -> None:
    def come_second() -> bool:
        try:
            with transaction.atomic():
                return line_up(7, 8)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert line_up(7, 8)
            waiting = other.submit(come_second)
            wait_until_somebody_waits()
        assert waiting.result() is False
        assert other.submit(come_second).result() is True


@pytest.mark.race
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_loser_who_stood_in_line_locks_nothing() -> None:
    world = clinic(rooms=2)
    slots = drafts.propose(world.booked("2026-11-26 10:00"), now=NOW, limit=2)
    open_times = tuple(ChosenOffer(one.slot, Why.SOONEST, guaranteed=False) for one in slots)
    first, second = (
        world.offered(
            world.booked(f"2026-12-01 {hour}:00", customer=CustomerFactory()), offers=open_times
        ).offers.all()[0]
        for hour in (10, 11)
    )

    def lose() -> list[str]:
        try:
            with CaptureQueriesContext(connection) as asked, pytest.raises(SlotTaken):
                answers.accept(second, nonce="second", now=NOW)
            return [one["sql"] for one in asked]
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            answers.accept(first, nonce="first", now=NOW)
            waiting = other.submit(lose)
            wait_until_somebody_waits()
        asked = waiting.result()
    assert not any("FOR NO KEY UPDATE" in statement for statement in asked)
    assert Answer.objects.get().offer_id == first.pk
