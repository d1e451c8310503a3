"""What every channel keeps. A new one is held to it by `keeps_the_contract(channel, …)`, whatever it is made of."""

from __future__ import annotations

from contextlib import suppress

from notifications.channels.base import BaseChannel, Receipt, Trouble
from notifications.enums import Channel
from notifications.models import Message
from notifications.text.values import Rendered
from tests.notifications.conftest import NOON, person

REACHABLE = person(email="person1@mail.example", phone="+628123456789")
NOWHERE = person(email="", phone="")
WORDS = Rendered("Subject", "Words for Siti é\n", "<p>Words for Siti é</p>")


def keeps_the_contract(channel: BaseChannel) -> None:
    it_says_who_it_is(channel)
    it_knows_where_people_are(channel)
    it_says_which_texts_it_needs(channel)
    it_packs_what_leaves(channel)
    it_sends_or_leaves_it_to_a_colleague(channel)
    it_reads_its_receipts(channel)


def it_says_who_it_is(channel: BaseChannel) -> None:
    assert channel.name in Channel.values
    assert channel.label
    assert all(isinstance(flag, bool) for flag in (channel.silent, channel.letter, channel.offered, channel.spoken))
    assert isinstance(channel.is_set_up(), bool)


def it_knows_where_people_are(channel: BaseChannel) -> None:
    """An address for whom it reaches, and none, or a reason in words, for whom it does not."""
    address = channel.address(REACHABLE)
    assert address in (REACHABLE.email, REACHABLE.phone)
    assert channel.why_not(address) == ""
    assert channel.address(NOWHERE) == ""


def it_says_which_texts_it_needs(channel: BaseChannel) -> None:
    assert channel.form.texts == channel.texts != ()
    assert all(name.endswith(".txt") for name in channel.texts)
    assert channel.form.letter == channel.letter
    assert channel.form.channel == channel.label


def it_packs_what_leaves(channel: BaseChannel) -> None:
    """The words are in the bytes, the same bytes each time but for what belongs to the moment; none go nowhere."""
    message = to_somebody()
    message.mime = channel.pack(message, WORDS)
    assert message.mime is not None
    outgoing = channel.outgoing(message, NOON)
    assert message.mime in outgoing.ready
    assert (outgoing.message_id, outgoing.address) == (message.message_id, channel.address(message))
    assert (outgoing.pk, outgoing.name) == (message.pk, "Person 1")
    assert channel.workers() >= 1


def it_sends_or_leaves_it_to_a_colleague(channel: BaseChannel) -> None:
    """Nothing but a receipt or trouble comes out, and hanging up is always possible, also twice."""
    if channel.spoken:
        with suppress(LookupError):
            raise AssertionError(f"{channel.sender()} sends what a colleague says")
        return
    message = to_somebody()
    message.mime = channel.pack(message, WORDS)
    sender = channel.sender()
    sender.close()
    try:
        for _turn in range(2):
            with suppress(Trouble):
                assert isinstance(sender.send(channel.outgoing(message, NOON)), Receipt)
    finally:
        sender.close()
        sender.close()


def it_reads_its_receipts(channel: BaseChannel) -> None:
    """What it does not understand is no news, and what proves nothing neither."""
    for event in ({}, {"event_type": "nonsense"}, {"event_type": "opened", "message_id": "7"}, {"message_id": None}):
        assert channel.read_receipt(event) is None


def to_somebody() -> Message:
    return Message(
        pk=7,
        to_name="Person 1",
        email=REACHABLE.email,
        phone=REACHABLE.phone,
        language="en",
        about="appointment:7",
        context={},
    )
