"""Words before they are said: the same as those that go out."""

from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.messages import context, previews
from appointments.domain.moving import answers, rounds, undelivered
from appointments.domain.moving.rounds.opening import open_together
from appointments.enums import (
    PromiseKind,
)
from appointments.models import Appointment, Customer, Link, Promise, RescheduleRequest
from notifications.channels import files
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def preview_of(melati: Clinic, **customer: Any) -> list[previews.Preview]:
    return shown_for(melati, melati.booked(customer=CustomerFactory(**customer)))


def shown_for(melati: Clinic, appointment: Appointment) -> list[previews.Preview]:
    draft = melati.draft(appointment)
    round_ = rounds.compose(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    return previews.offer_as_sent(round_, rounds.offers_of(round_, draft.offers), now=NOW)


def test_the_customers_own_language_and_channel_come_first(melati: Clinic, settings: Any) -> None:
    settings.EMAIL_BACKEND = files.BACKEND
    shown = preview_of(melati, language="id", preferred_channel="sms")
    assert [(one.language, one.channel, one.is_first) for one in shown] == [
        ("id", "sms", True), ("id", "email", False), ("id", "call", False),
        ("en", "sms", False), ("en", "email", False), ("en", "call", False),
    ]  # fmt: skip


def test_what_they_get_is_what_we_can_send_whatever_they_would_rather_have(melati: Clinic, settings: Any) -> None:
    appointment = melati.booked()

    def first(**changed: Any) -> list[str]:
        Customer.objects.update(**changed)
        shown = shown_for(melati, Appointment.objects.get(pk=appointment.pk))
        assert shown[0].is_first
        return [one.channel for one in shown if one.is_first]

    assert first(preferred_channel="sms") == ["email"]  # text messages are not set up
    assert first(email="", preferred_channel="email") == ["call"]
    settings.EMAIL_BACKEND = files.BACKEND
    assert first(email="", preferred_channel="email") == ["sms"]


def test_where_there_is_no_way_none_of_them_is_what_they_get(melati: Clinic) -> None:
    assert [one for one in preview_of(melati, email="", phone="") if one.is_first] == []


def test_a_preview_writes_nothing_and_says_what_will_be_sent(melati: Clinic) -> None:
    appointment = melati.booked()
    draft = melati.draft(appointment, personal_note="See you soon!")
    round_ = rounds.compose(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    first = previews.offer_as_sent(round_, rounds.offers_of(round_, draft.offers), now=NOW)[0]
    assert (RescheduleRequest.objects.count(), Message.objects.count(), Link.objects.count()) == (0, 0, 0)
    assert "See you soon!" in first.rendered.text


def test_a_reply_is_shown_in_the_one_language_it_is_written_in(melati: Clinic) -> None:
    answers.tell(melati.offered(), words="May I bring my dog?", nonce="t", now=NOW)
    owed = Promise.objects.get(kind=PromiseKind.REPLY)
    shown = previews.reply_as_sent(owed, "Yes, gladly.", by=melati.staff)
    assert [(one.language, one.channel) for one in shown] == [("en", "email"), ("en", "sms"), ("en", "call")]
    assert shown[0].rendered.text.index("May I bring my dog?") < shown[0].rendered.text.index("Yes, gladly.")


def test_a_script_is_there_for_a_call_about_a_round_and_only_for_that(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW, words="After lunch")
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert melati.business.name in previews.call_script(owed, now=NOW)
    owed.request = None
    assert previews.call_script(owed, now=NOW) == ""


@pytest.mark.parametrize(
    ("asks", "said", "never"),
    [
        (True, "You asked us to call you", "We cannot keep"),
        (False, "We cannot keep", "You asked us"),
    ],
)
def test_only_who_asked_for_a_call_hears_that_they_did(melati: Clinic, asks: bool, said: str, never: str) -> None:
    """Whoever only prefers the phone, or could not be written to, hears the news itself."""
    round_ = melati.offered()
    if asks:
        answers.call_me(round_, nonce="c", now=NOW, words="After lunch")
    else:
        facts = {"appointment": round_.appointment_id, "request": round_.pk}
        undelivered.phone_as_preferred(facts, kind="offer", script="", now=NOW)
    script = previews.call_script(Promise.objects.open().get(kind=PromiseKind.CALL), now=NOW)
    assert said in script
    assert never not in script


def test_after_a_choice_the_script_says_the_time_that_holds(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.accept(round_.offers.order_by("position")[0], nonce="p", now=NOW)
    facts = {"appointment": round_.appointment_id, "request": round_.pk}
    undelivered.phone_instead(facts, kind="confirmation", why="mailbox full", now=NOW)
    script = previews.call_script(Promise.objects.open().get(kind=PromiseKind.CALL), now=NOW)
    assert "A message of ours may not have reached you. Your " in script
    assert "READ THE TIMES OUT" not in script


def test_what_one_message_tells_of_two_is_shown_before_it_is_sent(melati: Clinic) -> None:
    first = melati.booked()
    moves = [(one, melati.draft(one, guaranteed=False)) for one in (first, melati.booked("2026-11-25 10:00"))]
    lead, other = open_together(moves, by=actors.staff(melati.staff), now=NOW)

    def about(language: str) -> dict[str, Any]:
        told = context.besides(lead, now=NOW, language=language)
        return {**context.about_round(lead, now=NOW, language=language), "besides": told}

    shown = previews.as_sent("offer", first, about)
    letters = {one.language: one.rendered.text for one in shown if one.channel == "email"}
    assert "Check-up, Wednesday, 25 November 2026 at 10:00 WIB" in letters["en"]
    assert "Pemeriksaan, Rabu, 25 November 2026 pukul 10.00 WIB" in letters["id"]
    assert f"[[link_{other.pk}]]" not in letters["en"]
