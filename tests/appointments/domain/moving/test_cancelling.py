"""What a colleague cancels: the time is freed, and what was lost is owed."""

from datetime import datetime

import pytest

from appointments.domain import actors, own_words
from appointments.domain.moving import answers, cancelling, undelivered
from appointments.domain.pages.customer_page import customer_situation, in_words
from appointments.enums import AppointmentState, OfferState, PromiseKind, RequestState
from appointments.errors import MoveRefused
from appointments.models import Appointment, Promise
from notifications.models import Message
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_whom_we_cancel_is_owed_another_time_and_a_call_when_there_is_no_other_way(melati: Clinic) -> None:
    appointment = melati.booked(customer=CustomerFactory(email="", preferred_channel="call"))
    cancelling.call_off(appointment, because=melati.reason, note="flood", by=actors.staff(melati.staff), now=NOW)
    (owed,) = Promise.objects.open()
    assert (owed.kind, owed.owner) == (PromiseKind.CALL, melati.staff)
    message = Message.objects.get(kind="cancellation")
    assert undelivered.phone_as_preferred(message.true_if, kind="cancellation", script="Say it kindly.", now=NOW)
    assert "Say it kindly." in Promise.objects.open().latest("pk").details


def test_cancelling_in_the_middle_of_a_move_still_owes_a_call(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    cancelling.call_off(round_.appointment, because=melati.reason, note="x", by=actors.staff(melati.staff), now=NOW)
    assert [promise.kind for promise in Promise.objects.open()] == [PromiseKind.CALL]


def test_we_cancel_and_owe_another_time_within_three_working_hours(melati: Clinic) -> None:
    appointment = melati.booked()
    cancelling.call_off(appointment, because=melati.reason, note="flood", by=actors.staff(melati.staff), now=NOW)
    owed = Promise.objects.open().get()
    assert (owed.kind, owed.owner, owed.due_at) == (PromiseKind.CALL, melati.staff, at("2026-11-23 12:00"))
    message = Message.objects.get(kind="cancellation")
    assert message.context["by_customer"] is False
    assert message.context["contact"]["name"] == "Sari " + melati.staff.last_name
    assert (message.context["promise_due"], message.context["reason"]["fault"]) == (owed.due_at, melati.reason.fault)
    assert datetime.fromisoformat(str(message.context["was"]["starts_at"])) == appointment.starts_at


def test_who_cancels_by_phone_is_owed_nothing(melati: Clinic) -> None:
    round_ = melati.offered()
    cancelling.call_off(round_.appointment, because=None, note="ill", by=actors.staff(melati.staff), now=NOW)
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.CANCELLED, NOW)
    assert not Promise.objects.open().exists()
    assert Message.objects.get(kind="cancellation").context["by_customer"] is True
    assert Message.objects.get(kind="offer").state == "cancelled"


def test_our_cancelling_takes_our_offers_back(melati: Clinic) -> None:
    round_ = melati.offered()
    cancelling.call_off(round_.appointment, because=melati.reason, note="flood", by=actors.staff(melati.staff), now=NOW)
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.WITHDRAWN, None)
    assert set(round_.offers.values_list("state", flat=True)) == {OfferState.WITHDRAWN}


def test_where_no_person_cancels_nobody_can_owe(melati: Clinic) -> None:
    cancelling.call_off(melati.booked(), because=melati.reason, note="import", by=actors.IMPORT, now=NOW)
    assert not Promise.objects.open().exists()
    assert Message.objects.get(kind="cancellation").context["contact"]["name"] == melati.business.name


def test_what_is_over_cannot_be_called_off(melati: Clinic) -> None:
    appointment = melati.booked(state=AppointmentState.CANCELLED)
    with pytest.raises(MoveRefused):
        cancelling.call_off(appointment, because=None, note="", by=actors.staff(melati.staff), now=NOW)


def test_the_customer_reads_why_and_by_when_in_the_mail_and_on_the_page(melati: Clinic) -> None:
    appointment = melati.booked()
    by = actors.staff(melati.staff)
    (first, *_others) = cancelling.as_told(appointment, because=melati.reason, by=by, now=NOW)
    cancelling.call_off(appointment, because=melati.reason, note="flood in room 2", by=by, now=NOW)
    message = Message.objects.get(kind="cancellation")
    assert (first.channel, first.rendered.text) == (message.channel, message.text.replace("[[link]]", ""))
    for words in (
        "because Dr. Ratna",
        "This is our responsibility",
        "by Monday, 23 November 2026 at 12:00 WIB",
    ):
        assert words in message.text
    assert "flood" not in message.text

    situation = customer_situation(Appointment.objects.get(), now=NOW)
    said = in_words(situation, language="id", now=NOW)
    assert (said["by_us"], said["reason"]["wording"]) == (True, melati.reason.wording_for(appointment, "id"))
    assert situation.owed == Promise.objects.open().get()


def test_a_reason_rewritten_later_changes_nothing_that_was_told(melati: Clinic) -> None:
    appointment = melati.booked()
    cancelling.call_off(appointment, because=melati.reason, note="x", by=actors.staff(melati.staff), now=NOW)
    told = melati.reason.wording_for(appointment, "en")
    melati.reason.wording = {"en": "something else", "id": "hal lain"}
    melati.reason.save()
    situation = customer_situation(Appointment.objects.get(), now=NOW)
    assert in_words(situation, language="en", now=NOW)["reason"]["wording"] == told


def test_who_cancelled_themselves_reads_no_reason_of_ours(melati: Clinic) -> None:
    cancelling.call_off(melati.booked(), because=None, note="x", by=actors.staff(melati.staff), now=NOW)
    said = in_words(customer_situation(Appointment.objects.get(), now=NOW), language="en", now=NOW)
    assert (said["by_us"], said["reason"]) == (False, None)


def test_why_the_customer_asked_need_not_be_written_down(melati: Clinic) -> None:
    appointment = melati.booked()
    cancelling.call_off(appointment, because=None, note="", by=actors.staff(melati.staff), now=NOW)
    assert appointment.events.latest("pk").note == own_words.ASKED_FOR


def test_of_our_own_wish_nothing_is_put_into_the_colleagues_mouth(melati: Clinic) -> None:
    appointment = melati.booked()
    cancelling.call_off(appointment, because=melati.reason, note="", by=actors.staff(melati.staff), now=NOW)
    assert appointment.events.filter(note=own_words.ASKED_FOR).count() == 0
