"""The mail server by a form: tested before it is stored, and its password never shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from appointments.domain.messages.ways import mail_server
from tests.engines.smtp import SmtpSink
from tests.factories import BusinessFactory, ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_one_machine(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.EMBEDDED, settings.DEMO = tmp_path, True, False
    settings.MAIL_FROM_ENVIRONMENT = False


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


@pytest.fixture
def manager(client: Client) -> Client:
    BusinessFactory()
    client.force_login(ManagerFactory(email="dewi@melati.example"))
    return client


def typed(sink: SmtpSink, **more: Any) -> dict[str, Any]:
    said = {"host": sink.host, "port": sink.port, "security": "none", "sender": "halo@melati.example"}
    return {**said, "username": "", "password": "", **more}


def test_a_test_reaches_the_reader_and_stores_nothing(manager: Client, sink: SmtpSink) -> None:
    answer = manager.post("/settings/mail/", typed(sink, step="test"))

    assert answer.status_code == 200
    assert "The test has left for dewi@melati.example." in answer.content.decode()
    assert sink.wait_for(1)[0].recipients == ("dewi@melati.example",)
    assert mail_server.read() is None


def test_what_the_server_says_is_told_and_what_was_typed_stays(manager: Client, sink: SmtpSink) -> None:
    sink.stop()
    answer = manager.post("/settings/mail/", typed(sink, step="test", sender="new@melati.example"))

    assert answer.status_code == 422
    assert "The test did not leave:" in answer.content.decode()
    assert "new@melati.example" in answer.content.decode()


def test_the_stored_password_is_never_shown_and_stays_when_it_is_left_empty(manager: Client, sink: SmtpSink) -> None:
    said = typed(sink, step="save", username="dewi", password="very-secret")
    assert manager.post("/settings/mail/", said).status_code == 302
    shown = manager.get("/settings/mail/").content.decode()
    assert "very-secret" not in shown
    assert "One is stored." in shown

    manager.post("/settings/mail/", said | {"password": "", "sender": "new@melati.example"})
    kept = mail_server.read()
    assert kept is not None
    assert (kept.password, kept.sender) == ("very-secret", "new@melati.example")


def test_the_stored_password_is_not_given_to_another_server(manager: Client, sink: SmtpSink) -> None:
    said = typed(sink, step="save", username="dewi", password="very-secret")
    manager.post("/settings/mail/", said)
    manager.post("/settings/mail/", said | {"password": "", "host": "mail.thief.example"})

    kept = mail_server.read()
    assert kept is not None
    assert kept.password == ""


@pytest.mark.parametrize(
    "wrong", [{"host": "http://mail/"}, {"port": 0}, {"port": 65536}, {"sender": "halo"}, {"security": "x"}]
)
def test_what_cannot_be_is_refused(manager: Client, sink: SmtpSink, wrong: dict[str, Any]) -> None:
    assert manager.post("/settings/mail/", typed(sink, step="save") | wrong).status_code == 422
    assert mail_server.read() is None


def test_what_the_environment_says_is_only_shown(manager: Client, sink: SmtpSink, settings: Any) -> None:
    settings.MAIL_FROM_ENVIRONMENT, settings.EMAIL_URL = True, "smtp://mail.example:25"
    settings.EMAIL_HOST = "mail.example"
    shown = manager.get("/settings/mail/").content.decode()
    assert "mail.example" in shown
    assert "cannot be changed here" in shown

    manager.post("/settings/mail/", typed(sink, step="save"))
    assert mail_server.read() is None
