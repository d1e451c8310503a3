"""Each channel answers for itself; a new one is registered and nothing else changes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notifications import channels, signals
from notifications.channels import files
from notifications.channels.base import Notice, Outgoing, Receipt, Sender
from notifications.channels.sms import SmsChannel
from notifications.delivery import DeliveryReport
from notifications.enums import Channel, MessageState, Outcome
from tests.engines.smtp import SmtpSink
from tests.notifications.channels.contract import keeps_the_contract
from tests.notifications.conftest import person, post

Deliver = Callable[..., DeliveryReport]


class Pigeons(SmsChannel):
    """A third way that somebody adds, under a name that the database knows."""

    name = Channel.WHATSAPP
    texts = ("sms.txt",)
    silent = True
    sent: list[Outgoing]

    def __init__(self) -> None:
        self.sent = []

    def is_set_up(self) -> bool:
        return True

    def sender(self) -> Sender:
        return Loft(self)


class Loft(Sender):
    def __init__(self, pigeons: Pigeons) -> None:
        self.pigeons = pigeons

    def send(self, outgoing: Outgoing) -> Receipt:
        self.pigeons.sent.append(outgoing)
        return Receipt(ref=f"pigeon-{len(self.pigeons.sent)}")

    def close(self) -> None:
        """Pigeons come home by themselves."""


@pytest.fixture
def pigeons() -> Iterator[Pigeons]:
    before = channels.get(Channel.WHATSAPP)
    birds = Pigeons()
    channels.register(birds)
    yield birds
    channels.register(before)


@pytest.fixture(params=["files", "smtp", "provider"])
def mail(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """Each way that mail can be set up."""
    if request.param == "files":
        settings.EMAIL_BACKEND = files.BACKEND
        yield
    elif request.param == "provider":
        settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
        yield
    else:
        with SmtpSink() as sink:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
            yield


@pytest.mark.parametrize("name", Channel.values)
def test_every_name_has_a_channel_that_keeps_the_contract(name: str, mail: None) -> None:
    channel = channels.get(name)
    assert channel.name == name
    keeps_the_contract(channel)


def test_a_channel_that_is_added_keeps_it_too(pigeons: Pigeons) -> None:
    keeps_the_contract(pigeons)


@pytest.mark.django_db(transaction=True)
def test_a_message_leaves_by_a_channel_that_was_added_and_nothing_else_was_changed(
    pigeons: Pigeons, deliver: Deliver
) -> None:
    message = post(to=person(email="", phone="+628123456789", channels=("whatsapp",)), urgency="soon")
    assert deliver() == DeliveryReport(sent=1)
    message.refresh_from_db()
    assert (message.state, message.provider_ref) == (MessageState.SENT, "pigeon-1")
    (sent,) = pigeons.sent
    assert (sent.address, sent.name) == ("+628123456789", "Person 1")
    assert b"k3y-of-this-person" in sent.ready


def test_a_name_that_nobody_registered_is_an_error() -> None:
    with pytest.raises(LookupError):
        channels.get("smoke")


def test_the_order_is_the_persons_without_repeats_and_without_what_has_no_address() -> None:
    everywhere = person(email="a@b.example", phone="+62811")
    assert channels.order(("sms", "email", "sms", "call"), to=everywhere) == ("sms", "email", "call")
    assert channels.order(("sms", "email"), to=person(email="a@b.example")) == ("email",)
    assert channels.order(("sms", "email"), to=person(email="")) == ()


def test_without_a_wish_every_way_is_taken_the_quietest_first() -> None:
    everywhere = person(email="a@b.example", phone="+62811")
    assert channels.order((), to=everywhere) == ("email", "whatsapp", "sms", "call")


def test_only_what_lies_in_a_box_or_on_a_screen_wakes_nobody() -> None:
    assert {channel.name for channel in channels.everyone() if channel.silent} == {"email", "console"}
    assert {channel.name for channel in channels.everyone() if channel.spoken} == {"call"}


def test_what_has_nothing_behind_it_is_not_set_up(settings: Any) -> None:
    def up() -> set[str]:
        return {channel.name for channel in channels.everyone() if channel.is_set_up()}

    def phone(**kwargs: Any) -> bool:
        return True

    settings.EMAIL_BACKEND = files.BACKEND  # which keeps text messages too
    assert up() == {"email", "sms", "whatsapp", "console"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert up() == {"email", "console"}
    signals.phone_needed.connect(phone, weak=False)
    assert up() == {"email", "console", "call"}


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ("delivered", Outcome.DELIVERED),
        ("bounced", Outcome.BOUNCED),
        ("failed", Outcome.BOUNCED),
        ("rejected", Outcome.UNREACHABLE),
    ],
)
def test_mail_understands_what_providers_tell(event: str, outcome: Outcome) -> None:
    told = {"event_type": event, "message_id": "m-7", "mta_response": "550 5.1.1\r\nNo such mailbox"}
    assert channels.get("email").read_receipt(told) == Notice(outcome, "m-7", "550 5.1.1 No such mailbox")
