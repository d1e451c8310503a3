"""What could still change is said beforehand, and referred to when it does."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.domain.moving.foretold import as_sentence, notice_for
from appointments.enums import LinkPurpose
from appointments.models import RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours
from tests.factories import Clinic

pytestmark = pytest.mark.django_db
WORDS = "The part comes on Thursday; if it is late, we cannot begin."


@pytest.mark.parametrize(
    ("typed", "said"),
    [("It may rain", "It may rain."), (" It may rain. ", "It may rain."), ("Will it rain?", "Will it rain?"), ("", "")],
)
def test_another_sentence_can_follow(typed: str, said: str) -> None:
    assert as_sentence(typed) == said


@pytest.fixture
def chosen(melati: Clinic) -> RescheduleRequest:
    round_ = melati.offered(could_change=WORDS)
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    round_.refresh_from_db()
    return round_


def test_it_stands_in_the_offer_in_the_confirmation_and_on_both_pages(melati: Clinic) -> None:
    round_ = melati.offered(could_change=WORDS)
    token = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    def page() -> str:
        with time_machine.travel(NOW, tick=False):
            return str(Client().get(f"/r/{token}/").content.decode())

    assert WORDS in page()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    assert WORDS in page()
    for kind in ("offer", "confirmation"):
        assert WORDS in Message.objects.get(kind=kind).text


def test_only_what_the_present_time_came_with_is_a_notice(melati: Clinic, chosen: RescheduleRequest) -> None:
    assert notice_for(chosen.appointment) == chosen
    melati.offered(chosen.appointment, now=NOW + hours(1))
    assert notice_for(chosen.appointment) is None


def test_what_nobody_said_was_not_foretold(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    assert notice_for(round_.appointment) is None


def test_a_colleague_says_that_it_has_come_to_that_and_the_customer_reads_it(
    melati: Clinic, chosen: RescheduleRequest
) -> None:
    desk = Client()
    desk.force_login(melati.staff)
    with time_machine.travel(NOW + hours(1), tick=False):
        page = desk.get(reverse("propose", args=[chosen.appointment_id])).content.decode()
        assert "We told the customer before that this could happen: “" in page
    said = {"foretold": chosen, "personal_note": "I have looked for it myself."}
    opened = melati.offered(chosen.appointment, now=NOW + hours(1), **said)
    text = Message.objects.filter(kind="offer").latest("pk").text
    sentence = f"we told you what could still change: “{WORDS}” That is what has happened now."
    assert sentence in re.sub(r"\s+", " ", text)
    token = links.issue(opened.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    with time_machine.travel(NOW + hours(1), tick=False):
        assert "That is what has happened now." in Client().get(f"/r/{token}/").content.decode()


def test_the_form_carries_it(melati: Clinic, chosen: RescheduleRequest) -> None:
    desk, address = Client(), reverse("propose", args=[chosen.appointment_id])
    desk.force_login(melati.staff)
    with time_machine.travel(NOW + hours(1), tick=False):
        first = desk.get(address)
        form = first.context["form"]
        fields = {name: form[name].value() for name in ("respond_by", "call_by", "contact", "nonce", "seen")}
        shown = [one.key for one in first.context["suggestions"]]
        sent = desk.post(address, {
            **fields, "step": "send", "reason": melati.reason.pk, "offer": shown[:3], "foretold": "on",
            "could_change": "The second part comes on Friday", "personal_note": "I have looked for it myself.",
        })  # fmt: skip
    assert sent.status_code == 302, sent.context["form"].errors
    newest = chosen.appointment.requests.latest("round")
    assert (newest.foretold, newest.could_change) == (chosen, "The second part comes on Friday.")
