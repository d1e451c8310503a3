"""manage.py start: a real business on this machine, in one command, until Ctrl-C."""

import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from appointments.embedded import serving

KEY_FILE = "secret_key"
OWN_FOLDER = "own"
MAIL_FILE = "mail.json"


class Command(BaseCommand):
    help = "Serves your business on this machine until Ctrl-C: web server and messenger, data in RESCHEDULE_DATA."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        port = serving.port_for("start")
        url = serving.url_for(port)
        folder = _folder()
        environment = _environment(url, folder)
        self._say(_("Preparing …"))
        serving.prepare(environment, ("migrate", "--verbosity", "0"), failed=_("The database could not be prepared."))
        code = _code(environment)
        words = _first_words(url, code, folder) if code else _words(url, folder)
        serving.serve(
            environment,
            port=port,
            open_=lambda: words,
            say=self._say,
            warn=self.stderr.write,
            anew_after=folder / MAIL_FILE,
        )
        self.stdout.write(_("Stopped. The data is kept."))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _folder() -> Path:
    """The folder that was said, else one beside the sample business's: neither ever opens the other's data."""
    folder = settings.DATA_DIR if os.environ.get("RESCHEDULE_DATA") else settings.DATA_DIR / OWN_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return Path(folder)


def _code(environment: Mapping[str, str]) -> str:
    """Asked for by a child: this process may know another database."""
    words = serving.manage("owner_code")
    done = subprocess.run(  # noqa: S603  our own program, no shell
        words, env=environment, cwd=settings.BASE_DIR, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandError(done.stderr)
    return done.stdout.strip()


def _environment(url: str, folder: Path) -> dict[str, str]:
    """What was set counts; only what makes it one machine's is added, and a key of its own that nobody else has."""
    ours = {
        "ALLOWED_HOSTS": serving.hosts_for(url),
        "EMBEDDED": "true",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PUBLIC_URL": url,
        "PYTHONUNBUFFERED": "1",
        "RESCHEDULE_DATA": str(folder),
        "SECRET_KEY": _key(folder),
    }
    return {**os.environ, "DEMO": "false", **ours}


def _key(folder: Path) -> str:
    """The key that was set, else one made once and kept beside the data, for its owner to read alone."""
    if settings.SECRET_KEY != settings.SAMPLE_SECRET_KEY:
        return settings.SECRET_KEY
    file = folder / KEY_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as written:
        written.write(key := secrets.token_urlsafe(50))
    return key


def _first_words(url: str, code: str, folder: Path) -> str:
    said = {"url": url, "code": code, "folder": folder}
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


def _words(url: str, folder: Path) -> str:
    return _(
        """
  Open: %(url)s/

  Data: %(folder)s (kept)
  Stop: Ctrl-C
"""
    ) % {"url": url, "folder": folder}
