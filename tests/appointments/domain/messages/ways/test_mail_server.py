"""The mail server as managers say it."""

from pathlib import Path
from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.messages.ways import mail_server
from appointments.errors import DomainError
from appointments.models import AuditEntry
from tests.clock import NOW
from tests.engines.smtp import SmtpSink

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "host": "mail.example",
    "port": 587,
    "security": mail_server.STARTTLS,
    "username": "dewi",
    "password": "very-secret",
    "sender": "halo@melati.example",
}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_a_password_left_empty_is_the_stored_one() -> None:
    mail_server.store(mail_server.server(SAID), by=actors.SYSTEM, now=NOW)

    assert mail_server.server(SAID | {"password": ""}).password == "very-secret"
    assert mail_server.server(SAID | {"password": "newer"}).password == "newer"


@pytest.mark.parametrize("other", [{"host": "mail.thief.example"}, {"username": "andi"}])
def test_it_is_given_to_no_other_server_and_for_no_other_name(other: dict[str, str]) -> None:
    mail_server.store(mail_server.server(SAID), by=actors.SYSTEM, now=NOW)

    assert mail_server.server(SAID | {"password": ""} | other).password == ""


def test_the_test_says_from_whom_it_comes_and_what_goes_wrong() -> None:
    with SmtpSink() as sink:
        here = mail_server.server(
            SAID | {"host": sink.host, "port": sink.port, "security": mail_server.NONE, "username": "", "password": ""}
        )
        mail_server.try_out(here, to="dewi@melati.example", business="Klinik Melati")
        assert sink.wait_for(1)[0].message["Subject"] == "A test from Klinik Melati"
    with pytest.raises(DomainError, match=r"The test did not leave: .*refused"):
        mail_server.try_out(here, to="dewi@melati.example", business="Klinik Melati")


def test_that_it_was_changed_is_written_down_without_the_password() -> None:
    mail_server.store(mail_server.server(SAID), by=actors.SYSTEM, now=NOW)
    mail_server.store(
        mail_server.server(SAID | {"host": "other.example", "password": "new"}), by=actors.SYSTEM, now=NOW
    )
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.name, second.name, second.noun_label) == ("mail.example", "other.example", "Mail server")
    assert (second.before["host"], second.after["host"]) == ("mail.example", "other.example")
    assert "very-secret" not in f"{first.after}{second.before}"


def test_there_is_one_when_the_environment_or_somebody_has_said_it(settings: Any) -> None:
    settings.EMAIL_URL = settings.EMAIL_PROVIDER = ""
    assert not mail_server.is_said()
    settings.EMAIL_URL = "smtp://mail.example"
    assert mail_server.is_said()
