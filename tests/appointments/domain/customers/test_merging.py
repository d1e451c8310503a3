"""Two records that are one person's become one, and nothing of either is lost."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from appointments.domain.customers.merging import (
    both_states,
    kept_for_each,
    merge,
    records_of,
    refs_of,
    what_moves,
    who_stays,
)
from appointments.domain.messages import announce
from appointments.enums import EventKind
from appointments.errors import DomainError
from appointments.models import Appointment, AppointmentEvent, Customer, CustomerMerge
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.clock import NOW, days, minutes
from tests.factories import (
    AppointmentFactory,
    Clinic,
    CustomerFactory,
    PromiseFactory,
    RecoveryCaseFactory,
    RescheduleRequestFactory,
)
from tests.factories.compensation import compensation
from tests.factories.people import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(melati: Clinic) -> Customer:
    """The clinic's customer once more, with another number and a note."""
    return CustomerFactory(name="A. Pratiwi", phone="+6281234567001", email="old@mail.example", note="Left ear.")


def put(melati: Clinic, gone: Customer, **chosen: Any) -> CustomerMerge:
    return together(melati.customer, gone, by=melati.staff, **chosen)


def test_appointments_keep_their_identity_and_belong_to_who_stays(melati: Clinic, twice: Customer) -> None:
    coming = melati.booked("2026-11-24 10:00", customer=twice)
    past = AppointmentFactory(customer=twice, starts_at=NOW - days(9), location=melati.location, occupies=False)
    own = melati.booked("2026-11-25 10:00")
    uid = coming.uid

    done = put(melati, twice)

    assert set(melati.customer.appointments.all()) == {coming, past, own}
    assert Appointment.objects.get(pk=coming.pk).uid == uid
    assert done.moved == {"appointments": sorted([coming.pk, past.pk]), "misuse_notes": []}
    told = AppointmentEvent.objects.filter(kind=EventKind.CORRECTED).order_by("appointment")
    assert [(event.appointment, event.actor) for event in told] == [(coming, melati.staff), (own, melati.staff)]
    assert {event.note for event in told} == {"Two records of this customer were put together."}


def test_whose_value_stays_is_chosen_field_by_field(melati: Clinic, twice: Customer) -> None:
    kept = melati.customer
    kept.note = "Diabetic."
    kept.save()
    name = kept.name

    done = put(melati, twice, phone="gone", note="both")

    kept.refresh_from_db()
    assert (kept.name, str(kept.phone), kept.note) == (name, "+6281234567001", "Diabetic.\nLeft ear.")
    assert (set(done.before), done.after) == ({"phone", "note"}, {"phone": "+6281234567001", "note": kept.note})
    twice.refresh_from_db()
    assert (str(twice.phone), twice.note) == ("+6281234567001", "Left ear.")


def test_one_note_said_twice_is_kept_once(melati: Clinic, twice: Customer) -> None:
    Customer.objects.filter(pk=melati.customer.pk).update(note="Left ear.")
    assert put(melati, twice, note="both").after == {}


def test_a_name_that_stays_is_found_by_its_words_and_what_went_is_not_found(melati: Clinic, twice: Customer) -> None:
    put(melati, twice, name="gone")
    assert Customer.objects.matching("a. pratiwi").get() == melati.customer
    assert not Customer.objects.matching("old@mail.example").exists()
    assert not Customer.objects.matching("34567001").exists()
    assert twice not in Customer.objects.standing()


def test_how_much_goes_over_is_said_beforehand(melati: Clinic, twice: Customer) -> None:
    booked = melati.booked(customer=twice)
    Appointment.objects.filter(pk=booked.pk).update(note="Brings a child.")
    round_ = RescheduleRequestFactory(appointment=booked)
    PromiseFactory(appointment=booked)
    compensation(booked, request=round_)
    RecoveryCaseFactory(appointment=booked)
    announce.booked([booked], by=melati.staff, not_before=NOW, now=NOW)
    moves = what_moves(twice)
    counts = (moves.appointments, moves.messages, moves.promises, moves.codes, moves.complaints, moves.notes)
    assert counts == (1, 1, 1, 1, 1, 2)
    assert what_moves(melati.customer).appointments == 0


def test_a_message_that_waits_goes_to_the_address_that_stays(melati: Clinic, twice: Customer) -> None:
    booked = melati.booked(customer=twice)
    melati.offered(booked)
    assert Message.objects.get().email == "old@mail.example"

    put(melati, twice)

    deliver_due(now_fn=lambda: NOW + minutes(10))
    [letter] = mail.outbox
    assert letter.to[0].endswith(f"<{melati.customer.email}>")


def test_a_record_is_not_put_together_with_itself(melati: Clinic) -> None:
    one = melati.customer
    with pytest.raises(DomainError, match="one and the same"):
        put(melati, one)
    with pytest.raises(IntegrityError, match="merge_is_of_two"), transaction.atomic():
        CustomerMerge.objects.create(kept=one, gone=one, at=NOW, by=melati.staff)


def test_nor_with_two_others_at_once(melati: Clinic, twice: Customer) -> None:
    third = CustomerFactory()
    put(melati, twice)
    for kept, gone in ((third, twice), (twice, third)):
        with pytest.raises(DomainError, match="meanwhile"):
            together(kept, gone, by=melati.staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerMerge.objects.create(kept=third, gone=twice, at=NOW, by=melati.staff)


@pytest.mark.parametrize("corrected", ["kept", "gone"])
def test_whoever_corrected_one_meanwhile_is_not_overruled(melati: Clinic, twice: Customer, corrected: str) -> None:
    seen = both_states(melati.customer, twice)
    Customer.objects.filter(pk={"kept": melati.customer, "gone": twice}[corrected].pk).update(address="Jl. Baru 1")
    with pytest.raises(DomainError, match="since you opened the page"):
        merge(melati.customer, twice, {}, seen=seen, by=melati.staff, now=NOW)
    assert not CustomerMerge.objects.exists()


def test_what_both_have_from_another_calendar_is_not_doubled(melati: Clinic, twice: Customer) -> None:
    same = {"source": "salon", "external_id": "7", "location": melati.location, "occupies": False}
    AppointmentFactory(customer=melati.customer, **same)
    AppointmentFactory(customer=twice, **same)
    with pytest.raises(DomainError, match="same entry of another calendar"):
        put(melati, twice)


def test_who_stays_is_found_through_any_number_of_records(melati: Clinic, twice: Customer) -> None:
    third, nobody = CustomerFactory(), CustomerFactory()
    put(melati, twice)
    together(third, melati.customer, by=melati.staff)

    assert [who_stays(one) for one in (twice, melati.customer, third, nobody)] == [third, third, third, nobody]
    assert kept_for_each() == {twice.pk: third, melati.customer.pk: third}
    assert records_of(third) == [third, melati.customer, twice]
    assert refs_of(melati.customer) == [f"customer:{melati.customer.pk}", f"customer:{twice.pk}"]


@pytest.mark.parametrize("writes", ["insert", "update"])
def test_nothing_is_booked_for_a_record_that_is_gone_whoever_writes(
    melati: Clinic, twice: Customer, writes: str
) -> None:
    own = melati.booked()
    put(melati, twice)
    with pytest.raises(IntegrityError, match="customer_is_gone"), transaction.atomic():
        if writes == "insert":
            AppointmentFactory(customer=twice, location=melati.location, occupies=False)
        else:
            Appointment.objects.filter(pk=own.pk).update(customer=twice)
