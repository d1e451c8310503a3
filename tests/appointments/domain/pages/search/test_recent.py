"""What was opened lately stands ready: each thing once, the last one first, nothing that may no longer be seen."""

import pytest

from appointments.domain.pages.search.recent import opened, recent
from appointments.models import Appointment, Customer
from tests.factories import Clinic, CustomerFactory


def test_the_last_one_comes_first_and_each_is_there_once() -> None:
    kept: list[list[object]] = []
    for pk in (1, 2, 1):
        kept = opened(kept, "customer", pk)
    assert opened(kept, "appointment", 2) == [["appointment", 2], ["customer", 1], ["customer", 2]]


def test_only_so_many_are_kept() -> None:
    kept: list[list[object]] = []
    for pk in range(9):
        kept = opened(kept, "customer", pk)
    assert [pk for _kind, pk in kept] == list(range(8, 0, -1))


@pytest.mark.django_db
def test_what_may_not_be_seen_is_left_out(melati: Clinic) -> None:
    seen, customer = melati.booked(), CustomerFactory()
    kept = [["appointment", seen.pk], ["customer", customer.pk], ["appointment", 10**9], ["customer", 10**9]]
    everybody = Customer.objects.all()

    shown = recent(kept, appointments=Appointment.objects.for_display(), customers=everybody)
    assert [one.appointment or one.customer for one in shown] == [seen, customer]
    shown = recent(kept, appointments=Appointment.objects.none(), customers=everybody)
    assert [one.appointment or one.customer for one in shown] == [customer]
