"""To whom a message goes, and by which ways."""

from typing import Any

import pytest

from appointments.domain.messages import recipients
from appointments.models import Customer
from appointments.models.people import WAYS
from notifications.channels import files
from tests.factories import CustomerFactory, clinic

pytestmark = pytest.mark.django_db


def ways_of(customer: Customer) -> tuple[str, ...]:
    return recipients.customer_of(clinic().booked(customer=customer)).channels


@pytest.mark.parametrize(
    ("prefers", "email", "phone", "ways"),
    [
        ("email", "dewi@mail.example", "+62811234567", ("email", "sms", "call")),
        ("sms", "dewi@mail.example", "+62811234567", ("sms", "email", "call")),
        ("call", "dewi@mail.example", "+62811234567", ("call", "email", "sms")),
        ("email", "", "+62811234567", ("sms", "call")),
        ("call", "dewi@mail.example", "", ("email",)),
        ("email", "", "", ()),
    ],
)
def test_the_preferred_way_comes_first_and_those_without_an_address_not_at_all(
    prefers: str, email: str, phone: str, ways: tuple[str, ...]
) -> None:
    assert ways_of(CustomerFactory(preferred_channel=prefers, email=email, phone=phone)) == ways


def test_a_customer_may_be_told_by_given_ways_only() -> None:
    to = recipients.customer_of(clinic().booked(), ways=["sms"])
    assert to.channels == ("sms",)


@pytest.mark.parametrize(
    ("prefers", "email", "ways"),
    [
        ("email", "dewi@mail.example", ("sms", "email")),
        ("sms", "dewi@mail.example", ("email", "sms")),
        ("call", "dewi@mail.example", ("email", "sms", "call")),
        ("sms", "", ("sms",)),
    ],
)
def test_another_way_is_one_by_which_nobody_has_to_speak(prefers: str, email: str, ways: tuple[str, ...]) -> None:
    customer = CustomerFactory(preferred_channel=prefers, email=email, phone="+62811234567")
    to = recipients.customer_of(clinic().booked(customer=customer))
    assert recipients.by_another_way(to).channels == ways


def test_what_is_only_written_goes_by_ways_that_are_read_and_that_we_have(settings: Any) -> None:
    to = recipients.customer_of(clinic().booked(customer=CustomerFactory(phone="+62811234567")))
    assert to.channels == ("email", "sms", "call")
    assert recipients.written(to).channels == ("email",)
    settings.EMAIL_BACKEND = files.BACKEND
    assert recipients.written(to).channels == ("email", "sms")


def test_every_way_that_a_customer_may_prefer_leads_to_somebody() -> None:
    customer = CustomerFactory(email="dewi@mail.example", phone="+62811234567")
    assert set(ways_of(customer)) == set(WAYS)


@pytest.mark.parametrize(
    ("prefers", "email", "phone", "in_writing"),
    [
        ("email", "dewi@mail.example", "+62811234567", True),
        ("call", "dewi@mail.example", "+62811234567", False),
        ("call", "dewi@mail.example", "", True),
        ("email", "", "", False),
    ],
)
def test_who_is_told_by_phone_first_is_not_told_in_writing(
    prefers: str, email: str, phone: str, in_writing: bool
) -> None:
    customer = CustomerFactory(preferred_channel=prefers, email=email, phone=phone)
    assert recipients.is_told_in_writing(clinic().booked(customer=customer)) is in_writing
