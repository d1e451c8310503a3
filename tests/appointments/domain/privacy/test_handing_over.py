"""What somebody gets who asks what we keep of them."""

import json

import pytest

from appointments.domain import actors
from appointments.domain.privacy.handing_over import export, hand_over
from appointments.domain.privacy.inventory import WORDS
from appointments.models import AuditEntry, Customer
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory
from tests.factories.people import together
from tests.factories.privacy import SAID, over, told_everything

pytestmark = pytest.mark.django_db


def test_both_records_and_all_messages_are_handed_over(melati: Clinic) -> None:
    twice = CustomerFactory(name="A. Pratiwi", email="old@mail.example")
    for booked in [melati.booked("2026-11-24 10:00", customer=twice), melati.booked("2026-11-25 10:00")]:
        melati.offered(booked)
    over()
    assert [len(export(melati.customer)[name]) for name in ("records", "messages")] == [1, 1]
    together(melati.customer, twice, by=melati.staff)
    given = export(melati.customer)
    assert [one["name"] for one in given["records"]] == [melati.customer.name, "A. Pratiwi"]
    assert {one["email"] for one in given["messages"]} == {"old@mail.example", melati.customer.email}
    assert len(given["appointment"]) == 2


def test_every_word_that_is_kept_is_handed_over(melati: Clinic) -> None:
    given = export(told_everything(melati))
    silent = [
        f"{words.name}.{field}"
        for words in WORDS
        for field in words.fields
        if words.name != "statement"  # whole, as the file said it
        if SAID not in [row.get(field) for row in given[words.name]]
    ]
    assert silent == []


def test_it_is_plain_and_of_nobody_else(melati: Clinic) -> None:
    told_everything(melati)
    other = melati.booked("2026-11-26 10:00", customer=CustomerFactory(name="Budi")).customer
    assert json.loads(json.dumps(export(other))) == export(other)
    assert SAID not in json.dumps(export(other))
    assert Customer.objects.count() == 2


def test_who_took_it_out_of_the_house_is_written_down(melati: Clinic) -> None:
    given = hand_over(melati.customer, by=actors.staff(melati.manager), now=NOW)
    assert given == export(melati.customer)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.noun, entry.actor, entry.name) == ("exported", "customer", melati.manager, "")
