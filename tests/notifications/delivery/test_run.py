"""From the outbox to the mail server and back into the books."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from notifications import outbox, signals
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import Clock, person, post, post_many

Deliver = Callable[..., DeliveryReport]
pytestmark = pytest.mark.django_db(transaction=True)


def plain_text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_a_message_arrives_with_its_working_link_and_leaves_a_masked_copy(
    smtp_sink: SmtpSink, deliver: Deliver
) -> None:
    message = post()
    assert deliver() == DeliveryReport(sent=1)
    (received,) = smtp_sink.wait_for(1)
    assert received.recipients == ("person1@mail.example",)
    assert received.message["Message-ID"] == message.message_id
    assert "https://clinic.example/r/k3y-of-this-person" in plain_text(received.message)
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert (message.secrets, message.mime) == ({}, None)
    assert "https://clinic.example/r/•••" in message.text
    assert "k3y" not in message.text + message.html + message.subject


def test_every_message_of_a_crowd_arrives_once_over_eight_connections(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    messages = post_many(300)
    assert deliver() == DeliveryReport(sent=300)
    counts = smtp_sink.count_by_message_id()
    assert counts == {message.message_id: 1 for message in messages}
    assert smtp_sink.connections <= 8
    assert DeliveryAttempt.objects.filter(outcome=Outcome.SENT).count() == 300
    assert deliver() == DeliveryReport()


def test_nothing_leaves_before_its_time(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    post(not_before=clock() + timedelta(seconds=20))
    assert deliver() == DeliveryReport()
    clock.move(seconds=20)
    assert deliver() == DeliveryReport(sent=1)


def test_a_message_taken_back_in_the_undo_window_never_leaves(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    message = post(not_before=clock() + timedelta(seconds=20))
    assert outbox.cancel(keys=[message.key], now=clock()) == 1
    clock.move(minutes=1)
    assert deliver() == DeliveryReport()
    message.refresh_from_db()
    assert (message.state, message.secrets, message.mime) == (MessageState.CANCELLED, {}, None)
    assert outbox.cancel(keys=[message.key], now=clock()) == 0


def test_what_is_no_longer_true_is_dropped_and_says_why(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    stale, fresh = post_many(2)

    def still_true(message: Message, **kwargs: Any) -> str | None:
        return "The appointment was moved again." if message.pk == stale.pk else None

    signals.before_send.connect(still_true, weak=False)
    assert deliver() == DeliveryReport(sent=1, dropped=1)
    stale.refresh_from_db()
    assert (stale.state, stale.why) == (MessageState.DROPPED, "The appointment was moved again.")
    assert (stale.secrets, stale.mime) == ({}, None)
    assert [r.message["Message-ID"] for r in smtp_sink.wait_for(1)] == [fresh.message_id]


def test_a_check_that_breaks_holds_the_message_back_and_the_others_flow(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    broken, _fine = post_many(2)

    def check(message: Message, **kwargs: Any) -> None:
        if message.pk == broken.pk:
            raise LookupError("no such appointment")

    signals.before_send.connect(check, weak=False)
    assert deliver() == DeliveryReport(sent=1, later=1)
    broken.refresh_from_db()
    assert (broken.state, broken.attempts) == (MessageState.QUEUED, 1)
    assert "no such appointment" in broken.why
    assert broken.due_at > clock()


def test_after_a_day_without_a_worker_old_reminders_are_dropped_and_the_rest_goes_once(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    reminder = post(key="reminder", not_after=clock() + timedelta(hours=3))
    follow_up = post(key="follow-up")
    clock.move(days=1)
    assert deliver() == DeliveryReport(sent=1, dropped=1)
    assert deliver() == DeliveryReport()
    reminder.refresh_from_db()
    assert reminder.state == MessageState.DROPPED
    assert reminder.why.startswith("Too late")
    assert list(smtp_sink.count_by_message_id()) == [follow_up.message_id]


def test_at_night_an_ordinary_message_waits_for_the_morning_of_its_reader(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    message = post()
    clock.move(hours=11)  # 23:00 in Jakarta
    assert deliver() == DeliveryReport(released=1)
    message.refresh_from_db()
    assert message.due_at == clock() + timedelta(hours=9)
    clock.move(hours=9)
    assert deliver() == DeliveryReport(sent=1)


def test_a_text_that_cannot_be_written_is_parked_after_three_attempts_and_the_others_flow(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    heard: list[tuple[int, str]] = []

    def failed(message: Message, why: str, **kwargs: Any) -> None:
        heard.append((message.pk, why))

    signals.message_failed.connect(failed, weak=False)
    poison = post(key="poison", kind="broken")
    assert poison.mime is None
    post(key="fine")
    assert deliver() == DeliveryReport(sent=1, later=1)
    clock.move(minutes=3)
    assert deliver() == DeliveryReport(later=1)
    clock.move(minutes=5)
    assert deliver() == DeliveryReport(parked=1)
    poison.refresh_from_db()
    assert poison.state == MessageState.PARKED
    assert heard == [(poison.pk, poison.why)]
    assert "en/texts/broken/email.txt" in poison.why
    clock.move(days=1)
    assert deliver() == DeliveryReport()


def test_a_parked_message_goes_out_when_its_text_is_mended_and_staff_send_it_again(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, rewriter: list[Message]
) -> None:
    poison = post(kind="asking")
    for _turn in range(3):
        deliver()
        clock.move(minutes=10)
    assert states() == [MessageState.PARKED]
    Message.objects.update(context={"offer": {"room": "12"}})
    again = outbox.send_again(poison, by="Sari", now=clock())
    assert deliver() == DeliveryReport(sent=1)
    assert smtp_sink.wait_for(1)[0].message["Message-ID"] == again.message_id
    assert rewriter == [poison]
    assert list(poison.delivery_attempts.values_list("outcome", "detail"))[3] == (Outcome.AGAIN, "Sari")


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.DROPPED, MessageState.CANCELLED])
def test_what_has_left_or_was_taken_back_cannot_be_sent_again(state: str, clock: Clock) -> None:
    message = post()
    sent_at = clock() if state == MessageState.SENT else None
    Message.objects.update(state=state, mime=None, secrets={}, sent_at=sent_at)
    with pytest.raises(outbox.NotResendable):
        outbox.send_again(message, by="Sari", now=clock())
    assert states() == [state]


def test_the_news_of_a_sent_message_is_told_once_and_a_deaf_receiver_does_not_unsend_it(
    smtp_sink: SmtpSink, deliver: Deliver
) -> None:
    heard: list[int] = []

    def told(message: Message, **kwargs: Any) -> None:
        heard.append(message.pk)
        raise RuntimeError("deaf")

    signals.message_sent.connect(told, weak=False)
    message = post()
    assert deliver() == DeliveryReport(sent=1)
    assert heard == [message.pk]
    assert states() == [MessageState.SENT]


def test_the_news_of_a_failure_is_told_again_until_somebody_has_written_it_down(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    ears: list[str] = []

    def failed(message: Message, why: str, **kwargs: Any) -> None:
        ears.append(why)
        if len(ears) == 1:
            raise RuntimeError("the desk has no paper")

    signals.message_failed.connect(failed, weak=False)
    smtp_sink.refuse_recipient("person1@mail.example")
    post()
    deliver()
    assert states() == [MessageState.QUEUED]
    clock.move(minutes=5)
    assert deliver() == DeliveryReport(failed=1)
    assert states() == [MessageState.FAILED]
    assert len(ears) == 2


def test_a_call_becomes_a_task_for_the_desk_with_the_words_to_say(deliver: Deliver, clock: Clock) -> None:
    tasks: list[str] = []

    def call(message: Message, script: str, **kwargs: Any) -> bool:
        tasks.append(script)
        return True

    signals.phone_needed.connect(call, weak=False)
    message = post(to=person(email="", phone="+628123456789"))
    assert message.channel == "call"
    assert deliver() == DeliveryReport(called=1)
    assert tasks == ["Say to Person 1: we moved it\n"]
    assert states() == [MessageState.SENT]


def test_a_call_that_nobody_takes_is_dropped_and_says_so(deliver: Deliver) -> None:
    def no(**kwargs: Any) -> bool:
        return False

    signals.phone_needed.connect(no, weak=False)
    message = post(to=person(email="", phone="+628123456789"))
    assert deliver() == DeliveryReport(dropped=1)
    message.refresh_from_db()
    assert (message.state, message.why, message.sent_at) == (MessageState.DROPPED, "Nobody phones about this.", None)
    assert list(message.delivery_attempts.values_list("outcome", flat=True)) == [Outcome.DROPPED]


def test_a_call_desk_that_breaks_is_asked_again(deliver: Deliver, clock: Clock) -> None:
    asked: list[str] = []

    def breaks_once(script: str, **kwargs: Any) -> bool:
        asked.append(script)
        if len(asked) == 1:
            raise RuntimeError("no paper")
        return True

    signals.phone_needed.connect(breaks_once, weak=False)
    post(to=person(email="", phone="+628123456789"))
    assert deliver() == DeliveryReport(later=1)
    assert states() == [MessageState.QUEUED]
    clock.move(minutes=5)
    assert deliver() == DeliveryReport(called=1)
    assert len(asked) == 2


def test_without_a_desk_that_listens_a_call_is_a_failure(deliver: Deliver) -> None:
    post(to=person(email="", phone="+628123456789", channels=("call",)))
    assert deliver() == DeliveryReport(failed=1)


def test_a_person_without_any_address_is_a_failure_that_staff_hear_of(deliver: Deliver) -> None:
    heard: list[str] = []

    def failed(why: str, **kwargs: Any) -> None:
        heard.append(why)

    signals.message_failed.connect(failed, weak=False)
    post(to=person(email=""))
    assert deliver() == DeliveryReport(failed=1)
    assert len(heard) == 1
