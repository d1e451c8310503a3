"""A sick day of forty customers, from the head of a column to the report: by mouse, on a phone, by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from appointments.domain import affected
from appointments.domain.disruptions import sending
from appointments.domain.moving import answers
from appointments.models import Disruption, RescheduleRequest
from tests.clock import at, minutes
from tests.factories import CustomerFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in, words_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BOARD = "/board/melati/2026-11-24/"
CUSTOMERS = 40
MOST_CLICKS = 8


@dataclass
class Hand:
    """Whoever sits at the desk; counts what they tap."""

    page: Page
    clicks: int = 0

    def tap(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def press(self, what: Locator) -> None:
        """The same by keyboard alone."""
        self.clicks += 1
        what.focus()
        expect(what).to_be_focused()
        self.page.keyboard.press("Enter")


def booked_up(stage: Stage) -> None:
    """Every half hour of two days, and a few on the third, is somebody's."""
    half_hours = [minutes(30 * n) for n in range(18)]
    starts = [at(f"2026-11-{day} 08:00") + after for day in (24, 25, 26) for after in half_hours][:CUSTOMERS]
    for start in starts:
        stage.world.booked(start, customer=CustomerFactory(), room=None)


def declare(hand: Hand, act: Callable[[Locator], None]) -> None:
    """From the board to the plan: Dr. Ratna is away until Thursday evening."""
    page = hand.page
    act(page.locator("#column-1, .column").first.get_by_role("link", name="Not available"))
    page.get_by_label("from … to …").check()
    hand.clicks += 1
    page.get_by_label("Until", exact=True).fill("2026-11-26T20:00")
    page.get_by_label("Why?").select_option(label="Colleague is ill")
    act(page.get_by_role("button", name="See whom it hits"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dr. Ratna")


def send(hand: Hand, act: Callable[[Locator], None], stage: Stage) -> None:
    page = hand.page
    act(page.get_by_role("button", name=f"Look at the messages to {CUSTOMERS} people"))
    act(page.get_by_role("button", name=f"Send to {CUSTOMERS} people"))
    expect(page.locator("#progress")).to_contain_text("The messages leave in")
    stage.wait(seconds=30)
    assert sending.send_due(now=timezone.now()) == CUSTOMERS
    expect(page.locator("#progress")).to_contain_text(f"{CUSTOMERS} of {CUSTOMERS} on their way", timeout=15_000)


@pytest.mark.parametrize("way", ["mouse", "phone", "keyboard"])
def test_forty_are_on_their_way_in_eight_clicks(way: str, request: pytest.FixtureRequest, stage: Stage) -> None:
    page: Page = request.getfixturevalue("phone_page" if way == "phone" else "page")
    booked_up(stage)
    sign_in(page, stage.site, stage.world.staff, BOARD)
    hand = Hand(page)
    act = hand.press if way == "keyboard" else hand.tap

    declare(hand, act)
    assert overhang(page) <= 1  # of rounding
    send(hand, act, stage)

    assert hand.clicks <= MOST_CLICKS
    assert affected.counts() == {"to_move": 0, "untold": 0}
    letters = stage.post()
    assert len({letter["To"] for letter in letters}) == len(letters) == CUSTOMERS


def test_nobody_can_tell_that_others_got_a_message_too(page: Page, stage: Stage) -> None:
    booked_up(stage)
    sign_in(page, stage.site, stage.world.staff, BOARD)
    hand = Hand(page)
    declare(hand, hand.tap)
    send(hand, hand.tap, stage)

    names = list(RescheduleRequest.objects.values_list("appointment__customer__name", flat=True))
    for letter in stage.post():
        words = words_of(letter)
        mentioned = [name for name in names if f"{name}\n" in words or f"{name}," in words]
        assert len(mentioned) <= 1
        assert not re.search(rf"\b{CUSTOMERS} (?:others?|customers?|people|persons?)\b", words)


def test_from_the_answers_to_the_report(page: Page, stage: Stage) -> None:
    booked_up(stage)
    sign_in(page, stage.site, stage.world.staff, BOARD)
    hand = Hand(page)
    declare(hand, hand.tap)
    send(hand, hand.tap, stage)
    stage.post()
    disruption = Disruption.objects.get()
    page.goto(f"{stage.site.url}/disruptions/{disruption.pk}/")
    expect(page.locator("#head-told .count")).to_have_text(str(CUSTOMERS))

    for round_ in RescheduleRequest.objects.filter(disruption=disruption).order_by("pk"):
        kept = round_.offers.filter(guaranteed=True).first()
        assert kept is not None
        answers.accept(kept, nonce=f"tap-{round_.pk}", now=timezone.now())
    expect(page.locator("#head-picked .count")).to_have_text(str(CUSTOMERS), timeout=15_000)

    page.goto(f"{stage.site.url}/disruptions/{disruption.pk}/close/")
    page.get_by_role("button", name="Close").click()
    disruption.refresh_from_db()
    assert disruption.closed_by == stage.world.staff
    page.goto(f"{stage.site.url}/disruptions/{disruption.pk}/report/")
    expect(page.get_by_role("main")).to_contain_text(str(CUSTOMERS))
    assert complaints(page) == []


@contextmanager
def read_in(page: Page, stage: Stage, language: str, *, dark: bool) -> Iterator[None]:
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": stage.site.url}
    page.context.add_cookies([cookie])
    page.emulate_media(color_scheme="dark" if dark else "light")
    yield


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("id", True)])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_it_can_be_read_by_everybody(
    page: Page, stage: Stage, language: str, dark: bool, width: int
) -> None:
    stage.world.booked("2026-11-24 10:00", customer=CustomerFactory())
    sign_in(page, stage.site, stage.world.staff, f"{BOARD}not-available/?of={stage.world.provider.pk}")
    page.set_viewport_size({"width": width, "height": 800})
    with read_in(page, stage, language, dark=dark):
        page.reload()
        assert complaints(page) == []
        page.locator("#id_reason").select_option(index=1)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/plan/")
        pk = Disruption.objects.get().pk
        for part in ("plan/", "plan/preview/", "", "close/", "report/"):
            page.goto(f"{stage.site.url}/disruptions/{pk}/{part}")
            assert (part, complaints(page), overhang(page) <= 1) == (part, [], True)
        page.goto(f"{stage.site.url}/disruptions/{pk}/plan/{stage.world.location.appointments.get().pk}/")
        assert (complaints(page), overhang(page) <= 1) == ([], True)
