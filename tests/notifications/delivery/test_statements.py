"""The statements that every message passes through change what is ours and nothing else."""

from datetime import timedelta

import pytest

from notifications.delivery import statements
from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message
from tests.notifications.conftest import NOON, post_many

pytestmark = pytest.mark.django_db
UNTIL = NOON + timedelta(minutes=2)


def in_hand(count: int) -> list[int]:
    pks = [message.pk for message in post_many(count)]
    Message.objects.update(leased_by="mine", leased_until=NOON)
    return pks


def test_what_is_ours_and_waits_is_on_its_way() -> None:
    first, second = in_hand(2)
    assert statements.mark_sending([first], token="mine", until=UNTIL) == 1
    assert statements.mark_sending([first], token="mine", until=UNTIL) == 0
    assert statements.mark_sending([second], token="yours", until=UNTIL) == 0
    found = Message.objects.in_bulk()
    assert (found[first].state, found[first].leased_until) == (MessageState.SENDING, UNTIL)
    assert (found[second].state, found[second].leased_until) == (MessageState.QUEUED, NOON)


def test_what_is_on_its_way_is_sent_once_and_its_links_are_wiped() -> None:
    first, second = in_hand(2)
    statements.mark_sending([first], token="mine", until=UNTIL)
    assert statements.mark_sent([first, second], token="yours", now=NOON) == 0
    assert statements.mark_sent([first, second], token="mine", now=NOON) == 1
    assert statements.mark_sent([first], token="mine", now=NOON) == 0
    sent, waiting = Message.objects.in_bulk()[first], Message.objects.in_bulk()[second]
    assert (sent.state, sent.sent_at, sent.leased_by, sent.leased_until) == (MessageState.SENT, NOON, "", None)
    assert (sent.secrets, sent.mime) == ({}, None)
    assert waiting.secrets
    assert waiting.mime


def test_each_attempt_is_noted() -> None:
    first, second = in_hand(2)
    statements.note_sent([(first, "email", "250 OK", 12), (second, "email", "250 Fine", 7)], now=NOON)
    noted = [
        (one.message_id, one.at, one.outcome, one.detail, one.duration_ms)
        for one in DeliveryAttempt.objects.order_by("message_id")
    ]
    assert noted == [(first, NOON, Outcome.SENT, "250 OK", 12), (second, NOON, Outcome.SENT, "250 Fine", 7)]
