"""Two records that were put together by mistake are two again, except for what has changed since."""

from datetime import timedelta

import pytest

from appointments.domain.customers.undoing import Undone, can_be_undone, undo, undoable
from appointments.domain.diary import new
from appointments.enums import EventKind
from appointments.errors import DomainError
from appointments.models import AppointmentEvent, Customer, CustomerMerge, MisuseNote
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory
from tests.factories.people import together

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
NOTHING_LEFT = Undone([], 0, 0)


@pytest.fixture
def twice(melati: Clinic) -> Customer:
    return CustomerFactory(name="A. Pratiwi", phone="+6281234567001", email="old@mail.example", note="Left ear.")


def undone(merge: CustomerMerge, melati: Clinic) -> Undone:
    return undo(merge, by=melati.staff, now=LATER)


def test_everything_is_as_it_was(melati: Clinic, twice: Customer) -> None:
    theirs, own = melati.booked("2026-11-24 10:00", customer=twice), melati.booked("2026-11-25 10:00")
    note = MisuseNote.objects.create(
        customer=twice, why="Three times.", made_on=NOW.date(), made_by=melati.manager, expires_on=days(9) + NOW.date()
    )
    before = Customer.objects.values().get(pk=melati.customer.pk)
    merge = together(melati.customer, twice, by=melati.staff, name="gone", phone="gone", note="both")
    note.refresh_from_db()
    assert note.customer == melati.customer

    assert undone(merge, melati) == NOTHING_LEFT

    assert Customer.objects.values().get(pk=melati.customer.pk) == before
    assert (list(twice.appointments.all()), list(melati.customer.appointments.all())) == ([theirs], [own])
    assert list(twice.misuse_notes.all()) == [note]
    assert twice in Customer.objects.matching("34567001")
    told = AppointmentEvent.objects.filter(kind=EventKind.CORRECTED, at=LATER).order_by("appointment")
    assert [event.appointment for event in told] == [theirs, own]


def test_what_was_corrected_since_stays_and_is_named(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff, phone="gone", note="gone")
    Customer.objects.filter(pk=melati.customer.pk).update(phone="+6281234567999")

    assert undone(merge, melati).corrected == ["phone"]
    melati.customer.refresh_from_db()
    assert (str(melati.customer.phone), melati.customer.note) == ("+6281234567999", "")


def test_what_was_booked_since_stays_with_who_was_kept(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff)
    melati.booked("2026-11-25 10:00")
    wanted = melati.wanted("2026-11-26 10:00")
    booked = new.book(wanted, form="a-form", by=melati.staff, now=NOW + timedelta(minutes=1))
    assert undone(merge, melati) == Undone([], 1, 0)
    assert booked in melati.customer.appointments.all()


def test_what_belongs_to_a_third_one_by_now_stays_there(melati: Clinic, twice: Customer) -> None:
    moved = melati.booked(customer=twice)
    merge = together(melati.customer, twice, by=melati.staff)
    type(moved).objects.update(customer=CustomerFactory())
    assert undone(merge, melati).elsewhere == 1


def test_the_later_one_is_undone_first(melati: Clinic, twice: Customer) -> None:
    booked, third = melati.booked(customer=twice), CustomerFactory()
    first = together(melati.customer, twice, by=melati.staff)
    second = together(third, melati.customer, by=melati.staff)
    with pytest.raises(DomainError, match="Undo that first"):
        undone(first, melati)
    assert undone(second, melati) == undone(first, melati) == NOTHING_LEFT
    booked.refresh_from_db()
    assert booked.customer == twice


def test_it_can_be_undone_for_a_day_and_once(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff)
    last = NOW + timedelta(days=1)
    assert (can_be_undone(merge, now=last), undoable(melati.customer, now=last)) == (True, [merge])
    after = last + timedelta(seconds=1)
    assert (can_be_undone(merge, now=after), undoable(melati.customer, now=after)) == (False, [])
    with pytest.raises(DomainError, match="more than a day"):
        undo(merge, by=melati.staff, now=after)

    undone(CustomerMerge.objects.get(), melati)
    with pytest.raises(DomainError, match="already"):
        undone(merge, melati)
    assert undoable(melati.customer, now=NOW) == []


def test_two_records_can_be_put_together_again_afterwards(melati: Clinic, twice: Customer) -> None:
    undone(together(melati.customer, twice, by=melati.staff), melati)
    assert together(twice, melati.customer, by=melati.staff).moved["appointments"] == []
