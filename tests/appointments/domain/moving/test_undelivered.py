"""Whom no message reaches is phoned, soon and by somebody with a name."""

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors, history
from appointments.domain.moving import answers, replies, rounds, undelivered
from appointments.enums import (
    EventKind,
    PromiseKind,
)
from appointments.models import Promise
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, StaffFactory

pytestmark = pytest.mark.django_db


def test_a_reminder_by_phone_is_not_called_sent_when_nobody_phones(melati: Clinic) -> None:
    facts = {"appointment": melati.booked().pk}
    assert undelivered.phone_as_preferred(facts, kind="reminder", script="", now=NOW) is False


def test_who_could_not_be_told_is_phoned_within_two_hours_that_we_are_open(melati: Clinic) -> None:
    round_ = melati.offered()
    facts = {"appointment": round_.appointment_id, "request": round_.pk}
    undelivered.phone_instead(facts, kind="offer", why="mailbox full", now=at("2026-11-23 16:15"))
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert (owed.due_at, owed.owner, owed.request) == (at("2026-11-24 09:15"), melati.staff, round_)
    assert "mailbox full" in owed.details
    event = round_.appointment.events.get(kind=EventKind.UNREACHABLE)
    assert (event.note, event.request) == ("mailbox full", round_)


def test_who_prefers_the_phone_is_phoned_within_two_hours_that_we_are_open(melati: Clinic) -> None:
    round_ = melati.offered()
    facts = {"appointment": round_.appointment_id, "request": round_.pk}
    assert undelivered.phone_as_preferred(facts, kind="offer", script="Good morning", now=at("2026-11-23 10:00"))
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert (owed.due_at, owed.details) == (at("2026-11-23 12:00"), "Prefers to be told by phone.")
    assert not round_.appointment.events.filter(kind=EventKind.UNREACHABLE).exists()


WORTH_A_CALL = ["offer", "nudge", "expiry", "confirmation", "kept", "cancellation", "acknowledgement", "reply"]


@pytest.mark.parametrize("kind", WORTH_A_CALL)
def test_news_that_matters_is_worth_a_call(melati: Clinic, kind: str) -> None:
    round_ = melati.offered()
    answers.tell(round_, words="Hello", nonce="t", now=NOW)
    owed = Promise.objects.get(kind=PromiseKind.REPLY)
    facts = {"appointment": round_.appointment_id, "request": round_.pk, "promise": owed.pk}
    undelivered.phone_instead(facts, kind=kind, why="x", now=NOW)
    assert Promise.objects.open().filter(kind=PromiseKind.CALL).count() == 1
    Promise.objects.filter(kind=PromiseKind.CALL).delete()
    assert undelivered.phone_as_preferred(facts, kind=kind, script="", now=NOW) is True
    assert Promise.objects.open().filter(kind=PromiseKind.CALL).count() == 1


@pytest.mark.parametrize("kind", ["reminder", "follow_up", "escalation"])
def test_a_reminder_and_a_question_disturb_nobody(melati: Clinic, kind: str) -> None:
    round_ = melati.offered()
    facts = {"appointment": round_.appointment_id}
    undelivered.phone_instead(facts, kind=kind, why="x", now=NOW)
    assert undelivered.phone_as_preferred(facts, kind=kind, script="", now=NOW) is False
    assert not Promise.objects.filter(kind=PromiseKind.CALL).exists()
    assert not round_.appointment.events.filter(kind=EventKind.UNREACHABLE).exists()


def test_a_message_about_no_appointment_concerns_nobody_here(melati: Clinic) -> None:
    undelivered.phone_instead({}, kind="offer", why="x", now=NOW)
    assert undelivered.phone_as_preferred({}, kind="offer", script="", now=NOW) is False
    assert not Promise.objects.exists()


def test_our_answer_that_did_not_arrive_is_read_out_whatever_becomes_of_the_round(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.tell(round_, words="May I bring my dog?", nonce="t", now=NOW)
    owed = Promise.objects.get(kind=PromiseKind.REPLY)
    replies.reply(owed, "Yes, gladly.", to=replies.read_so_far(owed), by=melati.staff, now=NOW)
    facts = Message.objects.get(kind="reply").true_if
    undelivered.phone_instead(facts, kind="reply", why="bounced", now=NOW)
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    call = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert (call.request, call.details) == (None, "Could not be delivered: bounced\n\nYes, gladly.")
    call.delete()
    assert undelivered.phone_as_preferred(facts, kind="reply", script="Say yes.", now=NOW)
    assert Promise.objects.open().get(kind=PromiseKind.CALL).details == "Say yes."


def test_the_call_is_about_the_round_of_the_message_else_about_the_last_one(melati: Clinic) -> None:
    first = melati.offered(wished=True)
    second = melati.offered(first.appointment, wished=True, now=NOW + minutes(1))
    for facts, expected in (({"request": first.pk}, first), ({"request": second.pk}, second), ({}, second)):
        about = {"appointment": first.appointment_id, **facts}
        undelivered.phone_instead(about, kind="offer", why="x", now=NOW + minutes(2))
        call = Promise.objects.open().get(kind=PromiseKind.CALL)
        assert call.request == expected
        call.delete()


def test_a_round_that_was_taken_back_is_called_about_only_for_the_news_that_it_was(melati: Clinic) -> None:
    round_ = melati.offered()
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW + hours(1))
    facts = {"appointment": round_.appointment_id, "request": round_.pk}
    for kind, expected in (("kept", round_), ("cancellation", round_), ("confirmation", None), ("offer", None)):
        undelivered.phone_instead(facts, kind=kind, why="x", now=NOW + hours(1))
        call = Promise.objects.open().get(kind=PromiseKind.CALL)
        assert (kind, call.request) == (kind, expected)
        call.delete()


def test_without_a_round_whoever_knows_it_phones_else_the_desk(melati: Clinic) -> None:
    other = StaffFactory(first_name="Aan")
    appointment = melati.booked()
    facts = {"appointment": appointment.pk}

    def owner() -> User:
        Promise.objects.all().delete()
        undelivered.phone_instead(facts, kind="confirmation", why="x", now=NOW)
        found: User = Promise.objects.open().get(kind=PromiseKind.CALL).owner
        return found

    assert owner() == other
    history.record(appointment, EventKind.CALLED, by=actors.staff(melati.manager), now=NOW - hours(1))
    history.record(appointment, EventKind.CALLED, by=actors.staff(melati.staff), now=NOW - hours(2))
    assert owner() == melati.manager
    melati.manager.is_active = False
    melati.manager.save()
    assert owner() == melati.staff


def test_where_nobody_works_nobody_is_named(melati: Clinic) -> None:
    User.objects.update(is_active=False)
    facts = {"appointment": melati.booked().pk}
    undelivered.phone_instead(facts, kind="confirmation", why="x", now=NOW)
    assert not Promise.objects.exists()
