"""The last look at a message before it leaves: too late, no way, not now, no words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from notifications import signals
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState, Outcome
from notifications.models import Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import Clock, person, post

Deliver = Callable[..., DeliveryReport]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("late", "report"), [(0, DeliveryReport(sent=1)), (1, DeliveryReport(dropped=1))])
def test_a_message_may_leave_until_its_last_moment(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, late: int, report: DeliveryReport
) -> None:
    post(not_after=clock() + timedelta(hours=1))
    clock.move(hours=1, seconds=late)
    assert deliver() == report


@pytest.mark.parametrize(("hour", "report"), [(24, DeliveryReport(released=1)), (23, DeliveryReport(dropped=1))])
def test_what_would_be_too_late_in_the_morning_does_not_wait_for_it(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, hour: int, report: DeliveryReport
) -> None:
    """It is 23:00 in Jakarta, and the night's rest ends at 8: at an hour of 20 or 19 after noon."""
    post(not_after=clock() + timedelta(hours=hour - 4))
    clock.move(hours=11)
    assert deliver() == report


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ({"email": "not an address"}, "is not an e-mail address"),
        ({"email": "", "channels": ("call",)}, "phone number"),
    ],
)
def test_an_address_that_is_none_is_a_failure_that_says_so(deliver: Deliver, to: dict[str, Any], why: str) -> None:
    signals.phone_needed.connect(lambda **kwargs: True, weak=False)
    message = post()
    Message.objects.update(**{key: value for key, value in to.items() if key == "email"})
    if "channels" in to:
        Message.objects.update(channel="call", channels=["call"])
    assert deliver() == DeliveryReport(failed=1)
    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert why in message.why


@pytest.mark.parametrize(("attempts", "report"), [(7, DeliveryReport(sent=1)), (8, DeliveryReport(failed=1))])
def test_eight_attempts_and_no_more(
    smtp_sink: SmtpSink, deliver: Deliver, attempts: int, report: DeliveryReport
) -> None:
    assert settings.OUTBOX["MAX_ATTEMPTS"] == 8
    post()
    Message.objects.update(attempts=attempts)
    assert deliver() == report


def test_the_first_objection_counts_and_is_written_down(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    def no_answer(**kwargs: Any) -> None:
        return None

    def moved(**kwargs: Any) -> str:
        return "Moved again."

    for receiver in (no_answer, moved):
        signals.before_send.connect(receiver, weak=False)
    message = post()
    assert deliver() == DeliveryReport(dropped=1)
    message.refresh_from_db()
    assert (message.state, message.why) == (MessageState.DROPPED, "Moved again.")


@pytest.mark.parametrize(("failures", "state"), [(1, MessageState.QUEUED), (2, MessageState.PARKED)])
def test_a_text_that_cannot_be_written_gets_three_tries(
    smtp_sink: SmtpSink, deliver: Deliver, failures: int, state: MessageState
) -> None:
    message = post(kind="broken")
    Message.objects.update(render_failures=failures)
    deliver()
    message.refresh_from_db()
    assert message.state == state
    assert list(message.delivery_attempts.values_list("outcome", flat=True)) == [Outcome.UNREADABLE]


def test_somebody_without_this_channel_is_written_to_by_the_next(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    """A text message, which no gateway is set up for here, becomes a mail."""
    message = post(to=person(phone="+628123456789", channels=("sms", "email")))
    Message.objects.update(channel="sms")
    assert deliver() == DeliveryReport(redirected=1, sent=1)
    message.refresh_from_db()
    assert message.channel == "email"
