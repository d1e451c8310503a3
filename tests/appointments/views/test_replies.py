"""A customer told us something: a colleague answers in writing, looks at the message, and the promise is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain import actors, answers, links, rescheduling, undelivered
from appointments.domain.rescheduling import ChosenOffer, Draft
from appointments.enums import LinkPurpose, PromiseKind, PromiseState
from appointments.models import AppointmentEvent, Promise, RescheduleRequest
from notifications.enums import Channel
from notifications.models import Message
from tests.clock import NOW, hours
from tests.factories import Clinic, CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db

TOLD = "I took the day off for this."
OURS = "We are sorry.\n\nThe parking is on us, and we note that you need mornings."


@pytest.fixture
def owed(melati: Clinic, monday_morning: None) -> Promise:
    """What we owe Ana: an answer to what she told us."""
    customer = CustomerFactory(name="Ana Putri", language="en", email="ana@mail.example", phone="+6281200000001")
    appointment = melati.booked(customer=customer)
    found = rescheduling.propose(appointment, now=NOW, limit=3)
    draft = Draft(
        reason=melati.reason,
        offers=tuple(ChosenOffer(one.slot, one.why, True) for one in found),
        respond_by=NOW + hours(2),
        contact=melati.staff,
    )
    request: RescheduleRequest = rescheduling.offer(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    answers.tell(request, words=TOLD, nonce="told", now=NOW)
    return Promise.objects.get(kind=PromiseKind.REPLY)


def post(desk: Client, promise: Promise, step: str, words: str = OURS, *, expect: int = 200) -> str:
    response: Any = desk.post(reverse("reply", args=[promise.pk]), {"words": words, "step": step})
    assert response.status_code == expect
    return str(response.content.decode())


def replies() -> list[Message]:
    return list(Message.objects.filter(kind="reply"))


def test_the_message_is_shown_before_it_goes_and_nothing_is_sent_yet(desk: Client, owed: Promise) -> None:
    page = post(desk, owed, "preview")
    for said in ("Our answer to what you told us", TOLD, "The parking is on us", "Send the answer"):
        assert said in page
    assert replies() == []
    owed.refresh_from_db()
    assert owed.state == PromiseState.OPEN
    assert OURS.splitlines()[0] in post(desk, owed, "edit")


def test_the_customer_reads_both_and_the_promise_is_kept(desk: Client, melati: Clinic, owed: Promise) -> None:
    colleague = StaffFactory(first_name="Dimas", last_name="Pratama")
    desk.force_login(colleague)
    post(desk, owed, "send", expect=302)
    (message,) = replies()
    assert (message.email, message.language, message.facts["promise"]) == ("ana@mail.example", "en", owed.pk)
    assert message.text.index(TOLD) < message.text.index("The parking is on us")
    assert "This is what Dimas Pratama answers:" in message.text
    owed.refresh_from_db()
    assert (owed.state, owed.outcome, owed.reply) == (PromiseState.KEPT, "answered in writing", OURS)
    kept = AppointmentEvent.objects.filter(kind="promise_kept").get()
    assert (kept.actor, kept.note) == (colleague, "answered in writing")
    token = links.issue(owed.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    page = desk.get(reverse("answer", args=[token])).content.decode()
    assert "Our answer of" in page
    assert "The parking is on us" in page
    assert "answers you by" not in page


def test_the_same_answer_twice_is_sent_once_and_another_one_is_not_sent(desk: Client, owed: Promise) -> None:
    post(desk, owed, "send", expect=302)
    post(desk, owed, "send", expect=302)
    post(desk, owed, "send", "Something else.", expect=302)
    assert len(replies()) == 1
    owed.refresh_from_db()
    assert owed.reply == OURS
    page = desk.get(reverse("promise", args=[owed.pk])).content.decode()
    assert "This promise has been settled already." in page
    assert desk.get(reverse("reply", args=[owed.pk])).status_code == 302


def test_only_what_a_customer_told_us_is_answered_in_writing(desk: Client, owed: Promise) -> None:
    call = Promise.objects.get(kind=PromiseKind.ANSWER_OR_CALL)
    assert desk.get(reverse("reply", args=[call.pk])).status_code == 404
    assert "Answer in writing" in desk.get(reverse("promise", args=[owed.pk])).content.decode()
    assert "Answer in writing" not in desk.get(reverse("promise", args=[call.pk])).content.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Write the answer first."), ("Dear {name},", "looks like a placeholder"), ("x" * 4001, "at most 4000")],
)
def test_what_cannot_be_sent_is_explained_and_kept_in_the_form(
    desk: Client, owed: Promise, words: str, said: str
) -> None:
    for step in ("preview", "send"):
        page = post(desk, owed, step, words, expect=422)
        assert said in page
        assert words[:12] in page
    assert replies() == []


def test_a_broken_letter_becomes_a_call_that_knows_the_words(desk: Client, owed: Promise) -> None:
    post(desk, owed, "send", expect=302)
    (message,) = replies()
    undelivered.phone_instead(message.facts, kind="reply", why="550 No such mailbox", now=NOW)
    call = Promise.objects.get(kind=PromiseKind.CALL)
    assert call.details == f"Could not be delivered: 550 No such mailbox\n{OURS}"


def test_somebody_who_prefers_the_phone_is_told_our_words_on_it(desk: Client, owed: Promise) -> None:
    post(desk, owed, "send", expect=302)
    (message,) = replies()
    script = "Say: the parking is on us."
    assert undelivered.phone_as_preferred(message.facts, kind="reply", script=script, now=NOW)
    assert Promise.objects.get(kind=PromiseKind.CALL).details == script
    assert Channel.EMAIL in message.channels
