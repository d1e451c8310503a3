"""A mail server has many ways to misbehave. One bad address never stops the others, and nothing is ever lost."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, BinaryIO

import pytest

from notifications import channels, signals
from notifications.channels.base import NoConnection, Outgoing, Receipt, Sender
from notifications.channels.email.smtp import SmtpSender
from notifications.delivery import DeliveryReport
from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message
from tests.engines.smtp import SmtpSink
from tests.notifications.conftest import Clock, person, post, post_many

Deliver = Callable[..., DeliveryReport]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _one_impatient_connection(settings: Any) -> None:
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": 1, "SMTP_TIMEOUT": 1}


def outcomes(message: Message) -> list[str]:
    return list(message.delivery_attempts.values_list("outcome", flat=True))


def test_a_server_that_is_away_costs_one_attempt_and_the_rest_of_the_batch_is_just_put_back(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    messages = post_many(30)
    smtp_sink.stop()
    assert deliver() == DeliveryReport(later=1, released=29)
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0] * 29 + [1]
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.QUEUED}
    assert min(Message.objects.values_list("due_at", flat=True)) >= clock() + timedelta(seconds=20)
    assert deliver() == DeliveryReport()

    smtp_sink.start()
    clock.move(minutes=2)
    assert deliver() == DeliveryReport(sent=30)
    assert smtp_sink.count_by_message_id() == {message.message_id: 1 for message in messages}
    assert not Message.objects.filter(perhaps_sent=True).exists()


def test_with_many_connections_a_server_that_is_away_costs_at_most_one_attempt_each(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock, settings: Any
) -> None:
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": 8}
    post_many(30)
    smtp_sink.stop()
    report = deliver()
    assert report.later + report.released == 30
    assert 1 <= report.later <= 8
    smtp_sink.start()
    clock.move(minutes=2)
    assert deliver() == DeliveryReport(sent=30)


def test_the_pauses_grow_and_differ_until_staff_are_told(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    heard: list[int] = []

    def failed(message: Message, **kwargs: Any) -> None:
        heard.append(message.pk)

    signals.message_failed.connect(failed, weak=False)
    message = post(urgency="now")
    smtp_sink.stop()
    pauses = []
    for _turn in range(7):
        assert deliver() == DeliveryReport(later=1)
        message.refresh_from_db()
        pauses.append((message.due_at - clock()).total_seconds())
        clock.now = message.due_at
    for pause, rule in zip(pauses, (60, 120, 300, 900, 3600, 3600, 3600), strict=True):
        assert rule * 0.8 <= pause <= rule * 1.2
    assert pauses[4] != pauses[5]
    assert deliver() == DeliveryReport(failed=1)
    assert heard == [message.pk]


def test_one_refused_address_fails_alone(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    messages = post_many(10)
    smtp_sink.refuse_recipient("person5@mail.example")
    assert deliver() == DeliveryReport(sent=9, failed=1)
    bad = messages[4]
    bad.refresh_from_db()
    assert (bad.state, bad.why) == (MessageState.FAILED, "550 5.1.1 No such mailbox")
    assert (bad.secrets, bad.mime) == ({}, None)
    assert smtp_sink.count_by_message_id() == {m.message_id: 1 for m in messages if m != bad}


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("pipelining", [True, False])
def test_every_letter_reaches_whom_it_names_and_nobody_is_asked_for_twice(
    smtp_sink: SmtpSink, deliver: Deliver, settings: Any, pipelining: bool, connections: int
) -> None:
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": connections}
    if not pipelining:
        smtp_sink.take_one_command_at_a_time()
    post_many(20)
    for refused in (2, 3, 11, 20):
        smtp_sink.refuse_recipient(f"person{refused}@mail.example")
    assert deliver() == DeliveryReport(sent=16, failed=4)
    assert smtp_sink.asked_for == {f"person{number}@mail.example": 1 for number in range(1, 21)}
    assert [one.recipients for one in smtp_sink.messages] == [
        (one.message["To"].addresses[0].addr_spec,) for one in smtp_sink.messages
    ]
    assert smtp_sink.connections == connections  # a refusal costs none


class LosesItsLine(Sender):
    """The first of its kind has no line any more when it is to send a second message."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.number, self.sent = type(self).made, 0

    def send(self, outgoing: Outgoing) -> Receipt:
        if self.number == 1 and self.sent:
            raise NoConnection("the line is gone")
        time.sleep(0.1 * self.number)
        self.sent += 1
        return Receipt()

    def close(self) -> None:
        """Nothing is open."""


