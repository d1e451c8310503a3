"""Whoever locks sees the row as it stands, and each resource with whether it is being left."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.domain import booking
from appointments.domain.booking.locks import lock_all
from appointments.enums import AppointmentState
from appointments.models import Appointment
from tests.clock import at
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_a_transaction() -> Iterator[None]:
    with transaction.atomic():
        yield


def test_who_locks_sees_what_has_become_of_it_meanwhile(melati: Clinic) -> None:
    seen = melati.booked("2026-11-24 10:00")
    Appointment.objects.update(state=AppointmentState.CANCELLED, provider=melati.colleague)
    locked = booking.lock(seen)
    assert (locked.state, locked.provider, seen.state) == (
        AppointmentState.CANCELLED, melati.colleague, AppointmentState.BOOKED,
    )  # fmt: skip


def test_many_are_locked_in_the_order_of_their_numbers(melati: Clinic) -> None:
    first, second = (melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory()) for hour in (10, 11))
    assert list(lock_all([second.pk, first.pk])) == [first, second]


def test_what_is_wanted_and_what_is_left_are_locked_together(melati: Clinic) -> None:
    appointment = melati.booked(at("2026-11-24 10:00"))
    melati.offered(appointment)
    locked = booking.lock_resources(appointment, [melati.colleague.pk, melati.room.pk])
    # What is only held for it is not what it occupies.
    assert locked == {melati.provider: True, melati.colleague: False, melati.room: True}
    assert [resource.pk for resource in locked] == sorted(resource.pk for resource in locked)


def test_who_stands_as_it_was_read_comes_back_with_all_that_was_read_besides(melati: Clinic) -> None:
    first, second = (melati.booked(f"2026-11-24 {hour}:00", customer=CustomerFactory()) for hour in (10, 11))
    read = list(Appointment.objects.select_related("customer").order_by("-pk"))
    with CaptureQueriesContext(connection) as queries:
        locked = booking.lock_as_read(read)
    assert [one is other for one, other in zip(locked, read, strict=True)] == [True, True]
    assert ([one.pk for one in locked], len(queries)) == ([second.pk, first.pk], 1)


@pytest.mark.parametrize("change", [{"sequence": 7}, {"state": "cancelled"}, {"note": "by the window"}])
def test_who_has_changed_meanwhile_comes_back_as_it_stands_now(melati: Clinic, change: dict[str, Any]) -> None:
    read = melati.booked("2026-11-24 10:00")
    Appointment.objects.update(**change)
    (locked,) = booking.lock_as_read([read])
    assert locked is not read
    assert {name: getattr(locked, name) for name in change} == change
