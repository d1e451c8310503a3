"""manage.py demo: everything on this machine, with sample data, until Ctrl-C."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from appointments.demo.build import SCALES
from appointments.demo.logins import FRONT_DESK, MANAGER, SAMPLE_PASSWORDS
from appointments.demo.places import NAME
from appointments.embedded import serving


class Command(BaseCommand):
    help = "Serves the sample business on this machine until Ctrl-C: web server, messenger, demo mailbox."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", choices=sorted(SCALES), default="full", help="How much, if there is nothing yet."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = serving.port_for("demo")
        url = serving.url_for(port)
        environment = _environment(url)
        self._say(_("Preparing (the first time about half a minute) …"))
        try:
            serving.prepare(
                environment,
                ("migrate", "--verbosity", "0"),
                ("seed_demo", "--keep", "--scale", options["scale"]),
                failed=_("The sample data could not be prepared."),
            )
        except KeyboardInterrupt as interrupt:
            raise CommandError(_("Interrupted. Nothing half done is kept."), returncode=130) from interrupt
        serving.serve(environment, port=port, open_=lambda: _welcome(url), say=self._say, warn=self.stderr.write)
        self.stdout.write(_("Stopped. The data is kept."))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _environment(url: str) -> dict[str, str]:
    """The embedded installation and nothing else, whatever a `.env` says: never a real database or mail server."""
    return {
        **os.environ,
        "ALLOWED_HOSTS": serving.hosts_for(url),
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
