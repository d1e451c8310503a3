"""Where whole stories take place: the clinic behind a real web server, its mail server, and a clock that moves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from appointments.domain.moving import drafts
from appointments.models import Appointment, RescheduleRequest
from notifications.delivery import deliver_due
from tests.engines.smtp import SmtpSink
from tests.factories import Clinic, CustomerFactory

PASSWORD = "sunny-garden-gate"


@dataclass
class Stage:
    """One clinic and everything around it. Time runs on by itself from the Monday morning of tests.clock."""

    world: Clinic
    site: LiveServer
    sink: SmtpSink
    clock: Traveller

    def wait(self, **span: float) -> None:
        """Let time pass: the arguments are those of timedelta."""
        self.clock.shift(timedelta(**span))

    def post(self) -> list[EmailMessage]:
        """Everything that is due leaves; what arrived since the last time."""
        before = len(self.sink.messages)
        deliver_due(now_fn=timezone.now)
        return [received.message for received in self.sink.messages[before:]]

    def booked(self, starts_at: str = "2026-11-24 10:00", **customer: Any) -> Appointment:
        """Ms Ana Putri's appointment; `customer` changes who it is."""
        told: dict[str, Any] = {"name": "Ana Putri", "email": "ana@mail.example", "phone": "+628125550123"}
        return self.world.booked(starts_at, customer=CustomerFactory(**told | customer))

    def offered(self, appointment: Appointment | None = None, *, count: int = 3, **draft: Any) -> RescheduleRequest:
        """A round that a colleague opened a moment ago; its letter is due: a minute has passed."""
        appointment = appointment or self.booked()
        now = timezone.now()
        if "respond_by" not in draft:
            starts = [one.slot.starts_at for one in drafts.propose(appointment, now=now, limit=count)]
            draft["respond_by"] = drafts.proposed_respond_by(appointment, starts, now=now)
        round_ = self.world.offered(appointment, now=now, count=count, **draft)
        self.wait(minutes=1)
        return round_

    def invited(self, appointment: Appointment | None = None, **draft: Any) -> str:
        """The address of the customer's page, out of the letter of a round that was opened a minute ago."""
        self.post()  # earlier letters
        self.offered(appointment, **draft)
        (letter,) = self.post()
        return page_of(letter)


def words_of(letter: EmailMessage) -> str:
    """The plain text of a letter, on long lines."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links_of(letter: EmailMessage) -> list[str]:
    """Every address in the plain text, in its order."""
    return re.findall(r"https?://[^\s<>]+", words_of(letter))


def page_of(letter: EmailMessage) -> str:
    """The customer's page without a chosen offer."""
    return next(link.split("?")[0] for link in links_of(letter) if "/r/" in link)


def sign_in(page: Page, site: LiveServer, user: User, wanted: str = "/") -> None:
    page.goto(site.url + wanted)
    page.get_by_label("Name", exact=True).fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def complaints(page: Page) -> list[str]:
    """What axe has to say about the page, each with the first element it means and what is wrong with that.

    The page stands still meanwhile: a list that looks for news would take away what axe is just measuring.
    """
    page.evaluate("document.addEventListener('htmx:beforeRequest', window.refused = (event) => event.preventDefault())")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    found = Axe().run(page).response["violations"]
    page.evaluate("document.removeEventListener('htmx:beforeRequest', window.refused)")
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"][:1]]


def overhang(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
