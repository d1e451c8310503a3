"""A post office with texts of its own, people to write to, and a clock that stands still until told to move."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.dispatch import Signal

from notifications import bell, outbox, signals
from notifications.delivery import DeliveryReport, deliver_due
from notifications.models import Message
from notifications.text.values import Recipient

TEXTS = Path(__file__).parent / "locale"
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""Noon in Jakarta, on a Tuesday."""


logging.getLogger("mail.log").setLevel(logging.WARNING)  # the test's mail server tells of every word it hears


class Clock:
    """`clock()` is the time; `clock.move(hours=3)` lets it pass."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture(autouse=True)
def _own_texts(settings: Any) -> None:
    conf = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**conf, "DIRS": [TEXTS, *conf["DIRS"]]}]
    settings.PUBLIC_URL = "https://clinic.example"
    settings.MESSAGE_FROM = "Front desk <desk@clinic.example>"


@pytest.fixture(autouse=True)
def _nobody_else_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test connects hears the post office; the rest of the project has tests of its own."""
    for signal in vars(signals).values():
        if not isinstance(signal, Signal):
            continue
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
    monkeypatch.setattr(bell, "_silent_until", 0.0)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


def person(number: int = 1, **changes: Any) -> Recipient:
    """Somebody in Jakarta who reads English and has only an e-mail address, unless told otherwise."""
    known: dict[str, Any] = {
        "name": f"Person {number}",
        "language": "en",
        "zone": "Asia/Jakarta",
        "email": f"person{number}@mail.example",
        "ref": f"customer:{number}",
    }
    return Recipient(**known | changes)


def post(*, key: str = "event:1", now: datetime = NOON, to: Recipient | None = None, **options: Any) -> Message:
    """A message in the outbox, committed."""
    wanted: dict[str, Any] = {
        "kind": "hello",
        "context": {"what": "we moved it", "link": "https://clinic.example/r/[[link]]"},
        "secrets": {"link": "k3y-of-this-person"},
        "about": "appointment:1",
    }
    with transaction.atomic():
        return outbox.enqueue(key=key, to=to or person(), now=now, **wanted | options)


def post_many(count: int, **options: Any) -> list[Message]:
    """As many messages, each to somebody else."""
    with transaction.atomic():
        return [post(key=f"event:{number}", to=person(number), **options) for number in range(1, count + 1)]


@pytest.fixture
def rewriter() -> Iterator[list[Message]]:
    """Somebody who wrote the messages and writes them again when asked: with a new link, to a new address."""
    asked: list[Message] = []

    def write(message: Message, now: datetime, **kwargs: Any) -> Message:
        asked.append(message)
        to = replace(message.recipient, email="corrected@mail.example")
        secrets = {name: f"a-new-{name}-{len(asked)}" for name in outbox.secrets_of(message)}
        return outbox.enqueue_again(message, to=to, secrets=secrets, now=now)

    signals.write_again.connect(write, weak=False)
    yield asked
    signals.write_again.disconnect(write)


@pytest.fixture
def deliver(clock: Clock) -> Callable[..., DeliveryReport]:
    return lambda **options: deliver_due(now_fn=clock, **options)
