"""What is kept of a person is handed over and forgotten with the records that went into theirs."""

import pytest

from appointments.domain.customers.privacy import export, forget, person
from appointments.domain.customers.undoing import undo
from appointments.models import Customer, ImportRun
from notifications.models import Message
from tests.appointments.domain.imports.page.runs import brought_in, uploaded
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory
from tests.factories.people import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(melati: Clinic) -> Customer:
    """Another record of the clinic's customer, who was written to by either name."""
    twice = CustomerFactory(name="A. Pratiwi", email="old@mail.example")
    for booked in [melati.booked("2026-11-24 10:00", customer=twice), melati.booked("2026-11-25 10:00")]:
        melati.offered(booked)
    return twice


def test_both_records_and_all_messages_are_handed_over(melati: Clinic, twice: Customer) -> None:
    assert [len(rows) for rows in export(melati.customer).values()] == [1, 1]
    together(melati.customer, twice, by=melati.staff)
    given = export(melati.customer)
    assert [one["name"] for one in given["records"]] == [melati.customer.name, "A. Pratiwi"]
    assert {one["email"] for one in given["messages"]} == {"old@mail.example", melati.customer.email}


def test_both_records_and_all_messages_are_forgotten(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff, email="gone")
    assert forget(melati.customer, now=NOW) == 2
    for one in Customer.objects.filter(pk__in=[melati.customer.pk, twice.pk]):
        assert (one.name, one.email, str(one.phone or ""), one.address, one.note, one.sought) == ("–", *[""] * 4, "–")
    merge.refresh_from_db()
    assert (merge.before, merge.after) == ({}, {})
    assert not Message.objects.exclude(to_name="", email="").exists()


def test_undoing_brings_nothing_back_that_was_forgotten(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff, email="gone")
    forget(melati.customer, now=NOW)
    merge.refresh_from_db()
    undo(merge, by=melati.staff, now=NOW)
    assert set(Customer.objects.filter(pk__in=[melati.customer.pk, twice.pk]).values_list("email")) == {("",)}


def test_a_person_is_found_by_any_record_of_theirs(melati: Clinic, twice: Customer) -> None:
    together(melati.customer, twice, by=melati.staff)
    assert person(twice.pk) == person(melati.customer.pk) == melati.customer


def test_somebody_else_is_left_alone(melati: Clinic, twice: Customer) -> None:
    assert forget(twice, now=NOW) == 1
    assert Customer.objects.get(pk=melati.customer.pk).email == melati.customer.email
    assert Message.objects.filter(email=melati.customer.email).exists()


def test_of_files_nothing_is_kept_that_may_be_about_them(melati: Clinic) -> None:
    wrong = f"{melati.customer.name},12345,2026-11-27,09:00,Check-up\n"
    done = brought_in(melati, f"Name,Phone,Date,Time,Service\n{wrong}")
    waiting = uploaded(melati, f"Name,Start\n{melati.customer.name},soon\n")
    assert "12345" in str(done.report)

    forget(melati.customer, now=NOW)

    done.refresh_from_db()
    assert not ImportRun.objects.filter(pk=waiting.pk).exists()
    assert done.report is not None
    assert done.report["counts"] == {"new": 1}
    assert "12345" not in str(done.report)
