"""Locks are taken in one order everywhere: the appointment, its round, then the resources."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from appointments.domain import booking
from appointments.domain.moving.rounds import lock_round
from appointments.models import RescheduleRequest
from tests.clock import NOW, days
from tests.factories import RescheduleRequestFactory, clinic


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
def test_who_waits_for_an_appointment_holds_nothing_of_its_round_yet() -> None:
    round_ = RescheduleRequestFactory(appointment=clinic().booked("2026-11-26 10:00"), respond_by=NOW + days(1))

    def lock_it() -> int:
        try:
            with transaction.atomic():
                return lock_round(round_).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            booking.lock(round_.appointment)
            waiting = other.submit(lock_it)
            wait_until_somebody_waits()
            still_free = RescheduleRequest.objects.select_for_update(nowait=True).get(pk=round_.pk)
        assert waiting.result() == still_free.pk
