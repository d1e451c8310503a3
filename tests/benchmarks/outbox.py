"""Draining the outbox, beside what is possible at all and beside another outbox, all in one run.

The mail server is a program of its own; the far one's answers take 5 ms on their way, and like most servers it offers
PIPELINING, which the standard library's client leaves unused. Each side works in a process and a database of its own,
on letters of the same size, and is measured several times in turns; the best round counts. A round whose letters did
not all arrive counts not at all.

As a program (`python -m tests.benchmarks.outbox --side ours …`) it is one of those sides.
"""

import argparse
import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from tests.benchmarks.table import Row, row

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 8
SLOW = 0.005
TEXT = "We cannot keep your appointment on Tuesday, because Dr Wulan is ill, and we are sorry. Please choose.\n" * 8
HTML = "<p>" + TEXT.replace("\n", "</p><p>") + "</p>"


def run(*, count: int = 500, rounds: int = 3) -> list[Row]:
    """Rates in letters a second. `count` letters a round, the best of `rounds`."""
    best: dict[str, float] = {}
    for _round in range(rounds):
        for delay, name in ((0.0, "instant"), (SLOW, "5 ms")):
            for side in ("ours", "post_office", "ready_bytes"):
                connections = CONNECTIONS if delay or side != "ready_bytes" else 1
                rate = measure(side, count=count, delay=delay, connections=connections)
                key = f"{side} {name}"
                best[key] = max(best.get(key, 0.0), rate)
    return [
        row(
            "outbox: letters/s, instant server, beside ready bytes on one connection",
            best["ours instant"],
            best["ready_bytes instant"],
            at_least=0.5,
        ),
        row(
            "outbox: letters/s, server 5 ms away, beside ready bytes on eight connections",
            best["ours 5 ms"],
            best["ready_bytes 5 ms"],
            at_least=1.0,
        ),
        row(
            "outbox: letters/s, instant server, beside django-post-office",
            best["ours instant"],
            best["post_office instant"],
            at_least=1.2,
        ),
        row(
            "outbox: letters/s, server 5 ms away, beside django-post-office",
            best["ours 5 ms"],
            best["post_office 5 ms"],
            at_least=1.2,
        ),
    ]


def measure(side: str, *, count: int, delay: float, connections: int) -> float:
    """Letters a second of one side in one round. Raises RuntimeError when not every letter arrived once."""
    settings = "tests.benchmarks.post_office_settings" if side == "post_office" else "tests.settings"
    with mail_server(delay) as (port, received):
        command = ["--side", side, "--count", str(count), "--connections", str(connections), "--port", str(port)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.outbox", *command],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": settings, "EMAIL_URL": f"smtp://127.0.0.1:{port}"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{side}: {done.stderr[-2000:]}")
        seconds = float(json.loads(done.stdout.splitlines()[-1]))
        arrived = received()
    if arrived != count:
        raise RuntimeError(f"{side}: {arrived} of {count} letters arrived")
    return count / seconds


@contextmanager
def mail_server(delay: float) -> Iterator[tuple[int, Callable[[], int]]]:
    """A mail server in a process of its own: its port, and a way to end it and learn how many letters it took."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.smtp", "--delay", str(delay)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())

        def ended() -> int:
            process.terminate()
            return int(process.communicate(timeout=30)[0])

        yield port, ended
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


# The sides. Each prints the seconds it took, without what came before.


def ours(count: int, connections: int) -> float:
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from notifications import delivery, outbox, signals
    from notifications.models import Message
    from notifications.text import rendering

    signals.before_send.receivers = signals.where_now.receivers = []  # other people's checks are not the outbox's time
    settings.OUTBOX = settings.OUTBOX | {"SMTP_CONNECTIONS": connections}
    letter = rendering.Rendered("A new time", TEXT, HTML)
    rendering.render = lambda **_given: letter  # the same words on every side; texts have benchmarks of their own
    now = datetime.now(UTC)
    with transaction.atomic():
        for number in range(count):
            to = outbox.Recipient(name="Siti", language="en", zone="Asia/Jakarta", email=address(number))
            options: dict[str, Any] = {"context": {}, "about": "letter:1", "urgency": "now", "now": now}
            outbox.enqueue(key=f"letter:{number}", kind="offer", to=to, **options)
    began = time.perf_counter()
    delivery.deliver_due(now_fn=timezone.now, seconds=600)
    took = time.perf_counter() - began
    assert Message.objects.filter(state="sent").count() == count
    return took


def post_office(count: int, connections: int) -> float:
    from post_office import mail  # type: ignore[import-untyped]
    from post_office.models import STATUS, Email  # type: ignore[import-untyped]

    for number in range(count):
        mail.send(address(number), "desk@clinic.example", subject="A new time", message=TEXT, html_message=HTML)
    began = time.perf_counter()
    mail.send_queued_mail_until_done(processes=1, log_level=1)
    took = time.perf_counter() - began
    assert Email.objects.filter(status=STATUS.sent).count() == count
    return took


def ready_bytes(count: int, connections: int, *, port: int) -> float:
    from notifications.channels.email import envelope
    from notifications.models import Message
    from notifications.text.values import Rendered

    letter = Rendered("A new time", TEXT, HTML)
    ready = []
    for number in range(count):
        message = Message(to_name="Siti", email=address(number), language="en", about="letter:1", context={})
        ready.append(envelope.with_date(envelope.build(message, letter), datetime.now(UTC)))
    lines = [smtplib.SMTP("127.0.0.1", port) for _line in range(connections)]
    for line in lines:
        line.ehlo()

    def carry(which: int) -> None:
        for number in range(which, count, connections):
            lines[which].sendmail("desk@clinic.example", [address(number)], ready[number])

    carriers = [Thread(target=carry, args=(which,)) for which in range(connections)]
    began = time.perf_counter()
    for carrier in carriers:
        carrier.start()
    for carrier in carriers:
        carrier.join()
    took = time.perf_counter() - began
    for line in lines:
        line.quit()
    return took


def address(number: int) -> str:
    return f"person{number}@mail.example"


def main() -> None:
    parser = argparse.ArgumentParser(description="One side of the outbox's benchmark.")
    parser.add_argument("--side", choices=("ours", "post_office", "ready_bytes"), required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    wanted = parser.parse_args()

    import django
    from django.db import connection

    django.setup()
    connection.settings_dict["TEST"]["NAME"] = None if connection.vendor == "postgresql" else _scratch_file()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        if wanted.side == "ready_bytes":
            took = ready_bytes(wanted.count, wanted.connections, port=wanted.port)
        else:
            took = {"ours": ours, "post_office": post_office}[wanted.side](wanted.count, wanted.connections)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    print(json.dumps(took))


def _scratch_file() -> str:
    """Of this process; it goes with the tests' folder."""
    return str(Path(os.environ["RESCHEDULE_DATA"]) / f"outbox-{os.getpid()}.sqlite3")


if __name__ == "__main__":
    main()
