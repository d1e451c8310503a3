"""The demo mailbox shows what left, as it left, and lets nothing in a letter do anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import send_mail
from django.test import Client
from django.urls import reverse

from notifications.channels import files
from notifications.delivery import DeliveryReport
from notifications.mailbox import mailbox
from notifications.mailbox.views import LETTER_POLICY
from notifications.text.values import Attachment
from tests.notifications.conftest import person, post, post_many

Deliver = Callable[..., DeliveryReport]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.notifications.mailbox.urls")]
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO_MAILBOX = True
    settings.EMAIL_BACKEND = files.BACKEND


def newest_name() -> str:
    return mailbox.newest()[0].name


def test_outside_a_demo_there_is_nothing_here(client: Client, settings: Any, deliver: Deliver) -> None:
    post()
    deliver()
    name = newest_name()
    settings.DEMO_MAILBOX = False
    for page in (
        reverse("mailbox"),
        reverse("mailbox-mail", args=[name]),
        reverse("mailbox-letter", args=[name]),
        reverse("mailbox-file", args=[name, 1]),
    ):
        assert client.get(page).status_code == 404


def test_the_newest_letter_comes_first_and_a_name_narrows_the_list(client: Client, deliver: Deliver) -> None:
    post_many(3)
    deliver(limit=1)
    deliver()
    page = client.get(reverse("mailbox"))
    assert [mail.to_name for mail in page.context["mails"]][-1] == "Person 1"
    assert len(page.context["mails"]) == 3
    assert page.content.decode().count(">now</time>") == 3  # no zone that is nobody's
    page = client.get(reverse("mailbox"), {"to": "PERSON2@mail"})
    assert [mail.to_name for mail in page.context["mails"]] == ["Person 2"]
    page = client.get(reverse("mailbox"), {"to": "nobody"})
    assert "Nothing has been sent to “nobody”." in page.content.decode()


def test_an_empty_mailbox_says_what_to_do(client: Client) -> None:
    assert "No message has been sent yet." in client.get(reverse("mailbox")).content.decode()


def test_a_letter_is_shown_with_its_words_its_headers_and_its_files(client: Client, deliver: Deliver) -> None:
    message = post(attachments=[Attachment("invite.ics", ICS, "text/calendar", "REQUEST")])
    deliver()
    page = client.get(reverse("mailbox-mail", args=[newest_name()]))
    mail = page.context["mail"]
    assert dict(mail.headers)["Message-ID"] == message.message_id
    assert "https://clinic.example/r/k3y-of-this-person" in mail.text
    assert [(file.filename, file.content.decode()) for file in mail.files] == [("invite.ics", ICS)]
    file = client.get(reverse("mailbox-file", args=[newest_name(), 1]))
    assert file.content.decode() == ICS
    assert file["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert client.get(reverse("mailbox-file", args=[newest_name(), 2])).status_code == 404


def test_the_letter_itself_stands_in_a_frame_that_can_do_nothing(client: Client, deliver: Deliver) -> None:
    post(to=person(name="<script>alert(1)</script>"), context={"what": "<img src=x onerror=alert(1)>"}, secrets={})
    deliver()
    letter = client.get(reverse("mailbox-letter", args=[newest_name()]))
    assert letter["Content-Security-Policy"] == LETTER_POLICY
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    words = letter.content.decode()
    assert '<base target="_blank">' in words
    assert "&lt;img src=x onerror=alert(1)&gt;" in words
    for page in (reverse("mailbox"), reverse("mailbox-mail", args=[newest_name()])):
        response = client.get(page)
        assert "<script>alert" not in response.content.decode()
        assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_text_messages_lie_in_the_same_box(client: Client, deliver: Deliver) -> None:
    post(to=person(email="", phone="+628123456789", channels=("sms",)))
    assert deliver() == DeliveryReport(sent=1)
    page = client.get(reverse("mailbox"), {"to": "+628123456789"})
    (mail,) = page.context["mails"]
    assert (mail.kind, mail.subject) == ("sms", "Person 1: we moved it https://clinic.example/r/k3y-of-this-person")
    page = client.get(reverse("mailbox-mail", args=[mail.name]))
    assert page.context["mail"].text == "Person 1: we moved it https://clinic.example/r/k3y-of-this-person\n"


def test_mail_that_django_sends_itself_is_there_too() -> None:
    send_mail("A new password", "Here it is.", None, ["sari@clinic.example"])
    (mail,) = mailbox.newest()
    assert (mail.subject, mail.to_address) == ("A new password", "sari@clinic.example")
    opened = mailbox.open_mail(mail.name)
    assert opened is not None
    assert opened.text.strip() == "Here it is."


@pytest.mark.parametrize("name", ["..", "../settings.py", "%2e%2e", "20261124T050000.000000-0123abcd.eml", "x.eml"])
def test_a_name_that_is_no_mail_is_not_found(client: Client, settings: Any, name: str) -> None:
    Path(settings.MAIL_DIR).mkdir(parents=True)
    (Path(settings.MAIL_DIR).parent / "settings.py").write_text("secret")
    assert mailbox.open_mail(name) is None


@pytest.mark.browser
@pytest.mark.sqlite_only
def test_a_link_in_a_letter_opens_a_tab_of_its_own(
    live_server: Any, open_page: Callable[..., Any], deliver: Deliver, settings: Any
) -> None:
    settings.PUBLIC_URL = live_server.url
    post(context={"what": "we moved it", "link": f"{live_server.url}/mailbox/?to=[[link]]"})
    deliver()
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(live_server.url + reverse("mailbox"))
    page.get_by_text("Hello Person 1: we moved it").click()
    frame = page.frame_locator("iframe")
    with page.context.expect_page() as opened:
        frame.locator("a.button").click()
    assert opened.value.url == f"{live_server.url}/mailbox/?to=k3y-of-this-person"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
