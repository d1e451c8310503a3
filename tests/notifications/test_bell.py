"""The bell is rung once for each transaction, and not at all where nobody would hear it."""

import time
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from notifications import bell
from tests.notifications.conftest import post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were sent to a broker which is there."""
    sent: list[str] = []
    monkeypatch.setitem(current_app.conf, "broker_url", "redis://broker.example/0")
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append(name))
    return sent


def test_many_messages_of_one_transaction_ring_once_and_after_it(rung: list[str]) -> None:
    with transaction.atomic():
        for number in range(3):
            post(key=f"event:{number}")
        assert rung == []
    assert rung == ["notifications.tasks.deliver_due"]


def test_what_is_rolled_back_rings_nothing(rung: list[str]) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        post()
        raise LookupError
    assert rung == []


def test_a_broker_in_memory_has_nobody_who_hears(rung: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.conf, "broker_url", "memory://")
    assert bell.ring() is False
    assert rung == []


@pytest.mark.parametrize("trouble", [OperationalError("refused"), OSError("no route")])
def test_a_broker_that_is_away_is_left_alone_for_half_a_minute(
    rung: list[str], monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    tries: list[str] = []

    def away(name: str, **options: Any) -> None:
        tries.append(name)
        raise trouble

    monkeypatch.setattr(current_app, "send_task", away)
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert [bell.ring(), bell.ring()] == [False, False]
    now += 29.9
    assert bell.ring() is False
    assert len(tries) == 1
    now += 0.1
    bell.ring()
    assert len(tries) == 2
