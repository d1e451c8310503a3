"""What became of the messages about an appointment."""

from typing import Any

import pytest

from appointments.domain.messages import announce, sent
from appointments.domain.moving import answers
from appointments.enums import OfferState
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, letters_have_left

pytestmark = pytest.mark.django_db


def test_the_messages_about_an_appointment_are_found_the_newest_first_in_two_queries(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    round_ = melati.offered()
    melati.offered(melati.booked("2026-11-28 16:00", customer=CustomerFactory()))
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + minutes(1))
    shown = ("kind", "state", "to_name", "channel", "why", "perhaps_sent", "subject", "text", "created_at", "sent_at")
    with django_assert_num_queries(2):
        found = [tuple(getattr(one, name) for name in shown) for one in sent.about(round_.appointment, newest=5)]
    name = melati.customer.name
    assert [one[:3] for one in found] == [("confirmation", "queued", name), ("offer", "cancelled", name)]
    assert [one.kind for one in sent.about(round_.appointment, newest=1)] == ["confirmation"]


def test_the_message_that_opened_each_round_is_found_in_one_query(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=NOW + minutes(1))
    with django_assert_num_queries(1):
        found = sent.openings([first, second])
    assert {pk: message.state for pk, message in found.items()} == {first.pk: "cancelled", second.pk: "queued"}


@pytest.mark.parametrize(
    ("state", "left"),
    [("queued", True), ("sending", True), ("sent", True), ("cancelled", False), ("dropped", False)],
)
def test_a_message_has_left_unless_it_was_stopped(melati: Clinic, state: str, left: bool) -> None:
    round_ = melati.offered()
    sent_at = NOW if state == "sent" else None
    lease = {"leased_until": NOW + hours(1), "leased_by": "x"} if state == "sending" else {}
    Message.objects.update(state=state, sent_at=sent_at, secrets={}, mime=None, **lease)
    assert sent.has_left(round_) is left


def test_the_offers_that_a_customer_has_read_of_are_those_of_the_messages_that_left(melati: Clinic) -> None:
    round_ = melati.offered()
    assert sent.positions_told(round_) == {1, 2, 3}
    round_.offers.filter(position__lt=3).update(state=OfferState.GONE)
    announce.take_back(round_, now=NOW)
    assert sent.positions_told(round_) == set()
    announce.nudge(round_, turn=1, now=NOW)
    melati.offered(melati.booked("2026-11-28 16:00", customer=CustomerFactory()))
    assert sent.positions_told(round_) == {3}


def test_an_opening_can_be_written_anew_once_while_it_waits(melati: Clinic) -> None:
    round_ = melati.offered()
    assert sent.can_be_written_anew(round_)
    announce.take_back(round_, now=NOW)
    assert not sent.can_be_written_anew(round_)
    announce.apologise_and_offer(round_, now=NOW, again=True)
    assert not sent.can_be_written_anew(round_)
    assert sent.openings([round_])[round_.pk].state == "queued"


def test_a_move_is_told_of_once_what_opened_it_is_out_of_our_hands(melati: Clinic) -> None:
    appointment = melati.offered().appointment
    Message.objects.create(
        key="other", kind="kept", about=appointment.about, state="sent", sent_at=NOW, created_at=NOW, due_at=NOW
    )
    assert not sent.has_told_of_a_move(appointment)
    letters_have_left()
    assert sent.has_told_of_a_move(appointment)
    Message.objects.update(state="cancelled", sent_at=None)
    assert not sent.has_told_of_a_move(appointment)


def test_a_confirmation_is_on_its_way_until_it_is_sent(melati: Clinic) -> None:
    round_ = melati.offered()
    letters_have_left()
    assert sent.confirmation(round_.appointment) == ("", False)
    answers.accept(round_.offers.get(position=1), nonce="tap", now=NOW)
    assert sent.confirmation(round_.appointment) == ("coming", True)
    letters_have_left()
    assert sent.confirmation(round_.appointment) == ("sent", True)
    Message.objects.filter(kind="confirmation").update(channel="call")
    assert sent.confirmation(round_.appointment) == ("", False)


@pytest.mark.parametrize(
    ("state", "left"), [("queued", 0), ("sending", 1), ("sent", 1), ("bounced", 1), ("cancelled", 0), ("dropped", 0)]
)
def test_what_has_left_is_on_its_way_at_least(melati: Clinic, state: str, left: int) -> None:
    rounds = [melati.offered(), melati.offered(melati.booked("2026-11-28 16:00", customer=CustomerFactory()))]
    first = Message.objects.filter(key=f"offer:request:{rounds[0].pk}")
    sent_at = NOW if state in ("sent", "bounced") else None
    lease = {"leased_until": NOW + hours(1), "leased_by": "x"} if state == "sending" else {}
    first.update(state=state, sent_at=sent_at, secrets={}, mime=None, **lease)
    assert sent.have_left(rounds) == {one.pk for one in rounds[:left]}


@pytest.mark.parametrize(("state", "count"), [("sent", 0), ("bounced", 1), ("failed", 1), ("parked", 1), ("queued", 0)])
def test_what_did_not_arrive_is_counted(melati: Clinic, state: str, count: int) -> None:
    round_ = melati.offered()
    sent_at = NOW if state in ("sent", "bounced") else None
    Message.objects.update(state=state, sent_at=sent_at, secrets={}, mime=None)
    assert sent.lost([round_]) == count
