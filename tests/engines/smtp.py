"""A mail server that keeps what it gets and misbehaves when told to.

    sink = SmtpSink().start()
    sink.refuse_for_a_while(times=2)      # 451 for the next two messages
    …
    sink.wait_for(1)[0].message["Subject"]

Run as a program (`python -m tests.engines.smtp --delay 0.005`) it counts messages for the benchmarks.
"""

import argparse
import asyncio
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import AnyStr, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.engines import machine


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message the server has taken, with the number of the connection it came over (from 1)."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Manners:
    """How the server behaves from now on; each number counts down with every message it concerns."""

    delay: float = 0.0
    distance: float = 0.0
    pipelining: bool = True
    hang_after_data: int = 0
    drop_after_250: int = 0
    refuse_for_a_while: int = 0
    refused_recipients: dict[str, str] = field(default_factory=dict)


class SmtpSink:
    """A mail server on an ephemeral port of 127.0.0.1, in a thread of its own; `stop` and `start` keep the port."""

    def __init__(self, *, port: int = 0) -> None:
        self.host = "127.0.0.1"
        self.port = port or machine.free_port()
        self.messages: list[Received] = []
        self.connections = 0
        self.asked_for: Counter[str] = Counter()
        self.manners = Manners()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    @property
    def url(self) -> str:
        """For the setting EMAIL_URL."""
        return f"smtp://{self.host}:{self.port}"

    def start(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), name="smtp-sink", daemon=True)
        self._thread.start()
        if not started.wait(10):
            raise TimeoutError("the mail server did not start within 10 s")
        return self

    def stop(self) -> None:
        """Refuse connections and cut those that are open. What was received stays readable. Safe to call twice."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
        self._loop = self._thread = None

    # How it can misbehave. Each holds from now on, until `behave`.

    def behave(self) -> None:
        self.manners = Manners()

    def answer_after(self, seconds: float) -> None:
        """Take each message, but say so only after `seconds`."""
        self.manners.delay = seconds

    def stand_far_away(self, seconds: float) -> None:
        """Let each answer, to whatever command, take `seconds` on its way."""
        self.manners.distance = seconds

    def take_one_command_at_a_time(self) -> None:
        """Most servers offer PIPELINING (RFC 2920); this one does not any more."""
        self.manners.pipelining = False

    def hang_after_data(self, *, times: int = 1) -> None:
        """Keep the next `times` messages and never answer: the sender cannot know that they arrived."""
        self.manners.hang_after_data = times

    def drop_after_250(self, *, times: int = 1) -> None:
        """Take the next `times` messages, say so, and cut the connection."""
        self.manners.drop_after_250 = times

    def refuse_for_a_while(self, *, times: int = 1) -> None:
        """Answer 451 to the next `times` messages and keep nothing of them."""
        self.manners.refuse_for_a_while = times

    def refuse_recipient(self, address: str, *, answer: str = "550 5.1.1 No such mailbox") -> None:
        """Answer every RCPT TO for `address` with `answer`."""
        self.manners.refused_recipients[address.lower()] = answer

    # What it has seen.

    def wait_for(self, count: int, *, seconds: float = 10) -> list[Received]:
        """The messages, once there are at least `count`. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.messages) >= count, seconds):
                raise TimeoutError(f"{len(self.messages)} of {count} messages after {seconds:g} s")
            return list(self.messages)

    def count_by_message_id(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(str(received.message["Message-ID"]) for received in list(self.messages))

    def clear(self) -> None:
        with self._changed:
            self.messages.clear()

    # aiosmtpd calls these.

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.manners.pipelining else []), responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked_for[address.lower()] += 1
        refusal = self.manners.refused_recipients.get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        manners = self.manners
        if manners.delay:
            await asyncio.sleep(manners.delay)
        if manners.refuse_for_a_while > 0:
            manners.refuse_for_a_while -= 1
            return "451 4.3.0 Please try again later"
        self._keep(session, envelope)
        if manners.hang_after_data > 0:
            manners.hang_after_data -= 1
            await asyncio.Event().wait()
        if manners.drop_after_250 > 0:
            manners.drop_after_250 -= 1
            await server.push("250 OK")
            # The answer is in the buffer already, so closing sends it and nothing after it.
            assert server.transport is not None
            server.transport.close()
            raise ConnectionResetError("dropped on purpose")
        return "250 OK"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        received = Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=content,
            connection=getattr(session, "number", 0),
        )
        with self._changed:
            self.messages.append(received)
            self._changed.notify_all()

    def _serve(self, started: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        # Connections that are cut on purpose end in an exception that says nothing new.
        loop.set_exception_handler(lambda _loop, _context: None)
        listener = loop.run_until_complete(loop.create_server(self._protocol, self.host, self.port, backlog=512))
        self._loop = loop
        started.set()
        loop.run_forever()
        listener.close()
        for task in (tasks := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()

    def _protocol(self) -> SMTP:
        self.connections += 1
        return _NumberedSMTP(self, number=self.connections)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class _NumberedSession(Session):
    number = 0


class _NumberedSMTP(SMTP):
    """Tells each session the number of its connection."""

    def __init__(self, handler: SmtpSink, *, number: int) -> None:
        super().__init__(handler, hostname="sink.example", enable_SMTPUTF8=True, data_size_limit=50_000_000)
        self.number = number
        self.manners = lambda: handler.manners

    async def push(self, status: AnyStr) -> None:
        """Answers travel while the server reads on, as over a real line; a good-bye is awaited."""
        distance = self.manners().distance
        answer = status if isinstance(status, bytes) else status.encode()
        if distance and not answer.startswith(b"221"):
            assert self._writer is not None
            asyncio.get_running_loop().call_later(distance, self._writer.write, answer + b"\r\n")
        else:
            await asyncio.sleep(distance)
            await super().push(status)

    def _create_session(self) -> Session:
        session = _NumberedSession(self.loop)
        session.number = self.number
        return session


def main() -> None:
    parser = argparse.ArgumentParser(description="A mail server for benchmarks: prints its port, then its count.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer takes on its way")
    arguments = parser.parse_args()
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: done.set())
    with SmtpSink(port=arguments.port) as sink:
        sink.stand_far_away(arguments.delay)
        print(sink.port, flush=True)
        done.wait()
        print(len(sink.messages), flush=True)


if __name__ == "__main__":
    main()
