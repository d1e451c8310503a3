"""manage.py demo: everything on this machine, with sample data, until Ctrl-C."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from appointments.demo.build import SCALES
from appointments.demo.children import Family, Hopeless
from appointments.demo.logins import FRONT_DESK, MANAGER, SAMPLE_PASSWORDS
from appointments.demo.places import NAME

HOST = "127.0.0.1"
THREADS = 8
READY_WITHIN = 60.0


class Command(BaseCommand):
    help = "Serves the sample business on this machine until Ctrl-C: web server, messenger, demo mailbox."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", choices=sorted(SCALES), default="full", help="How much, if there is nothing yet."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = _port()
        url = os.environ.get("PUBLIC_URL") or f"http://{HOST}:{port}"
        environment = _environment(url)
        self.stdout.write(_("Preparing (the first time about half a minute) …"))
        self.stdout.flush()
        try:
            _prepare(environment, scale=options["scale"])
        except KeyboardInterrupt as interrupt:
            raise CommandError(_("Interrupted. Nothing half done is kept."), returncode=130) from interrupt
        self.family = Family(environment=environment, folder=Path(settings.BASE_DIR), say=self._somebody_died)
        self.family.listen()
        try:
            self.family.start("messenger", _manage("messenger"))
            self.family.start("web server", _web_server(port))
            self._wait_until_it_serves(port)
            if not self.family.stopping:
                self.stdout.write(_welcome(url.rstrip("/")))
                self.stdout.flush()
            self.family.watch()
        except Hopeless as error:
            raise CommandError(_("The %(name)s cannot be kept running.") % {"name": error.name}) from error
        finally:
            self.family.stop()
        self.stdout.write(_("Stopped. The data is kept."))

    def _somebody_died(self, name: str, status: int) -> None:
        self.stderr.write(
            _("The %(name)s stopped (status %(status)d) and is started again.") % {"name": name, "status": status}
        )

    def _wait_until_it_serves(self, port: int) -> None:
        end = time.monotonic() + READY_WITHIN
        self.family.watch(until=lambda: _serves(port) or time.monotonic() > end)
        if time.monotonic() > end:
            raise CommandError(_("The web server does not answer."))


def _port() -> int:
    """The port to serve on. Raises CommandError when it is no port, or somebody has it."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(_("PORT is “%(port)s”, which is not a port number.") % {"port": text})
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise CommandError(
                _("Port %(port)s cannot be used (%(why)s). Choose another one, for instance: PORT=%(other)d make demo")
                % {"port": text, "why": error.strerror, "other": int(text) % 65000 + 1}
            ) from error
    return int(text)


def _environment(url: str) -> dict[str, str]:
    """The embedded installation and nothing else, whatever a `.env` says: never a real database or mail server."""
    host = urlsplit(url).hostname or HOST
    hosts = dict.fromkeys([*os.environ.get("ALLOWED_HOSTS", "").split(","), "127.0.0.1", "localhost", "[::1]", host])
    return {
        **os.environ,
        "ALLOWED_HOSTS": ",".join(name for name in hosts if name),
        "DATABASE_URL": f"sqlite:///{settings.DATA_DIR / 'reschedule.sqlite3'}",
        "DEBUG": "false",
        "DEMO": "true",
        "EMAIL_PROVIDER": "",
        "EMAIL_URL": "",
        "EMBEDDED": "true",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PUBLIC_URL": url,
        "PYTHONUNBUFFERED": "1",
        "REDIS_URL": "",
        "RESCHEDULE_DATA": str(settings.DATA_DIR),
    }


def _manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def _web_server(port: int) -> list[str]:
    options = {
        "--bind": f"{HOST}:{port}",
        "--workers": "1",
        "--threads": str(THREADS),
        "--graceful-timeout": "3",
        "--log-level": "warning",
    }
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "gunicorn", "reschedule.wsgi:application", *words]


def _prepare(environment: dict[str, str], *, scale: str) -> None:
    """Brings the tables up to date and fills them when they are empty; the child says itself what is wrong."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # stays empty: the embedded installation serves the sources
    for words in (
        ("migrate", "--verbosity", "0", "--skip-checks"),
        ("seed_demo", "--keep", "--scale", scale, "--skip-checks"),
    ):
        done = subprocess.run(_manage(*words), env=environment, cwd=settings.BASE_DIR, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(_("The sample data could not be prepared."), returncode=done.returncode)


def _serves(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _welcome(url: str) -> str:
    return _(
        """
  %(business)s is open.

    Desk       %(url)s/              %(desk)s / %(desk_password)s
    Managers   %(url)s/admin/        %(manager)s / %(manager_password)s
    Mailbox    %(url)s/demo/mail/    what customers receive

  The main job in two minutes:
    1. Sign in as %(desk)s, open one of tomorrow's appointments on the board, and choose “Propose new times”.
    2. Choose a reason, tick two to five times, read the message, and send it.
    3. Open the mailbox (a message leaves when the undo window is over) and choose a time as the customer.
       Who prefers to be called is under “Calls” instead.
    4. Look at the board again: the appointment has moved, and the confirmation is in the mailbox.

  Data: %(folder)s (kept; delete the folder to begin anew)
  Stop: Ctrl-C
"""
    ) % {
        "business": NAME,
        "url": url,
        "desk": FRONT_DESK,
        "desk_password": SAMPLE_PASSWORDS[FRONT_DESK],
        "manager": MANAGER,
        "manager_password": SAMPLE_PASSWORDS[MANAGER],
        "folder": settings.DATA_DIR,
    }
