"""What a colleague cancels: the time is freed, and what was lost is owed."""

from datetime import datetime

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers, cancelling, undelivered
from appointments.enums import AppointmentState, OfferState, PromiseKind, RequestState
from appointments.errors import MoveRefused
from appointments.models import Promise
from notifications.models import Message
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_whom_we_cancel_is_owed_another_time_and_a_call_when_there_is_no_other_way(melati: Clinic) -> None:
    appointment = melati.booked(customer=CustomerFactory(email="", preferred_channel="call"))
    cancelling.call_off(appointment, by_customer=False, why="flood", by=actors.staff(melati.staff), now=NOW)
    (owed,) = Promise.objects.open()
    assert (owed.kind, owed.owner) == (PromiseKind.CALL, melati.staff)
    message = Message.objects.get(kind="cancellation")
    assert undelivered.phone_as_preferred(message.true_if, kind="cancellation", script="Say it kindly.", now=NOW)
    assert "Say it kindly." in Promise.objects.open().latest("pk").details


def test_cancelling_in_the_middle_of_a_move_still_owes_a_call(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    cancelling.call_off(round_.appointment, by_customer=False, why="x", by=actors.staff(melati.staff), now=NOW)
    assert [promise.kind for promise in Promise.objects.open()] == [PromiseKind.CALL]


def test_we_cancel_and_owe_another_time_within_three_working_hours(melati: Clinic) -> None:
    appointment = melati.booked()
    cancelling.call_off(appointment, by_customer=False, why="flood", by=actors.staff(melati.staff), now=NOW)
    owed = Promise.objects.open().get()
    assert (owed.kind, owed.owner, owed.due_at) == (PromiseKind.CALL, melati.staff, at("2026-11-23 12:00"))
    message = Message.objects.get(kind="cancellation")
    assert message.context["by_customer"] is False
    assert message.context["contact"]["name"] == "Sari " + melati.staff.last_name
    assert datetime.fromisoformat(str(message.context["was"]["starts_at"])) == appointment.starts_at


def test_who_cancels_by_phone_is_owed_nothing(melati: Clinic) -> None:
    round_ = melati.offered()
    cancelling.call_off(round_.appointment, by_customer=True, why="ill", by=actors.staff(melati.staff), now=NOW)
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.CANCELLED, NOW)
    assert not Promise.objects.open().exists()
    assert Message.objects.get(kind="cancellation").context["by_customer"] is True
    assert Message.objects.get(kind="offer").state == "cancelled"


def test_our_cancelling_takes_our_offers_back(melati: Clinic) -> None:
    round_ = melati.offered()
    cancelling.call_off(round_.appointment, by_customer=False, why="flood", by=actors.staff(melati.staff), now=NOW)
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.WITHDRAWN, None)
    assert set(round_.offers.values_list("state", flat=True)) == {OfferState.WITHDRAWN}


def test_where_no_person_cancels_nobody_can_owe(melati: Clinic) -> None:
    cancelling.call_off(melati.booked(), by_customer=False, why="import", by=actors.IMPORT, now=NOW)
    assert not Promise.objects.open().exists()
    assert Message.objects.get(kind="cancellation").context["contact"]["name"] == melati.business.name


def test_what_is_over_cannot_be_called_off(melati: Clinic) -> None:
    appointment = melati.booked(state=AppointmentState.CANCELLED)
    with pytest.raises(MoveRefused):
        cancelling.call_off(appointment, by_customer=True, why="", by=actors.staff(melati.staff), now=NOW)
