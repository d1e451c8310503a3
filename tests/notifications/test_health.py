"""What monitors are told when messages do not leave, and what must not alarm them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from notifications import outbox
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState
from notifications.health import condition
from notifications.models import Message
from tests.clock import at
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import Clock, person, post, post_many

Deliver = Callable[..., DeliveryReport]
pytestmark = pytest.mark.django_db(transaction=True)


def seconds_late(clock: Clock) -> float:
    return condition(now=clock()).oldest_due.total_seconds()


def stuck(clock: Clock) -> tuple[str, ...]:
    return condition(now=clock()).stuck


def go_on(deliver: Deliver, clock: Clock, *, minutes: int) -> None:
    """The worker looks every ten seconds."""
    for _turn in range(minutes * 6):
        clock.move(seconds=10)
        deliver()


@pytest.fixture(autouse=True)
def _one_impatient_connection(settings: Any) -> None:
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": 1, "SMTP_TIMEOUT": 1}


def test_a_mail_server_that_is_away_is_told_within_two_minutes_and_for_as_long_as_it_lasts(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    post(key="before")
    deliver()
    smtp_sink.stop()
    post_many(30, now=clock())

    go_on(deliver, clock, minutes=2)
    assert stuck(clock) == ("email",)
    assert seconds_late(clock) == 120

    go_on(deliver, clock, minutes=5)
    assert stuck(clock) == ("email",)
    assert seconds_late(clock) == 420
    assert condition(now=clock()).last_success == clock() - timedelta(minutes=7)

    smtp_sink.start()
    go_on(deliver, clock, minutes=6)
    assert (stuck(clock), seconds_late(clock)) == ((), 0)


def test_one_message_is_enough_to_notice(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    smtp_sink.stop()
    post()

    go_on(deliver, clock, minutes=2)

    assert stuck(clock) == ("email",)


@pytest.mark.parametrize(("seconds", "told"), [(59, ()), (60, ("email",))])
def test_a_minute_of_grace(clock: Clock, seconds: int, told: tuple[str, ...]) -> None:
    post()
    clock.move(seconds=seconds)

    assert stuck(clock) == told


def test_what_has_not_been_tried_at_all_is_told_too(clock: Clock) -> None:
    post()
    clock.move(minutes=3)

    assert (stuck(clock), seconds_late(clock)) == (("email",), 180)


def test_the_night_and_a_later_hour_alarm_nobody(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    clock.now = at("2026-11-24 20:59")
    post(key="before the night", now=clock())
    post(key="at ten", urgency="now", not_before=at("2026-11-24 22:00"), now=clock())
    clock.now = at("2026-11-24 21:30")
    deliver()  # too late for the first: it waits for the morning
    assert (stuck(clock), seconds_late(clock)) == ((), 0)

    clock.now = at("2026-11-24 22:01")
    deliver()
    clock.now = at("2026-11-25 08:00")
    assert (stuck(clock), seconds_late(clock)) == ((), 0)

    clock.now = at("2026-11-25 08:01")
    assert (stuck(clock), seconds_late(clock)) == (("email",), 60)


def test_one_address_that_is_put_off_is_late_and_no_jam(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    smtp_sink.refuse_recipient("person1@mail.example", answer="451 4.7.1 Greylisted")
    post()

    go_on(deliver, clock, minutes=20)

    assert (stuck(clock), seconds_late(clock)) == ((), 1200)


@pytest.mark.parametrize(("count", "told"), [(2, ()), (3, ("email",))])
def test_a_server_that_puts_everybody_off_is_a_jam(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, count: int, told: tuple[str, ...]
) -> None:
    for message in post_many(count):
        smtp_sink.refuse_recipient(message.email, answer="451 4.3.1 Out of space")

    go_on(deliver, clock, minutes=3)

    assert stuck(clock) == told


def test_a_few_that_are_put_off_are_no_jam_while_others_leave(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    for message in post_many(3):
        smtp_sink.refuse_recipient(message.email, answer="451 4.7.1 Greylisted")
    go_on(deliver, clock, minutes=1)
    post(key="another", to=person(9), now=clock())

    go_on(deliver, clock, minutes=5)

    assert stuck(clock) == ()


def test_a_long_queue_that_moves_is_no_jam(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    post_many(5)
    clock.move(minutes=10)
    deliver(limit=2)

    clock.move(seconds=59)
    assert (stuck(clock), seconds_late(clock)) == ((), 659)
    clock.move(seconds=1)
    assert stuck(clock) == ("email",)


def test_what_waits_for_a_person_is_counted_and_no_longer_late(clock: Clock) -> None:
    for state, count in ((MessageState.FAILED, 2), (MessageState.PARKED, 3), (MessageState.CANCELLED, 4)):
        for number in range(count):
            message = post(key=f"{state}:{number}")
            Message.objects.filter(pk=message.pk).update(state=state, mime=None, secrets={})
    clock.move(hours=1)

    found = condition(now=clock())

    assert (found.failed, found.parked, found.stuck, found.oldest_due) == (2, 3, (), timedelta(0))


def test_what_is_sent_again_by_hand_is_late_from_then_on(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, rewriter: list[Message]
) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    message = post()
    deliver()
    clock.move(hours=5)
    outbox.send_again(Message.objects.get(pk=message.pk), by="Sari", now=clock())
    clock.move(seconds=30)

    assert seconds_late(clock) == 30
