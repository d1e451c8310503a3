"""What did not arrive is told once more: with a new link, to where the customer is reached now, or by the next way."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction

from appointments.domain import links
from appointments.domain.actors import staff
from appointments.domain.messages import announce
from appointments.domain.moving import rounds
from appointments.enums import AppointmentState, LinkPurpose, PromiseKind
from appointments.models import Customer, Promise
from notifications import outbox, receipts
from notifications.delivery import DeliveryReport, deliver_due
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW, minutes
from tests.factories import Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + minutes(10)


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def deliver(now: datetime = LATER) -> DeliveryReport:
    return deliver_due(now_fn=lambda: now)


def failed(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED, secrets={}, mime=None)
    message.refresh_from_db()
    return message


def key_in(letter: Any) -> str:
    found = re.search(r"/r/([\w-]{43})", letter.body)
    assert found is not None
    return found[1]


def test_an_offer_sent_again_has_a_new_link_and_goes_to_the_corrected_address(melati: Clinic) -> None:
    round_ = melati.offered()
    old = failed(Message.objects.get(kind="offer"))
    customer = round_.appointment.customer
    customer.email = "right@mail.example"
    customer.save()
    new = outbox.send_again(old, by="maya", now=LATER)
    assert (new.replaces, new.true_if, new.email) == (old, old.true_if, "right@mail.example")
    assert deliver() == DeliveryReport(sent=1)
    (letter,) = mail.outbox
    assert letter.to == [f"{customer.name} <right@mail.example>"]
    link = links.read(key_in(letter), purpose=LinkPurpose.ANSWER, now=LATER)
    assert link.appointment == round_.appointment


def test_a_corrected_address_is_used_by_what_still_waits(melati: Clinic) -> None:
    round_ = melati.offered()
    Customer.objects.filter(pk=round_.appointment.customer.pk).update(email="right@mail.example")
    assert deliver() == DeliveryReport(sent=1)
    (letter,) = mail.outbox
    assert letter.to == [f"{round_.appointment.customer.name} <right@mail.example>"]


def test_a_round_that_is_taken_back_takes_back_what_was_sent_again_too(melati: Clinic) -> None:
    round_ = melati.offered()
    outbox.send_again(failed(Message.objects.get(kind="offer")), by="maya", now=NOW)
    rounds.withdraw(round_, by=staff(melati.staff), now=NOW)
    assert not Message.objects.filter(kind="offer", state=MessageState.QUEUED).exists()


def test_what_comes_back_is_told_by_the_next_way_with_a_link_of_its_own(melati: Clinic, settings: Any) -> None:
    round_ = melati.offered()
    assert deliver() == DeliveryReport(sent=1)
    offer = Message.objects.get(kind="offer")
    assert receipts.bounced(offer, why="550 No such mailbox", now=LATER)
    new = Message.objects.get(replaces=offer)
    assert (new.channels, new.state) == (["sms", "call"], MessageState.QUEUED)
    assert set(new.secrets) == {"link"}
    link = links.read(new.secrets["link"], purpose=LinkPurpose.ANSWER, now=LATER)
    assert link.appointment == round_.appointment


def test_what_comes_back_from_the_last_way_becomes_a_call(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked(customer=CustomerFactory(phone="")))
    deliver()
    receipts.undeliverable(Message.objects.get(kind="offer"), why="550 No such mailbox", now=LATER)
    (owed,) = Promise.objects.open().filter(kind=PromiseKind.CALL)
    assert "550 No such mailbox" in owed.details
    assert owed.request == round_
    assert not Message.objects.exclude(replaces=None).exists()


def test_a_colleagues_message_is_written_again_to_where_the_colleague_is_now(melati: Clinic) -> None:
    melati.offered()
    promise = Promise.objects.open().latest("pk")
    User.objects.filter(pk=promise.owner.pk).update(email="old@clinic.example")
    promise.owner.refresh_from_db()
    with transaction.atomic():
        written = announce.escalate(promise, to=promise.owner, now=NOW)
    User.objects.filter(pk=promise.owner.pk).update(email="new@clinic.example")
    new = outbox.send_again(failed(written), by="maya", now=LATER)
    assert (new.email, new.secrets) == ("new@clinic.example", {})


def test_questions_asked_again_have_keys_of_their_own_for_both_pages(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-20 10:00", state=AppointmentState.COMPLETED)
    with transaction.atomic():
        message = announce.follow_up(appointment, now=NOW)
    old = dict(message.secrets)
    new = outbox.send_again(failed(message), by="maya", now=LATER)
    assert set(new.secrets) == set(old) == {"link", "feedback"}
    assert not set(new.secrets.values()) & set(old.values())
    for name, purpose in (("link", LinkPurpose.ANSWER), ("feedback", LinkPurpose.FEEDBACK)):
        assert links.read(new.secrets[name], purpose=purpose, now=LATER).appointment == appointment
