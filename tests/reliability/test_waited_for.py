"""Who has waited for a lock sees what it waited for as it stands then, with all that belongs to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction

from appointments.domain import actors, booking, promises
from appointments.domain.moving.phone.calls import Call, record_call
from appointments.domain.moving.rounds import lock_round
from appointments.enums import CallOutcome
from appointments.models import Appointment, RescheduleRequest
from tests.clock import NOW, days
from tests.factories import PromiseFactory, RescheduleRequestFactory, StaffFactory, clinic
from tests.reliability.test_lock_order import wait_until_somebody_waits

pytestmark = [pytest.mark.race, pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]

T = TypeVar("T")


def seen_by_who_waited(look: Callable[[], T], *, meanwhile: Callable[[], object]) -> T:
    """What `look` sees in a transaction that has to wait for one in which `meanwhile` happens."""

    def wait() -> T:
        try:
            with transaction.atomic():
                return look()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            meanwhile()
            waiting = other.submit(wait)
            wait_until_somebody_waits()
        return waiting.result()


def by_itself(round_: RescheduleRequest) -> Appointment:
    return booking.lock(round_.appointment)


def by_its_round(round_: RescheduleRequest) -> Appointment:
    return lock_round(round_).appointment


@pytest.mark.parametrize("lock", [by_itself, by_its_round])
def test_an_appointment_that_went_to_a_colleague_has_her_and_her_name(
    lock: Callable[[RescheduleRequest], Appointment],
) -> None:
    here = clinic(rooms=2)
    round_ = RescheduleRequestFactory(
        appointment=here.booked("2026-12-01 10:00", provider=here.provider), respond_by=NOW + days(1)
    )

    def who() -> tuple[str, str]:
        appointment = lock(round_)
        assert appointment.provider is not None
        return appointment.provider.name, str(appointment)

    seen = seen_by_who_waited(
        who, meanwhile=lambda: Appointment.objects.filter(pk=round_.appointment_id).update(provider=here.colleague)
    )

    assert seen == (here.colleague.name, str(Appointment.objects.get(pk=round_.appointment_id)))


def test_a_call_about_a_promise_that_is_handed_over_meanwhile_is_written_down() -> None:
    here = clinic()
    promise = PromiseFactory(appointment=here.booked("2026-12-01 10:00"), owner=here.staff)
    wulan = StaffFactory(first_name="Wulan")
    called = Call(CallOutcome.NO_ANSWER)

    attempt = seen_by_who_waited(
        lambda: record_call(promise, called, nonce="call", by=here.staff, now=NOW),
        meanwhile=lambda: promises.hand_over(promise, to=wulan, by=actors.staff(here.staff), now=NOW),
    )

    assert attempt.promise.owner == wulan
