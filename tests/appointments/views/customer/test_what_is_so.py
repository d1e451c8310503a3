"""The customer's page promises only what comes, and offers only what can be done."""

import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from appointments.domain import actors, links
from appointments.domain.moving import answers
from appointments.domain.moving.cancelling import call_off
from appointments.enums import Family, Fault, LinkPurpose
from appointments.models import Appointment
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import Clinic, CustomerFactory, ReasonFactory, clinic

pytestmark = pytest.mark.django_db

COMING, SENT = "A confirmation is on its way to you", "We have sent you a confirmation"
REMINDED = "We will remind you before the appointment."


def page_of(client: Client, appointment: Appointment) -> str:
    token = links.issue(appointment, purpose=LinkPurpose.ANSWER, now=timezone.now())
    return client.get(f"/r/{token}/").content.decode()


def chosen(melati: Clinic, **customer: str) -> Appointment:
    """In four days and chosen just now, by somebody who is `customer`."""
    now = timezone.now()
    start = (now + days(4)).replace(hour=3, minute=0, second=0, microsecond=0)
    start += days(1 if start.weekday() == 6 else 0)
    booked = melati.booked(start, customer=CustomerFactory(language="en", **customer))
    round_ = melati.offered(booked, now=now)
    answers.accept(round_.offers.order_by("-starts_at")[0], nonce="tap", now=now + minutes(1))
    return Appointment.objects.get(pk=booked.pk)


@pytest.mark.parametrize(
    ("state", "said", "never"),
    [
        (MessageState.QUEUED, COMING, SENT),
        (MessageState.SENT, SENT, COMING),
        (MessageState.DELIVERED, SENT, COMING),
        (MessageState.FAILED, REMINDED, "confirmation,"),
    ],
)
def test_a_confirmation_is_on_its_way_until_it_is_sent(client: Client, state: str, said: str, never: str) -> None:
    booked = chosen(clinic(rooms=2))
    is_sent = state in (MessageState.SENT, MessageState.DELIVERED)
    sent_at = timezone.now() if is_sent else None
    kept: dict[str, object] = {} if state == MessageState.QUEUED else {"mime": None, "secrets": {}}
    Message.objects.filter(kind="confirmation").update(state=state, sent_at=sent_at, **kept)
    page = page_of(client, booked)
    assert said in page
    assert never not in page
    if state != MessageState.FAILED:
        assert f"{said}, with a file for your calendar." in page


def test_without_an_e_mail_address_no_file_and_without_any_way_no_message_is_promised(client: Client) -> None:
    world = clinic(rooms=2)
    page = page_of(client, chosen(world, email="", preferred_channel="call"))
    for word in (COMING, SENT, "with a file"):
        assert word not in page


def test_who_was_reminded_or_is_too_near_is_not_told_of_a_reminder(client: Client) -> None:
    booked = chosen(clinic(rooms=2))
    assert REMINDED in page_of(client, booked)
    Appointment.objects.update(reminded_for=booked.sequence)
    assert REMINDED not in page_of(client, booked)


def test_whom_we_cancelled_and_never_offered_times_gets_a_way_to_us(client: Client) -> None:
    world = clinic()
    booked = world.booked(timezone.now() + days(3), customer=CustomerFactory(language="en"))
    call_off(booked, because=world.reason, note="Pipe", by=actors.staff(world.staff), now=timezone.now())
    page = page_of(client, booked)
    assert "You need not wait for us: tell us which days and hours suit you." in page
    assert re.search(r'href="tel:\+\d+">Call \+62 ', page)
    assert "Anything else?" not in page, "a heading with nothing below"


def test_a_single_time_is_asked_about_and_not_chosen_from(client: Client) -> None:
    world, now = clinic(rooms=2), timezone.now()
    start = (now + days(4)).replace(hour=3, minute=0, second=0, microsecond=0)
    start += days(1 if start.weekday() == 6 else 0)
    round_ = world.offered(world.booked(start, customer=CustomerFactory(language="en")), now=now)
    assert "None of these suits me" in page_of(client, round_.appointment)
    round_.offers.exclude(position=1).update(state="gone")
    page = page_of(client, round_.appointment)
    assert "Does this time suit you?" in page
    assert "It does not suit me" in page
    assert "others can have this one" not in page


@pytest.mark.parametrize("answer", ["pick", "other-times", "call-me", "keep", "cancel", "tell"])
@pytest.mark.parametrize("moment", ["2026-11-23 09:30", "2026-11-23 16:00", "2026-11-24 10:10", "2026-11-25 12:00"])
def test_no_answer_that_is_shown_is_refused(client: Client, moment: str, answer: str) -> None:
    """While there is time to answer, when it has passed, during the appointment and after it."""
    world = clinic(rooms=2)
    round_ = world.offered(world.booked("2026-11-24 10:00"), now=NOW, can_keep=True)
    address = f"/r/{links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)}/"
    with time_machine.travel(at(moment), tick=False):
        page = client.get(address).content.decode()
        nonces, shown = (
            re.findall(r'name="nonce" value="([^"]+)"', page),
            re.findall(r'name="offer" value="(\d+)"', page),
        )
        if f"{address}{answer}/" not in page:
            return
        form = {"nonce": nonces[0], "words": "Hello", "offer": shown[0] if answer == "pick" else ""}
        assert client.post(f"{address}{answer}/", form).status_code == 303


def test_who_asked_for_another_time_is_not_asked_whether_we_may_move_it(client: Client) -> None:
    world, now = clinic(rooms=2), timezone.now()
    start = (now + days(4)).replace(hour=3, minute=0, second=0, microsecond=0)
    start += days(1 if start.weekday() == 6 else 0)
    wish = ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    booked = world.booked(start, customer=CustomerFactory(language="en", name="Ana Putri"))
    page = page_of(client, world.offered(booked, now=now, reason=wish, can_keep=True).appointment)
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Other times for you"]
    assert "Ana, you asked for another time. These are available." in page
    assert "Until you choose, the original time stays yours." in page
    assert "we would like to move" not in page
