"""Programs that open every link of every letter before the customer does: nothing changes, and the links still work."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from appointments.models import Appointment, Feedback, RescheduleRequest
from notifications.channels import files
from tests.clock import NOW
from tests.factories import Clinic, clinic
from tests.reliability.letters import everything, letters_in, links_in, post_every_kind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def found(melati: Clinic, clock: Traveller, live_site: LiveServer, settings: Any) -> set[str]:
    """All addresses in all letters."""
    settings.EMAIL_BACKEND = files.BACKEND
    post_every_kind(melati, clock)
    return {link for letter in letters_in(Path(settings.MAIL_DIR)) for link in links_in(letter, live_site.url)}


def path_of(link: str, site: LiveServer) -> str:
    return link.removeprefix(site.url)


def test_a_scanner_without_a_browser_changes_nothing(found: set[str], live_site: LiveServer, client: Client) -> None:
    assert len(found) > 20
    before = everything()
    for link in sorted(found):
        for method in (client.head, client.get, client.options):
            assert method(path_of(link, live_site)).status_code in (200, 302, 303, 405)
    assert everything() == before


def test_the_unsubscribe_address_asks_first_and_only_a_post_ends_the_questions(
    found: set[str], live_site: LiveServer, client: Client, settings: Any
) -> None:
    headers = [letter["List-Unsubscribe"] for letter in letters_in(Path(settings.MAIL_DIR))]
    (header,) = [value for value in headers if value]
    link = re.findall(r"<(http[^>]+)>", header)[0]
    before = everything()
    assert client.get(path_of(link, live_site)).status_code == 200
    assert everything() == before
    assert client.post(path_of(link, live_site), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Appointment.objects.filter(state="completed", customer__wants_follow_up=True).exists()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_whole_browser_changes_nothing_and_the_links_still_work(
    found: set[str], page: Page, live_site: LiveServer, client: Client, melati: Clinic
) -> None:
    before = everything()
    seen: set[str] = set()
    for link in sorted(found):
        answer = page.goto(link, wait_until="load")
        assert answer is not None
        assert answer.status == 200
        further = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        seen |= {one for one in further if one.startswith(live_site.url)}
    for link in sorted(seen - found):
        if not link.endswith(".ics"):  # a browser would save it; what it holds is fetched below
            page.goto(link, wait_until="load")
        assert client.get(path_of(link, live_site)).status_code in (200, 302)
    # What a script does on the page is no touch of a person.
    for link in sorted(one for one in found if "/r/" in one):
        page.goto(link, wait_until="load")
        page.evaluate("document.body.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))")
        page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab', bubbles: true}))")
        page.evaluate("document.querySelector('summary')?.click()")
    assert everything() == before

    expired = RescheduleRequest.objects.get(state="with_us", answered_at=None)
    offers = [link for link in found if re.search(r"\?offer=\d+$", link)]
    wanted = expired.offers.get(position=2)
    link = next(link for link in offers if link.endswith(f"?offer={wanted.pk}"))
    page.goto(link)
    page.click("text=Choose this time")
    assert page.inner_text("h1") == "Your new time is confirmed"
    expired.appointment.refresh_from_db()
    assert expired.appointment.starts_at == wanted.starts_at

    asked = next(link for link in found if "/f/" in link and "ask=handling" in link)
    token = path_of(asked, live_site).split("/")[2]
    client.post(reverse("feedback", args=[token]), {"question": "handling", "score": 4})
    assert Feedback.objects.get().handling == 4
