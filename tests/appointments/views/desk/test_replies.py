"""A customer told us something: a colleague answers in writing, looks at the message, and the promise is kept."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.domain import links
from appointments.domain.moving import answers, undelivered
from appointments.domain.moving.replies import read_so_far, reply
from appointments.domain.schedule.slots import Wishes
from appointments.enums import LinkPurpose, OfferState, PromiseKind, PromiseState, RequestState
from appointments.errors import DomainError
from appointments.models import AppointmentEvent, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db

TOLD = "I took the day off for this."
OURS = "We are sorry.\n\nThe car park is behind us, and we note that you need mornings."


@pytest.fixture
def owed(melati: Clinic, monday_morning: None) -> Promise:
    """What we owe Ana: an answer to what she told us."""
    customer = CustomerFactory(name="Ana Putri", language="en", email="ana@mail.example", phone="+6281200000001")
    appointment = melati.booked(customer=customer)
    round_ = melati.offered(appointment)
    answers.tell(round_, words=TOLD, nonce="told", now=NOW)
    return Promise.objects.get(kind=PromiseKind.REPLY)


def post(desk: Client, promise: Promise, step: str, words: str = OURS, *, expect: int = 200) -> str:
    """As the page sends it that was opened when `promise` was read."""
    data = {"words": words, "step": step, "to": read_so_far(promise)}
    response: Any = desk.post(reverse("reply", args=[promise.pk]), data)
    assert response.status_code == expect
    return str(response.content.decode())


def replies() -> list[Message]:
    return list(Message.objects.filter(kind="reply"))


def test_the_message_is_shown_before_it_goes_and_nothing_is_sent_yet(desk: Client, owed: Promise) -> None:
    page = post(desk, owed, "preview")
    for said in ("Our answer to what you told us", TOLD, "The car park is behind us", "Send the answer"):
        assert said in page
    assert replies() == []
    owed.refresh_from_db()
    assert owed.state == PromiseState.OPEN
    assert OURS.splitlines()[0] in post(desk, owed, "edit")


def test_a_text_that_cannot_be_written_is_refused_before_it_is_sent(
    desk: Client, owed: Promise, tmp_path: Path, settings: Any
) -> None:
    broken = tmp_path / "en" / "texts" / "reply" / "sms.txt"
    broken.parent.mkdir(parents=True)
    broken.write_text("{{ discount }}")
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}, *settings.TEMPLATES[1:]]
    page = post(desk, owed, "preview", expect=422)
    assert "The text asks for “discount”, and this message has no such thing." in page
    assert "Send the answer" not in page
    assert OURS.splitlines()[0] in page


def test_the_customer_reads_both_and_the_promise_is_kept(desk: Client, melati: Clinic, owed: Promise) -> None:
    colleague = StaffFactory(first_name="Dimas", last_name="Pratama")
    desk.force_login(colleague)
    post(desk, owed, "send", expect=302)
    (message,) = replies()
    assert (message.email, message.language, message.true_if["promise"]) == ("ana@mail.example", "en", owed.pk)
    assert message.text.index(TOLD) < message.text.index("The car park is behind us")
    assert "This is what Dimas Pratama answers:" in message.text
    owed.refresh_from_db()
    assert (owed.state, owed.outcome, owed.reply) == (PromiseState.KEPT, "answered in writing", OURS)
    kept = AppointmentEvent.objects.filter(kind="promise_kept").get()
    assert (kept.actor, kept.note) == (colleague, "answered in writing")
    token = links.issue(owed.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    assert "Our answer of" not in desk.get(reverse("answer", args=[token])).content.decode()
    with time_machine.travel(NOW + minutes(1), tick=False):
        page = desk.get(reverse("answer", args=[token])).content.decode()
    assert "Our answer of" in page
    assert "The car park is behind us" in page
    assert "answers you by" not in page


def test_the_same_answer_twice_is_sent_once_and_another_one_is_not_sent(desk: Client, owed: Promise) -> None:
    post(desk, owed, "send", expect=302)
    post(desk, owed, "send", expect=302)
    page = post(desk, owed, "send", "Something else.", expect=409)
    assert "This promise has been settled already." in page
    assert "Something else." in page
    assert len(replies()) == 1
    owed.refresh_from_db()
    assert owed.reply == OURS
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


def test_what_the_customer_told_us_since_is_read_before_it_counts_as_answered(desk: Client, owed: Promise) -> None:
    assert owed.request is not None
    post(desk, owed, "preview")
    answers.tell(owed.request, words="And my son is ill.", nonce="more", now=NOW)
    page = post(desk, owed, "send", expect=409)
    for said in ("The customer has told us more meanwhile.", "And my son is ill.", "The car park is behind us"):
        assert said in page
    assert replies() == []
    owed.refresh_from_db()
    post(desk, owed, "send", expect=302)
    assert "And my son is ill." in replies()[0].text


def undelivered_reply(desk: Client, promise: Promise) -> Message:
    post(desk, promise, "send", expect=302)
    (message,) = replies()
    return message


def test_a_letter_that_bounces_becomes_a_call_that_knows_the_words(desk: Client, owed: Promise) -> None:
    message = undelivered_reply(desk, owed)
    undelivered.phone_instead(message.true_if, kind="reply", why="550 No such mailbox", now=NOW)
    call = Promise.objects.get(kind=PromiseKind.CALL)
    assert call.details == f"Could not be delivered: 550 No such mailbox\n\n{OURS}"
    assert "Answered, nothing more to do" in desk.get(reverse("promise", args=[call.pk])).content.decode()


def test_somebody_who_prefers_the_phone_is_told_our_words_on_it(desk: Client, owed: Promise) -> None:
    message = undelivered_reply(desk, owed)
    script = "Say: the parking is on us."
    assert undelivered.phone_as_preferred(message.true_if, kind="reply", script=script, now=NOW)
    assert Promise.objects.get(kind=PromiseKind.CALL).details == script


def test_a_choice_does_not_make_our_answer_needless(desk: Client, owed: Promise) -> None:
    message = undelivered_reply(desk, owed)
    undelivered.phone_instead(message.true_if, kind="reply", why="550 No such mailbox", now=NOW)
    assert owed.request is not None
    answers.accept(owed.request.offers.all()[0], nonce="pick", now=NOW)
    assert Promise.objects.get(kind=PromiseKind.CALL).state == PromiseState.OPEN


def test_the_answer_stands_on_the_page_of_the_next_round_too(desk: Client, melati: Clinic, owed: Promise) -> None:
    assert owed.request is not None
    answers.ask_other_times(owed.request, wishes=Wishes(parts=frozenset({"afternoon"})), nonce="other", now=NOW)
    assert owed.appointment.requests.count() == 2
    token = links.issue(owed.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    assert "will read what you told us and answer you by" in desk.get(reverse("answer", args=[token])).content.decode()
    post(desk, owed, "send", expect=302)
    with time_machine.travel(NOW + minutes(1), tick=False):
        assert "The car park is behind us" in desk.get(reverse("answer", args=[token])).content.decode()


def test_the_answer_stands_on_the_page_while_the_time_to_answer_is_just_over(desk: Client, owed: Promise) -> None:
    post(desk, owed, "send", expect=302)
    token = links.issue(owed.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    with time_machine.travel(NOW + hours(2) + minutes(1), tick=False):
        page = desk.get(reverse("answer", args=[token])).content.decode()
    assert "The time to answer has passed." in page
    assert "The car park is behind us" in page


def test_an_answer_that_would_leave_nobody_owing_anything_is_not_the_end(owed: Promise, melati: Clinic) -> None:
    assert owed.request is not None
    RescheduleRequest.objects.filter(pk=owed.request.pk).update(state=RequestState.WITH_US, expired_at=NOW)
    owed.request.offers.update(state=OfferState.GONE)
    others = Promise.objects.exclude(pk=owed.pk)
    others.update(state=PromiseState.KEPT, settled_at=NOW)
    with pytest.raises(DomainError, match="neither a time nor a promise"):
        reply(owed, OURS, to=read_so_far(owed), by=melati.staff, now=NOW)
    owed.refresh_from_db()
    assert (owed.state, owed.reply, replies()) == (PromiseState.OPEN, "", [])


def test_words_that_may_be_meant_are_carried_through_the_preview(desk: Client, owed: Promise) -> None:
    words = "It will definitely be warm."
    page = post(desk, owed, "preview", words, expect=422)
    mark = page.split('name="anyway" value="')[1].split('"')[0]
    data = {"words": words, "to": read_so_far(owed), "anyway": mark}

    shown = desk.post(reverse("reply", args=[owed.pk]), data | {"step": "preview"}).content.decode()
    assert f'name="anyway" value="{mark}"' in shown
    assert desk.post(reverse("reply", args=[owed.pk]), data | {"step": "send"}).status_code == 302
    assert "definitely" in replies()[0].text


def test_an_answer_written_in_anger_is_taken_back_and_its_words_stand_in_the_form(desk: Client, owed: Promise) -> None:
    post(desk, owed, "send", expect=302)
    page = desk.get(reverse("promise", args=[owed.pk])).content.decode()
    assert "The message leaves in 20 seconds." in page
    again = desk.post(reverse("take-back-reply", args=[owed.pk])).content.decode()
    assert "The car park is behind us" in again
    assert f'action="{reverse("reply", args=[owed.pk])}"' in again
    assert [one.state for one in replies()] == ["cancelled"]
    late: Any = desk.post(reverse("take-back-reply", args=[owed.pk]), follow=True)
    assert "Too late: the answer has left" in late.content.decode()
