"""What we know of a customer is corrected once, and the history says that it was."""

from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.customers.corrections import CONTACT, correct, state_of
from appointments.enums import EventKind
from appointments.errors import DomainError
from appointments.models import AppointmentEvent, Customer
from tests.clock import NOW, days
from tests.factories import AppointmentFactory, Clinic, CustomerFactory
from tests.factories.people import together

pytestmark = pytest.mark.django_db


def corrected(melati: Clinic, values: dict[str, Any], *, seen: str = "") -> list[str]:
    by = actors.staff(melati.staff)
    return correct(melati.customer, values, seen=seen or state_of(melati.customer), by=by, now=NOW)


def test_only_what_is_new_is_written_and_every_appointment_to_come_says_so(melati: Clinic) -> None:
    coming, past = melati.booked(NOW + days(1)), melati.booked(NOW - days(1))
    AppointmentFactory(customer=melati.customer, starts_at=NOW + days(2), state="cancelled", occupies=False)
    said = {"phone": "+6281234567000", "email": melati.customer.email}
    assert corrected(melati, said) == ["phone"]
    melati.customer.refresh_from_db()
    assert str(melati.customer.phone) == "+6281234567000"
    [event] = AppointmentEvent.objects.filter(kind=EventKind.CORRECTED)
    assert (event.appointment, event.note, event.actor) == (coming, "phone", melati.staff)
    assert past.events.count() == 0


def test_nothing_new_changes_nothing(melati: Clinic) -> None:
    melati.booked(NOW + days(1))
    assert corrected(melati, {name: getattr(melati.customer, name) for name in CONTACT}) == []
    assert not AppointmentEvent.objects.filter(kind=EventKind.CORRECTED).exists()


def test_a_name_is_found_by_its_new_words(melati: Clinic) -> None:
    corrected(melati, {"name": "Zainab Lubis"})
    assert Customer.objects.matching("lubis").get() == melati.customer


@pytest.mark.parametrize("name", CONTACT)
def test_whoever_was_faster_is_not_overwritten(melati: Clinic, name: str) -> None:
    seen = state_of(melati.customer)
    other = {
        "honorific": "mr", "language": "id", "preferred_channel": "sms", "wants_follow_up": False,
        "email": "a@b.example", "phone": "+6281234567001",
    }  # fmt: skip
    Customer.objects.filter(pk=melati.customer.pk).update(**{name: other.get(name, "other")})
    with pytest.raises(DomainError, match="since you opened the page"):
        corrected(melati, {"note": "Mine."}, seen=seen)


def test_a_record_that_went_into_another_one_is_not_written_to(melati: Clinic) -> None:
    together(CustomerFactory(), melati.customer, by=melati.staff)
    with pytest.raises(DomainError, match="put together with another one"):
        corrected(melati, {"note": "Mine."})
