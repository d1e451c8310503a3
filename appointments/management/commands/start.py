"""manage.py start: a real business on this machine, in one command, until Ctrl-C."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.domain.setup import owner
from appointments.embedded import serving

KEY_FILE = "secret_key"


class Command(BaseCommand):
    help = "Serves your business on this machine until Ctrl-C: web server and messenger, data in RESCHEDULE_DATA."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        port = serving.port_for("start")
        url = serving.url_for(port)
        environment = _environment(url)
        self._say(_("Preparing …"))
        serving.prepare(environment, ("migrate", "--verbosity", "0"), failed=_("The database could not be prepared."))
        code = owner.new_code(now=timezone.now())
        words = _first_words(url, code) if code else _words(url)
        serving.serve(environment, port=port, open_=lambda: words, say=self._say, warn=self.stderr.write)
        self.stdout.write(_("Stopped. The data is kept."))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _environment(url: str) -> dict[str, str]:
    """What was set counts; only what makes it one machine's is added, and a key of its own that nobody else has."""
    ours = {
        "ALLOWED_HOSTS": serving.hosts_for(url),
        "EMBEDDED": "true",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PUBLIC_URL": url,
        "PYTHONUNBUFFERED": "1",
        "RESCHEDULE_DATA": str(settings.DATA_DIR),
    }
    return {**os.environ, **ours, "SECRET_KEY": _key()}


def _key() -> str:
    """The key that was set, else one made once and kept beside the data, for its owner to read alone."""
    if settings.SECRET_KEY != settings.SAMPLE_SECRET_KEY:
        return settings.SECRET_KEY
    file = Path(settings.DATA_DIR) / KEY_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as written:
        written.write(key := secrets.token_urlsafe(50))
    return key


def _first_words(url: str, code: str) -> str:
    said = {"url": url, "code": code, "folder": settings.DATA_DIR}
    return (
        _(
            """
  Ready for its owner.

    Open       %(url)s/first/
    Code       %(code)s

  Whoever types this code there first has the owner’s account; after that it opens nothing.

  Data: %(folder)s (kept)
  Stop: Ctrl-C
"""
        )
        % said
    )


def _words(url: str) -> str:
    return _(
        """
  Open: %(url)s/

  Data: %(folder)s (kept)
  Stop: Ctrl-C
"""
    ) % {"url": url, "folder": settings.DATA_DIR}
