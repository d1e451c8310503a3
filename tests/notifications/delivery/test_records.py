"""Who holds a message, and for how long, in the sender's records."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.dispatch import Signal
from django.utils import timezone

from notifications import channels, signals
from notifications.channels.base import Outgoing, Receipt, Sender
from notifications.delivery import DeliveryReport, deliver_due, records
from notifications.delivery.records import Records
from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message
from tests.notifications.conftest import Clock, person, post, post_many

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(seconds=120)


def books(token: str) -> Records:
    return Records(token=token, lease=LEASE)


@contextmanager
def heard(signal: Signal, by: Callable[..., Any]) -> Iterator[None]:
    signal.connect(by, weak=False)
    try:
        yield
    finally:
        signal.disconnect(by)


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


def test_what_was_reserved_without_an_answer_is_in_hand_at_the_next_question(clock: Clock) -> None:
    """The database went away when it had held them for us, and before it could say which."""
    posted = [message.pk for message in post_many(3)]
    asked: list[str] = []

    def cut(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append(sql.partition(" ")[0])
        if asked[-1] == "SELECT" and "UPDATE" in asked:
            raise OperationalError
        return execute(sql, params, many, context)

    first = books("first")
    with connection.execute_wrapper(cut), pytest.raises(OperationalError):
        first.reserve(clock(), limit=2)
    others = books("second").reserve(clock(), limit=10)
    assert [message.pk for message in others] == posted[2:]
    books("second").release(others)
    assert [message.pk for message in first.reserve(clock(), limit=10)] == posted
    assert first.reserve(clock(), limit=10) == []


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


# What became of them.


@pytest.fixture
def held(clock: Clock) -> Message:
    """A message on its way in the hands of "first"."""
    post(to=person(phone="+628123456789", channels=("email", "sms", "call")))
    (message,) = books("first").reserve(clock(), limit=10)
    books("first").begin([message], clock())
    return Message.objects.get()


def now_is(message: Message) -> tuple[str, object, str]:
    """Its state, its lease and who holds it."""
    message.refresh_from_db()
    return message.state, message.leased_until, message.leased_by


def told(message: Message) -> list[str]:
    return list(DeliveryAttempt.objects.filter(message=message).values_list("outcome", flat=True))


def wiped(message: Message) -> bool:
    return (message.secrets, message.mime) == ({}, None)


def test_what_is_no_longer_true_ends_without_links_bytes_or_lease(clock: Clock, held: Message) -> None:
    books("first").drop(held, clock(), why="moved meanwhile")
    assert now_is(held) == (MessageState.DROPPED, None, "")
    assert (held.why, wiped(held), told(held)) == ("moved meanwhile", True, ["dropped"])


def test_whoever_lost_it_changes_nothing_about_it(clock: Clock, held: Message) -> None:
    before = now_is(held)
    late = books("second")
    late.drop(held, clock(), why="x")
    late.later(held, clock(), why="x", due_at=clock(), outcome=Outcome.LATER)
    late.give_up(held, clock(), why="x", outcome=Outcome.REFUSED)
    late.trouble(held, clock(), state=MessageState.FAILED, why="x", outcome=Outcome.REFUSED)
    late.to_call_desk(held, clock(), script="x")
    assert late.release([held]) == 0
    assert (now_is(held), told(held)) == (before, [])


def test_what_has_ended_is_not_ended_again_by_who_held_it(clock: Clock, held: Message) -> None:
    Message.objects.update(state=MessageState.CANCELLED, secrets={}, mime=None)
    books("first").drop(held, clock(), why="too late")
    assert (now_is(held)[0], told(held)) == (MessageState.CANCELLED, [])


@pytest.mark.parametrize(
    ("outcome", "attempts", "unreadable", "perhaps"),
    [
        (Outcome.LATER, 1, 0, False),
        (Outcome.PERHAPS, 1, 0, True),
        (Outcome.UNREADABLE, 0, 1, False),
    ],
)
def test_a_failure_is_counted_as_what_it_is_and_tried_again(
    clock: Clock, held: Message, outcome: Outcome, attempts: int, unreadable: int, perhaps: bool
) -> None:
    due_at = clock() + timedelta(minutes=7)
    books("first").later(held, clock(), why="busy", due_at=due_at, outcome=outcome)
    assert now_is(held) == (MessageState.QUEUED, None, "")
    assert (held.attempts, held.render_failures, held.perhaps_sent) == (attempts, unreadable, perhaps)
    assert (held.due_at, held.why, told(held), wiped(held)) == (due_at, "busy", [outcome], False)


def test_when_one_channel_will_not_do_the_next_one_gets_its_own_words(clock: Clock, held: Message) -> None:
    """The bytes were for the first channel."""
    Message.objects.update(attempts=8, render_failures=2, channels=["sms", "email"], channel="sms")
    held.refresh_from_db()
    assert books("first").give_up(held, clock(), why="no such box", outcome=Outcome.REFUSED) == MessageState.QUEUED
    assert now_is(held) == (MessageState.QUEUED, None, "")
    assert (held.channel, held.attempts, held.render_failures, held.mime) == ("email", 0, 0, None)
    assert (held.secrets != {}, told(held)) == (True, ["refused"])


def test_after_the_last_channel_people_are_told_and_nothing_is_kept(clock: Clock, held: Message) -> None:
    Message.objects.update(channels=["email"])
    held.refresh_from_db()
    news: list[Message] = []
    with heard(signals.message_failed, lambda message, **kwargs: news.append(message)):
        state = books("first").give_up(held, clock(), why="no such box", outcome=Outcome.REFUSED)
    assert (state, now_is(held), wiped(held)) == (MessageState.FAILED, (MessageState.FAILED, None, ""), True)
    assert [(one.pk, one.state) for one in news] == [(held.pk, MessageState.FAILED)]


def test_news_that_nobody_could_take_is_told_again_five_minutes_later(clock: Clock, held: Message) -> None:
    def break_down(**kwargs: object) -> None:
        raise RuntimeError("deaf")

    with heard(signals.message_failed, break_down):
        books("first").trouble(held, clock(), state=MessageState.FAILED, why="x", outcome=Outcome.REFUSED)
    assert now_is(held) == (MessageState.QUEUED, None, "")
    assert (held.due_at, held.attempts, told(held)) == (clock() + timedelta(minutes=5), 0, [])
    assert held.mime is not None


@pytest.mark.parametrize(("somebody", "state"), [(True, MessageState.SENT), (False, MessageState.DROPPED)])
def test_words_for_the_phone_are_with_somebody_or_dropped(
    clock: Clock, held: Message, somebody: bool, state: MessageState
) -> None:
    with heard(signals.phone_needed, lambda **kwargs: somebody):
        assert books("first").to_call_desk(held, clock(), script="Hello") == state
    assert now_is(held) == (state, None, "")
    assert (held.sent_at, wiped(held)) == (clock() if somebody else None, True)
    assert told(held) == ["sent" if somebody else "dropped"]


def test_who_takes_a_message_over_begins_only_what_is_still_theirs(clock: Clock) -> None:
    post_many(3)
    first, second = books("first"), books("second")
    one, two, three = first.reserve(clock(), limit=10)
    Message.objects.filter(pk=one.pk).update(leased_by="second")
    Message.objects.filter(pk=two.pk).update(state=MessageState.CANCELLED, secrets={}, mime=None)
    assert first.begin([one, two, three], clock()) == {three.pk}
    assert second.begin([], clock()) == set()


def test_what_was_taken_back_in_the_moment_of_reserving_is_not_in_hand(clock: Clock) -> None:
    post_many(2)
    first = books("first")
    one, two = first.reserve(clock(), limit=10)
    assert {one.state, two.state} == {MessageState.QUEUED}
    assert first.release([one], due_at=clock() + timedelta(hours=1)) == 1
    assert now_is(one) == (MessageState.QUEUED, None, "")
    assert one.due_at == clock() + timedelta(hours=1)


def test_the_next_channel_is_one_that_reaches_and_comes_after_the_present_one() -> None:
    """No SMS provider is set up here, and nobody phones."""
    message = post(to=person(phone="+628123456789", channels=("sms", "email", "call")))
    message.channel = "sms"
    assert records.next_channel(message) == "email"
    message.channel = "email"
    assert records.next_channel(message) == ""
    message.channel, message.email = "sms", ""
    assert records.next_channel(message) == ""
