"""What the commands `demo` and `start` have in common: where they serve, and two children that are kept running."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from appointments.embedded.children import Family, Hopeless

HOST = "127.0.0.1"
THREADS = 8
READY_WITHIN = 60.0
ANSWERED = 1.0

Say = Callable[[str], None]


def port_for(command: str) -> int:
    """The port to serve on. Raises CommandError when it is no port, or somebody has it."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(_("PORT is “%(port)s”, which is not a port number.") % {"port": text})
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            said = {"port": text, "why": error.strerror, "other": int(text) % 65000 + 1, "command": command}
            raise CommandError(
                _(
                    "Port %(port)s cannot be used (%(why)s). "
                    "Choose another one, for instance: PORT=%(other)d make %(command)s"
                )
                % said
            ) from error
    return int(text)


def url_for(port: int) -> str:
    return (os.environ.get("PUBLIC_URL") or f"http://{HOST}:{port}").rstrip("/")


def hosts_for(url: str) -> str:
    """ALLOWED_HOSTS: what was said, this machine, and the host of `url`."""
    said = os.environ.get("ALLOWED_HOSTS", "").split(",")
    names = dict.fromkeys([*said, HOST, "localhost", "[::1]", urlsplit(url).hostname or HOST])
    return ",".join(name for name in names if name)


def prepare(environment: Mapping[str, str], *commands: tuple[str, ...], failed: str) -> None:
    """Runs commands of manage.py one after the other; the child says itself what is wrong."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # stays empty: the embedded installation serves the sources
    for words in commands:
        done = subprocess.run(  # noqa: S603  our own programs, no shell
            [*manage(*words), "--skip-checks"], env=environment, cwd=settings.BASE_DIR, check=False
        )
        if done.returncode:
            raise CommandError(failed, returncode=done.returncode)


def serve(
    environment: Mapping[str, str],
    *,
    port: int,
    open_: Callable[[], str],
    say: Say,
    warn: Say,
    anew_after: Path | None = None,
) -> None:
    """Web server and messenger until Ctrl-C. `open_()` is said once pages are answered. `anew_after`: a file that they
    read when they begin, so they begin anew whenever it has changed.
    """

    def died(name: str, status: int) -> None:
        warn(_("The %(name)s stopped (status %(status)d) and is started again.") % {"name": name, "status": status})

    family = Family(environment=environment, folder=Path(settings.BASE_DIR), say=died)
    family.listen()
    try:
        family.start("messenger", manage("messenger"))
        family.start("web server", _web_server(port))
        _wait_until_it_serves(family, port)
        if not family.stopping:
            say(open_())
        _watch(family, anew_after)
    except Hopeless as error:
        raise CommandError(_("The %(name)s cannot be kept running.") % {"name": error.name}) from error
    finally:
        family.stop()


def _watch(family: Family, anew_after: Path | None) -> None:
    seen = _written(anew_after)

    def has_changed() -> bool:
        return _written(anew_after) != seen

    while not family.stopping:
        family.watch(until=has_changed)
        if not family.stopping:
            time.sleep(ANSWERED)  # whoever has changed it reads so first
            seen = _written(anew_after)
            family.restart()


def _written(file: Path | None) -> int:
    """When it was last written; 0 while there is none."""
    return file.stat().st_mtime_ns if file is not None and file.exists() else 0


def manage(*words: str) -> list[str]:
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


def _wait_until_it_serves(family: Family, port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    family.watch(until=lambda: _serves(port) or time.monotonic() > end)
    if time.monotonic() > end:
        raise CommandError(_("The web server does not answer."))


def _serves(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
