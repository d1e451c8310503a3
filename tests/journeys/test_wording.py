"""The wording of messages in a real browser: seen while it is typed, tried in one's own mailbox, saved."""

import re
from typing import Literal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments import roles
from notifications.delivery import deliver_due
from notifications.models import Message, Wording
from tests.engines.fixtures import DESK, PHONE
from tests.engines.smtp import SmtpSink
from tests.factories import Clinic, clinic
from tests.factories.people import colleague
from tests.journeys.stage import PASSWORD, complaints, overhang

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
REMINDER = "/settings/messages/reminder/"


@pytest.fixture
def melati(live_site: LiveServer) -> Clinic:
    return clinic()


@pytest.fixture
def budi(melati: Clinic) -> User:
    user = colleague(roles.MANAGERS, first_name="Budi", username="budi", email="budi@melati.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(page: Page, site: LiveServer, path: str) -> None:
    page.goto(site.url + path)
    page.get_by_label("Name", exact=True).fill("budi")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_words_are_seen_while_they_are_typed_tried_and_saved(
    page: Page, live_site: LiveServer, budi: User, smtp_sink: SmtpSink
) -> None:
    enter(page, live_site, REMINDER)
    box = page.get_by_label("A sentence of your own after the greeting (English)")
    box.fill("We look forward to it, ")
    page.get_by_role("button", name="{name}", exact=True).click()
    expect(box).to_have_value("We look forward to it, {name}")
    mail = page.frame_locator("iframe[title='The e-mail in English']")
    expect(mail.get_by_text("We look forward to it, Ratna Dewi")).to_be_visible()

    box.fill("Hello {foo}")
    expect(page.locator("#shown")).to_contain_text("“{foo}” is not known here.")
    box.fill("We look forward to it.")
    expect(mail.get_by_text("We look forward to it.")).to_be_visible()
    assert not Wording.objects.exists()

    page.get_by_role("button", name="Send it to me").first.click()
    expect(page.get_by_text("A test is on its way to budi@melati.example.")).to_be_visible()
    deliver_due(now_fn=timezone.now)
    letter = smtp_sink.wait_for(1)[0].message
    assert letter["Subject"].startswith("Test: Reminder: your appointment on")
    assert (letter["To"].endswith("<budi@melati.example>"), Message.objects.count()) == (True, 1)

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Messages that are written from now on say it so.")).to_be_visible()
    assert Wording.objects.get().parts == {"opening": "We look forward to it."}
    page.get_by_role("button", name="Back to the standard text").click()
    expect(page.get_by_text("In force: the standard text.").first).to_be_visible()
    expect(box).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_at_any_width(
    page: Page, live_site: LiveServer, budi: User, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    enter(page, live_site, REMINDER)
    page.get_by_label("A sentence of your own at the end (English)").fill("See you soon.")
    page.get_by_role("button", name="Save").click()
    for size in (DESK, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for path in (REMINDER, "/settings/messages/", "/settings/business/"):
            page.goto(live_site.url + path)
            expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"\w"))
            assert (complaints(page), overhang(page)) == ([], 0), (path, size)
