"""Who holds a message, and for how long, in the sender's records."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import channels
from notifications.channels.base import Outgoing, Receipt, Sender
from notifications.delivery import DeliveryReport, deliver_due, records
from notifications.delivery.records import Records
from tests.notifications.conftest import Clock, post_many

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(seconds=120)


def books(token: str) -> Records:
    return Records(token=token, lease=LEASE)


def test_what_waits_in_hand_is_free_again_soon_after_its_holder_fell_silent(clock: Clock) -> None:
    post_many(3)
    assert len(books("first").reserve(clock(), limit=10)) == 3
    clock.move(seconds=14)
    assert books("second").reserve(clock(), limit=10) == []
    clock.move(seconds=1)
    assert len(books("second").reserve(clock(), limit=10)) == 3


def test_who_says_so_in_time_keeps_what_waits_in_hand(clock: Clock) -> None:
    post_many(3)
    first, second = books("first"), books("second")
    held = first.reserve(clock(), limit=10)
    for _turn in range(10):
        clock.move(seconds=14)
        first.keep(held, clock())
        assert second.reserve(clock(), limit=10) == []
    clock.move(seconds=15)
    assert len(second.reserve(clock(), limit=10)) == 3
    first.keep(held, clock())  # too late: they are somebody else's
    assert first.begin(held, clock()) == set()


def test_what_is_on_its_way_is_left_alone_for_a_whole_lease(clock: Clock) -> None:
    post_many(2)
    first, second = books("first"), books("second")
    going, _waiting = first.reserve(clock(), limit=10)
    assert first.begin([going], clock()) == {going.pk}
    clock.move(seconds=119)
    assert second.recover(clock(), limit=10) == 0
    assert going.pk not in [message.pk for message in second.reserve(clock(), limit=10)]
    clock.move(seconds=1)
    assert second.recover(clock(), limit=10) == 1


@pytest.mark.slow
def test_a_run_keeps_what_waits_while_its_server_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mail takes longer than a message is held without a word."""
    taken: list[int] = []
    monkeypatch.setattr(records, "HOLD", timedelta(seconds=4))

    class Slow(Sender):
        def send(self, outgoing: Outgoing) -> Receipt:
            time.sleep(6)
            taken.append(len(books("second").reserve(timezone.now(), limit=10)))
            return Receipt()

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(channels.get("email"), "sender", Slow, raising=False)
    monkeypatch.setattr(channels.get("email"), "workers", lambda: 1, raising=False)
    post_many(3, now=timezone.now(), urgency="now")
    assert deliver_due(now_fn=timezone.now, seconds=60) == DeliveryReport(sent=3)
    assert taken == [0, 0, 0]
