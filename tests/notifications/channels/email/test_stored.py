"""The mail server that was typed on a page."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from notifications.channels.email import stored
from notifications.channels.email.stored import NONE, STARTTLS, MailServer
from tests.engines.smtp import SmtpSink

SERVER = MailServer("mail.example", 587, STARTTLS, "dewi", "very-secret", "halo@melati.example")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_it_is_read_back_and_only_its_owner_may_read_the_file() -> None:
    assert stored.read() is None
    stored.write(SERVER)
    stored.write(SERVER)

    assert stored.read() == SERVER
    assert stat.S_IMODE(stored.file().stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "value"), [("EMBEDDED", False), ("DEMO", True), ("MAIL_FROM_ENVIRONMENT", True)])
def test_it_counts_on_one_machine_while_the_environment_says_nothing(settings: Any, name: str, value: bool) -> None:
    settings.EMBEDDED, settings.DEMO, settings.MAIL_FROM_ENVIRONMENT = True, False, False
    assert stored.is_ours_to_say()
    setattr(settings, name, value)

    assert not stored.is_ours_to_say()


def test_a_test_goes_over_exactly_that_server() -> None:
    with SmtpSink() as sink:
        here = MailServer(sink.host, sink.port, NONE, "", "", "halo@melati.example")
        stored.try_out(here, to="dewi@melati.example", subject="A test", text="It works")
        received = sink.wait_for(1)[0]

    assert (received.sender, received.recipients) == ("halo@melati.example", ("dewi@melati.example",))
    assert received.message["Subject"] == "A test"


def test_a_server_that_is_not_there_says_so() -> None:
    with SmtpSink() as sink:
        gone = MailServer(sink.host, sink.port, NONE, "", "", "halo@melati.example")
    with pytest.raises(OSError, match="refused"):
        stored.try_out(gone, to="dewi@melati.example", subject="A test", text="It works")


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ({}, "mail.example halo@melati.example"),
        ({"EMAIL_URL": "smtp://other.example:25"}, "other.example"),
        ({"DEMO": "true"}, "localhost"),
        ({"EMBEDDED": "false"}, "localhost"),
    ],
)
def test_the_environment_wins_over_what_is_stored(folder: Path, said: dict[str, str], host: str) -> None:
    (folder / stored.FILE).write_text(json.dumps(asdict(SERVER)))
    code = "from reschedule import settings as s; print(getattr(s, 'EMAIL_HOST', 'localhost'), s.MESSAGE_FROM)"
    inherited = {name: value for name, value in os.environ.items() if name not in ("EMAIL_URL", "EMAIL_PROVIDER")}
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, "RESCHEDULE_DATA": str(folder), "EMBEDDED": "true", **said},
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert found.replace("<", "").replace(">", "").startswith(host)
