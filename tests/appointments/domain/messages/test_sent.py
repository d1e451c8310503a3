"""What became of the messages about an appointment."""

from typing import Any

import pytest

from appointments.domain.messages import sent
from appointments.domain.moving import answers
from tests.clock import NOW, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_the_messages_about_an_appointment_are_found_the_newest_first_in_one_query(
    melati: Clinic, django_assert_num_queries: Any
) -> None:
    round_ = melati.offered()
    melati.offered(melati.booked("2026-11-28 16:00", customer=CustomerFactory()))
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + minutes(1))
    shown = ("kind", "state", "to_name", "channel", "why", "perhaps_sent", "subject", "text", "created_at", "sent_at")
    with django_assert_num_queries(1):
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
