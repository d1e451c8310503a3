"""What a customer told us is answered once, in writing, by somebody who has read all of it."""

import pytest
from django.contrib.auth.models import User

from appointments.domain.moving import answers, replies
from appointments.enums import (
    PromiseKind,
    PromiseState,
    RequestState,
)
from appointments.errors import DomainError
from appointments.models import Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def told(melati: Clinic, words: str = "May I bring my dog?") -> Promise:
    answers.tell(melati.offered(), words=words, nonce="t", now=NOW)
    owed: Promise = Promise.objects.open().get(kind=PromiseKind.REPLY)
    return owed


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
