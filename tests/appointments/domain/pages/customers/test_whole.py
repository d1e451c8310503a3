"""Everything about one customer on one page."""

from typing import Any

import pytest

from appointments.domain.moving import answers
from appointments.domain.pages.customers.whole import SHOWN, whole
from appointments.models import Appointment
from tests.clock import NOW, days, hours, minutes
from tests.factories import AppointmentFactory, Clinic, PromiseFactory, RecoveryCaseFactory
from tests.factories.compensation import compensation

pytestmark = pytest.mark.django_db


def test_what_comes_stands_in_its_order_and_the_rest_the_newest_first(melati: Clinic) -> None:
    later, sooner = melati.booked(NOW + days(2)), melati.booked(NOW + minutes(5))
    old, older = melati.booked(NOW - days(1)), melati.booked(NOW - days(2))
    cancelled = AppointmentFactory(customer=melati.customer, starts_at=NOW + days(3), state="cancelled", occupies=False)
    AppointmentFactory(starts_at=NOW + days(3), occupies=False)
    found = whole(melati.customer, Appointment.objects.all(), now=NOW)
    assert found.coming == [sooner, later]
    assert found.past == [cancelled, old, older]
    assert found.more_past == 0


def test_only_what_the_reader_may_see_is_shown(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.tell(round_, words="Who pays?", nonce="t", now=NOW)
    found = whole(melati.customer, Appointment.objects.none(), now=NOW)
    assert (found.coming, found.owed, found.told) == ([], [], [])


def test_promises_words_complaints_and_gifts_are_there(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.tell(round_, words="Who pays?", nonce="t", now=NOW)
    compensation(round_.appointment)
    case = RecoveryCaseFactory(appointment=round_.appointment)
    kept = {"appointment": round_.appointment, "request": None, "settled_at": NOW, "made_at": NOW - hours(2)}
    PromiseFactory(state="kept", due_at=NOW, **kept)
    PromiseFactory(state="kept", due_at=NOW, slipped_at=NOW, **kept)
    PromiseFactory(state="broken", due_at=NOW, broken_at=NOW, **kept)
    found = whole(melati.customer, Appointment.objects.all(), now=NOW)
    assert [one.words for one in found.told] == ["Who pays?"]
    assert [one.kind for one in found.owed] == ["answer_or_call", "reply"] or len(found.owed) == 2
    assert (found.kept, found.promised, list(found.complaints)) == (1, 3, [case])
    assert len(found.given) == 1


def test_it_asks_as_much_for_a_long_acquaintance_as_for_a_new_one(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    for number in range(SHOWN + 5):
        melati.booked(NOW - days(number + 1))
    with django_assert_num_queries(9):
        found = whole(melati.customer, Appointment.objects.for_display(), now=NOW)
    assert (len(found.past), found.more_past) == (SHOWN, 5)
