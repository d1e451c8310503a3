"""What the post office knows of a person is found by each record of theirs."""

import pytest

from appointments.domain.messages import of_person
from appointments.models import Appointment
from notifications.models import Message
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_messages_of_several_records_are_counted_listed_and_wiped_together(melati: Clinic) -> None:
    other = CustomerFactory(name="Other")
    for booked in [melati.booked("2026-11-24 10:00"), melati.booked("2026-11-25 10:00", customer=other)]:
        melati.offered(booked)
    both, first = [of_person.ref(melati.customer), of_person.ref(other)], [of_person.ref(melati.customer)]

    assert (of_person.count(both), of_person.count(first)) == (2, 1)
    assert [row["name"] for row in of_person.export(both)] == [melati.customer.name, "Other"]
    assert of_person.forget(first, now=NOW) == 1
    assert (of_person.count(both), of_person.count(first)) == (1, 0)


def test_what_is_about_some_appointments_is_not_among_what_has_ended(melati: Clinic) -> None:
    one, other = melati.booked("2026-11-24 10:00"), melati.booked("2026-11-25 10:00")
    for booked in (one, other):
        melati.offered(booked)
    Message.objects.update(state="cancelled", secrets={}, mime=None)
    needed = Appointment.objects.filter(pk=other.pk)
    late = of_person.finished(of_person.with_words(), before=NOW + days(1), but=needed)
    assert {message.about for message in late} == {one.about}
