"""What is heard later of a message: it changes no words, moves no state back, and is told once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.dispatch import Signal

from notifications import outbox, receipts, signals
from notifications.channels import files
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState, Outcome
from notifications.errors import StillOnItsWay
from notifications.models import Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import Clock, person, post

pytestmark = pytest.mark.django_db(transaction=True)
Deliver = Callable[..., DeliveryReport]
WORDS = ("subject", "text", "html", "message_id", "sent_at", "email", "key")


@pytest.fixture
def sent(smtp_sink: SmtpSink, deliver: Deliver) -> Message:
    message = post()
    assert deliver() == DeliveryReport(sent=1)
    message.refresh_from_db()
    return message


def words(message: Message) -> dict[str, Any]:
    return Message.objects.filter(pk=message.pk).values(*WORDS).get()


def told(signal: Signal) -> list[Message]:
    heard: list[Message] = []

    def hear(message: Message, **kwargs: Any) -> None:
        heard.append(message)

    signal.connect(hear, weak=False)
    return heard


def outcomes(message: Message) -> list[str]:
    return list(message.delivery_attempts.values_list("outcome", flat=True))


def test_a_receipt_makes_sent_delivered_once(sent: Message, clock: Clock) -> None:
    heard, before = told(signals.message_delivered), words(sent)
    assert receipts.delivered(sent, now=clock())
    assert not receipts.delivered(sent, now=clock())
    sent.refresh_from_db()
    assert sent.state == MessageState.DELIVERED
    assert (words(sent), heard) == (before, [sent])
    assert outcomes(sent) == [Outcome.SENT, Outcome.DELIVERED]


def test_what_comes_back_says_why_keeps_its_words_and_is_told_once(sent: Message, clock: Clock) -> None:
    heard, before = told(signals.message_bounced), words(sent)
    assert receipts.bounced(sent, why="552 5.2.2\r\nMailbox full", now=clock())
    assert not receipts.bounced(sent, why="552 5.2.2 Mailbox full", now=clock())
    sent.refresh_from_db()
    assert (sent.state, sent.why) == (MessageState.BOUNCED, "552 5.2.2 Mailbox full")
    assert (words(sent), heard) == (before, [sent])
    assert list(Message.objects.failed()) == [sent]
    assert outcomes(sent) == [Outcome.SENT, Outcome.BOUNCED]


def test_news_that_arrive_in_the_wrong_order_never_move_a_state_back(sent: Message, clock: Clock) -> None:
    heard = told(signals.message_delivered)
    receipts.undeliverable(sent, why="550 5.1.1 No such mailbox", now=clock())
    assert not receipts.delivered(sent, now=clock())
    sent.refresh_from_db()
    assert (sent.state, heard) == (MessageState.BOUNCED, [])


def test_what_arrived_and_came_back_after_all_has_come_back(sent: Message, clock: Clock) -> None:
    receipts.delivered(sent, now=clock())
    assert receipts.bounced(sent, why="550 later", now=clock())
    assert list(Message.objects.failed()) == [sent]


@pytest.mark.parametrize("state", ["queued", "failed", "parked", "dropped", "cancelled"])
def test_a_message_that_has_not_left_hears_nothing(state: str, clock: Clock) -> None:
    message = post()
    Message.objects.update(state=state, secrets={}, mime=None)
    heard = [told(signal) for signal in (signals.message_delivered, signals.message_bounced, signals.message_replied)]
    assert not receipts.delivered(message, now=clock())
    assert not receipts.bounced(message, why="550", now=clock())
    assert not receipts.replied(message, words="1", now=clock())
    assert Message.objects.get().state == state
    assert heard == [[], [], []]


def test_news_that_overtake_our_own_records_are_asked_to_come_again(clock: Clock) -> None:
    message = post()
    Message.objects.update(state=MessageState.SENDING, leased_until=clock())
    for news in (receipts.delivered, receipts.bounced, receipts.replied):
        with pytest.raises(StillOnItsWay):
            news(message, now=clock(), **{} if news is receipts.delivered else {_second(news): "x"})
    assert Message.objects.get().state == MessageState.SENDING


def _second(news: Callable[..., bool]) -> str:
    return "words" if news is receipts.replied else "why"


def test_an_answer_is_told_once_for_each_thing_that_is_said(sent: Message, clock: Clock) -> None:
    said: list[str] = []

    def hear(words: str, **kwargs: Any) -> None:
        said.append(words)

    signals.message_replied.connect(hear, weak=False)
    assert receipts.replied(sent, words=" 2 \x00", now=clock())
    assert not receipts.replied(sent, words="2", now=clock())
    assert receipts.replied(sent, words="No, the third please", now=clock())
    assert said == ["2", "No, the third please"]


def test_when_who_hears_it_breaks_the_news_were_never_there_and_can_come_again(sent: Message, clock: Clock) -> None:
    def deaf(**kwargs: Any) -> None:
        raise RuntimeError("no paper")

    signals.message_bounced.connect(deaf, weak=False)
    with pytest.raises(RuntimeError):
        receipts.bounced(sent, why="550", now=clock())
    sent.refresh_from_db()
    assert (sent.state, outcomes(sent)) == (MessageState.SENT, [Outcome.SENT])
    signals.message_bounced.disconnect(deaf)
    assert receipts.bounced(sent, why="550", now=clock())


def test_a_providers_event_finds_its_message_by_either_name(sent: Message, clock: Clock) -> None:
    event = {"event_type": "delivered", "message_id": sent.message_id.strip("<>")}
    assert not receipts.hear("sms", event, now=clock())
    assert receipts.hear("email", event, now=clock())
    Message.objects.update(provider_ref="p-17")
    assert receipts.hear("email", {"event_type": "bounced", "message_id": "p-17"}, now=clock())
    assert not receipts.hear("email", {"event_type": "bounced", "message_id": "somebody else's"}, now=clock())
    assert not receipts.hear("email", {"event_type": "opened", "message_id": "p-17"}, now=clock())
    assert Message.objects.get().state == MessageState.BOUNCED


def test_a_failed_message_keeps_no_link_and_is_told_again_in_a_new_one(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, rewriter: list[Message]
) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    old = post()
    deliver()
    old.refresh_from_db()
    assert (old.state, old.secrets, old.mime) == (MessageState.FAILED, {}, None)
    before = words(old)
    new = outbox.send_again(old, by="Sari", now=clock())
    assert (new.key, new.replaces, new.email) == ("event:1:again:1", old, "corrected@mail.example")
    assert new.message_id != old.message_id
    assert not Message.objects.failed().exists()  # somebody has acted
    assert deliver() == DeliveryReport(sent=1)
    (received,) = smtp_sink.wait_for(1)
    assert received.recipients == ("corrected@mail.example",)
    assert b"a-new-link-1" in received.content
    assert (words(old), Message.objects.get(pk=old.pk).state) == (before, MessageState.FAILED)


def test_it_is_sent_again_once_and_then_the_newer_one(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, rewriter: list[Message]
) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    smtp_sink.refuse_recipient("corrected@mail.example")
    old = post()
    deliver()
    second = outbox.send_again(old, by="Sari", now=clock())
    deliver()
    with pytest.raises(outbox.NotResendable, match="again already"):
        outbox.send_again(old, by="Budi", now=clock())
    third = outbox.send_again(second, by="Budi", now=clock())
    assert [third.key, second.key] == ["event:1:again:2", "event:1:again:1"]
    with transaction.atomic():
        assert outbox.cancel(keys=["event:1"], now=clock()) == 1  # whoever takes the event back means this one too
    third.refresh_from_db()
    assert third.state == MessageState.CANCELLED


def test_what_nobody_can_write_again_stays_as_it_is(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    smtp_sink.refuse_recipient("person1@mail.example")
    message = post()
    deliver()
    with pytest.raises(outbox.NotResendable, match="Nobody"):
        outbox.send_again(message, by="Sari", now=clock())
    assert outcomes(message) == [Outcome.REFUSED]


def test_what_waits_for_an_address_that_is_gone_takes_the_next_way(deliver: Deliver, settings: Any) -> None:
    settings.EMAIL_BACKEND = files.BACKEND
    message = post(to=person(phone="+628123456789", channels=("email", "sms")))

    def now_at(message: Message, **kwargs: Any) -> object:
        return person(email="", phone="+628123456789")

    signals.where_now.connect(now_at, weak=False)
    assert deliver() == DeliveryReport(redirected=1, sent=1)
    message.refresh_from_db()
    assert (message.state, message.channel) == (MessageState.SENT, "sms")


def test_what_waits_goes_to_the_address_that_was_corrected_meanwhile(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    message = post()

    def now_at(message: Message, **kwargs: Any) -> object:
        return person(email="new@mail.example")

    signals.where_now.connect(now_at, weak=False)
    assert deliver() == DeliveryReport(sent=1)
    (received,) = smtp_sink.wait_for(1)
    assert received.recipients == ("new@mail.example",)
    assert received.message["To"] == "Person 1 <new@mail.example>"
    assert received.message["Message-ID"] == message.message_id
    message.refresh_from_db()
    assert message.email == "new@mail.example"