def test_what_met_a_dead_line_goes_out_by_another(
    deliver: Deliver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": 2, "LEASE_SECONDS": 5}
    monkeypatch.setattr(LosesItsLine, "made", 0)
    monkeypatch.setattr(channels.get("email"), "sender", LosesItsLine, raising=False)
    post_many(8)
    assert deliver() == DeliveryReport(sent=8)


def test_a_fault_of_ours_costs_one_message_an_attempt_and_no_worker(
    smtp_sink: SmtpSink, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_others = post_many(4)
    send = SmtpSender.send

    def stumble(self: SmtpSender, outgoing: Outgoing) -> Receipt:
        if outgoing.pk == first.pk:
            raise UnicodeEncodeError("ascii", "ä", 0, 1, "a fault of ours")
        return send(self, outgoing)

    monkeypatch.setattr(SmtpSender, "send", stumble)
    assert deliver() == DeliveryReport(sent=3, later=1)
    first.refresh_from_db()
    assert first.why == "UnicodeEncodeError in the channel"


def test_a_refused_address_makes_the_next_channel_try(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    scripts: list[str] = []

    def call(script: str, **kwargs: Any) -> bool:
        scripts.append(script)
        return True

    signals.phone_needed.connect(call, weak=False)
    smtp_sink.refuse_recipient("person1@mail.example")
    message = post(to=person(phone="+628123456789", channels=("email", "call")))
    assert deliver() == DeliveryReport(redirected=1, called=1)
    message.refresh_from_db()
    assert (message.state, message.channel) == (MessageState.SENT, "call")
    assert outcomes(message) == [Outcome.REFUSED, Outcome.SENT]
    assert scripts == ["Say to Person 1: we moved it\n"]


def test_a_server_that_asks_for_patience_gets_it(smtp_sink: SmtpSink, deliver: Deliver, clock: Clock) -> None:
    first, second = post_many(2)
    smtp_sink.refuse_for_a_while(times=1)
    assert deliver() == DeliveryReport(sent=1, later=1)
    first.refresh_from_db()
    assert (first.state, first.why) == (MessageState.QUEUED, "451 4.3.0 Please try again later")
    clock.move(minutes=2)
    assert deliver() == DeliveryReport(sent=1)
    assert smtp_sink.count_by_message_id() == {first.message_id: 1, second.message_id: 1}
    assert smtp_sink.connections == 2  # one a run: a refusal does not cost the connection


def test_silence_after_the_content_means_perhaps_sent_and_the_copy_is_recognisable(
    smtp_sink: SmtpSink, deliver: Deliver, clock: Clock
) -> None:
    first, second = post_many(2)
    smtp_sink.hang_after_data(times=1)
    assert deliver() == DeliveryReport(sent=1, later=1)
    first.refresh_from_db()
    assert first.perhaps_sent
    assert outcomes(first) == [Outcome.PERHAPS]
    clock.move(minutes=2)
    assert deliver() == DeliveryReport(sent=1)
    assert smtp_sink.count_by_message_id() == {first.message_id: 2, second.message_id: 1}


def test_a_server_that_hangs_up_after_each_message_still_gets_each_once(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    messages = post_many(5)
    smtp_sink.drop_after_250(times=5)
    assert deliver() == DeliveryReport(sent=5)
    assert smtp_sink.count_by_message_id() == {message.message_id: 1 for message in messages}
    assert smtp_sink.connections == 5


def test_a_slow_server_gets_everything_once(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    messages = post_many(3)
    smtp_sink.answer_after(0.3)
    assert deliver() == DeliveryReport(sent=3)
    assert smtp_sink.count_by_message_id() == {message.message_id: 1 for message in messages}


@pytest.fixture
def mute_server(settings: Any) -> Iterator[None]:
    """Takes connections and says nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
        yield


def test_a_server_that_never_says_hello_is_a_connection_that_failed(mute_server: None, deliver: Deliver) -> None:
    post_many(5)
    assert deliver() == DeliveryReport(later=1, released=4)
    assert DeliveryAttempt.objects.get().detail == "The mail server did not answer in time."


class Narrow:
    """A server with room for few connections at a time: others hear 421, at once or when they want to send. It also
    ends each connection with 421 after some messages, as many servers do."""

    def __init__(self, *, polite: bool, patience: int = 15, room: int = 1) -> None:
        self.polite, self.patience = polite, patience
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.room = threading.Semaphore(room)
        self.turned_away = 0
        self.taken: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        welcome = self.room.acquire(blocking=False)
        self.turned_away += not welcome
        if not welcome and not self.polite:
            line.sendall(b"421 4.7.0 Too many connections\r\n")
            line.close()
            return
        with line, line.makefile("rb") as words:
            self._hear(line, words, patience=self.patience if welcome else 0)
        if welcome:
            self.room.release()

    def _hear(self, line: socket.socket, words: BinaryIO, *, patience: int) -> None:
        line.sendall(b"220 narrow.example\r\n")
        for word in words:
            verb = word[:4].upper().strip()
            if verb == b"MAIL" and not patience:
                line.sendall(b"421 4.7.0 Enough for one connection\r\n")
                return
            if verb == b"DATA":
                patience -= 1
                line.sendall(b"354 go on\r\n")
                mail = b"".join(iter(words.readline, b".\r\n"))
                self.taken.append(mail.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode())
            line.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
            if verb == b"QUIT":
                return


@pytest.mark.parametrize("room", [1, 2])
@pytest.mark.parametrize("polite", [False, True])
def test_a_server_with_room_for_few_connections_at_a_time_gets_everything_once(
    settings: Any, deliver: Deliver, clock: Clock, polite: bool, room: int
) -> None:
    narrow = Narrow(polite=polite, room=room)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = narrow.listener.getsockname()
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": 8, "SMTP_TIMEOUT": 5}
    messages = post_many(40)
    # On a busy machine one turn may not be enough: what is left is due a little later.
    turns = [deliver()]
    assert turns[0].sent + turns[0].later + turns[0].released == len(messages)  # nobody is forgotten in hand
    while sum(turn.sent for turn in turns) < len(messages) and len(turns) < 10:
        clock.move(minutes=5)
        turns.append(deliver())
    narrow.listener.close()
    assert sum(turn.sent for turn in turns) == len(messages)
    assert sorted(narrow.taken) == sorted(message.message_id for message in messages)
    assert narrow.turned_away >= 1


def test_a_line_that_begins_with_a_dot_does_not_end_the_mail(smtp_sink: SmtpSink, deliver: Deliver) -> None:
    post(context={"what": "first\n.\n.hidden\nlast"}, secrets={})
    assert deliver() == DeliveryReport(sent=1)
    part = smtp_sink.wait_for(1)[0].message.get_body(("plain",))
    assert part is not None
    assert "first\n.\n.hidden\nlast" in part.get_content().replace("\r\n", "\n")
