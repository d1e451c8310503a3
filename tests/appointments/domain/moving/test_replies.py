"""What a customer told us is answered once, in writing, by somebody who has read all of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from appointments.domain.moving import answers, replies
from appointments.domain.moving.replies import can_be_taken_back, leaves_at, read_so_far, reply, take_back
from appointments.enums import (
    EventKind,
    PromiseKind,
    PromiseState,
    RequestState,
)
from appointments.errors import DomainError
from appointments.models import Business, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def told(melati: Clinic, words: str = "May I bring my dog?") -> Promise:
    answers.tell(melati.offered(), words=words, nonce="t", now=NOW)
    owed: Promise = Promise.objects.open().get(kind=PromiseKind.REPLY)
    return owed


@pytest.fixture
def owed(melati: Clinic) -> Promise:
    return told(melati)


def answer(owed: Promise, words: str, *, by: User, to: str | None = None) -> None:
    replies.reply(owed, words, to=to or replies.read_so_far(owed), by=by, now=NOW + hours(1))


def test_our_words_leave_and_the_promise_is_kept(melati: Clinic) -> None:
    owed = told(melati)
    answer(owed, "Yes, gladly.", by=melati.staff)
    owed.refresh_from_db()
    assert (owed.state, owed.reply, owed.outcome) == (PromiseState.KEPT, "Yes, gladly.", "answered in writing")
    message = Message.objects.get(kind="reply")
    assert (message.context["words"], message.context["reply"]) == ("May I bring my dog?", "Yes, gladly.")


def test_the_same_words_again_are_the_same_reply_and_others_are_refused(melati: Clinic) -> None:
    owed = told(melati)
    answer(owed, "Yes, gladly.", by=melati.staff)
    answer(owed, "Yes, gladly.", by=melati.staff)
    with pytest.raises(DomainError, match="settled already"):
        answer(owed, "No.", by=melati.staff)
    assert Message.objects.filter(kind="reply").count() == 1


def test_what_came_later_has_to_be_read_first(melati: Clinic) -> None:
    owed = told(melati)
    read = replies.read_so_far(owed)
    assert owed.request
    answers.tell(owed.request, words="And my cat?", nonce="t2", now=NOW)
    with pytest.raises(DomainError, match="told us more"):
        answer(owed, "Yes, gladly.", by=melati.staff, to=read)
    assert not Message.objects.filter(kind="reply").exists()
    owed.refresh_from_db()
    answer(owed, "Both, gladly.", by=melati.staff)
    assert Message.objects.filter(kind="reply").count() == 1


def test_only_what_a_customer_told_us_is_answered_in_writing(melati: Clinic) -> None:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    with pytest.raises(DomainError, match="in writing"):
        answer(owed, "Yes", by=melati.staff)


def test_a_late_reply_is_sent_and_counts_as_a_broken_promise(melati: Clinic) -> None:
    owed = told(melati)
    replies.reply(owed, "Sorry.", to=replies.read_so_far(owed), by=melati.staff, now=owed.due_at + minutes(1))
    owed.refresh_from_db()
    assert owed.state == PromiseState.BROKEN
    assert Message.objects.filter(kind="reply").count() == 1


def test_a_reply_may_not_be_the_last_thing_a_customer_without_a_time_hears(melati: Clinic) -> None:
    owed = told(melati)
    Promise.objects.exclude(pk=owed.pk).update(state=PromiseState.RELEASED, settled_at=NOW)
    RescheduleRequest.objects.update(state=RequestState.WITH_US)
    with pytest.raises(DomainError, match="neither a time nor a promise"):
        answer(owed, "Yes, gladly.", by=melati.staff)
    assert not Message.objects.filter(kind="reply").exists()


def test_an_answer_can_be_taken_back_until_it_leaves(owed: Promise, melati: Clinic) -> None:
    Business.objects.update(undo_seconds=20)
    reply(owed, "No.", to=read_so_far(owed), by=melati.staff, now=NOW)
    owed.refresh_from_db()
    assert Message.objects.get(kind="reply").not_before == leaves_at(NOW) == NOW + timedelta(seconds=20)
    assert can_be_taken_back(owed, now=NOW + timedelta(seconds=19))
    assert not can_be_taken_back(owed, now=NOW + timedelta(seconds=20))
    assert take_back(owed, by=melati.staff, now=NOW + timedelta(seconds=20)) is None

    assert take_back(owed, by=melati.staff, now=NOW + timedelta(seconds=19)) == "No."
    owed.refresh_from_db()
    assert (owed.state, owed.reply, owed.settled_at, owed.broken_at) == (PromiseState.OPEN, "", None, None)
    assert owed.appointment.events.get(kind=EventKind.UNSENT).note == "No."
    assert take_back(owed, by=melati.staff, now=NOW + timedelta(seconds=19)) is None

    reply(owed, "Yes.", to=read_so_far(owed), by=melati.staff, now=NOW + timedelta(seconds=30))
    assert [one.context["reply"] for one in Message.objects.filter(kind="reply", state="queued")] == ["Yes."]


def test_what_came_too_late_is_as_late_as_before(owed: Promise, melati: Clinic) -> None:
    late = owed.due_at + timedelta(minutes=1)
    reply(owed, "No.", to=read_so_far(owed), by=melati.staff, now=late)
    owed.refresh_from_db()
    assert owed.broken_at == late
    take_back(owed, by=melati.staff, now=late)
    owed.refresh_from_db()
    assert owed.state == PromiseState.OPEN
    assert owed.broken_at is None


def test_what_has_left_stays_sent(owed: Promise, melati: Clinic) -> None:
    reply(owed, "No.", to=read_so_far(owed), by=melati.staff, now=NOW)
    owed.refresh_from_db()
    Message.objects.filter(kind="reply").update(state="sending", leased_until=NOW + minutes(1))
    assert take_back(owed, by=melati.staff, now=NOW) is None
    owed.refresh_from_db()
    assert owed.state == PromiseState.KEPT


def test_whoever_was_promised_another_answer_gets_both(owed: Promise, melati: Clinic) -> None:
    reply(owed, "No.", to=read_so_far(owed), by=melati.staff, now=NOW)
    owed.refresh_from_db()
    answers.tell(RescheduleRequest.objects.get(), words="And the lift?", nonce="again", now=NOW)
    assert take_back(owed, by=melati.staff, now=NOW) is None
