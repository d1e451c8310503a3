"""A reminded customer moves, takes it back, cancels and takes that back: on a small phone, without a script."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.domain.moving import answers, reminders
from appointments.models import Appointment, Service
from tests.engines.fixtures import PHONE
from tests.journeys.stage import Stage, complaints, overhang, page_of, words_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
SMALL_PHONE = {"width": 360, "height": 640}
PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of what was seen, for whoever wants to look at them."""


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def looks_right(page: Page, name: str) -> None:
    """For every eye and on every screen, with all that can be opened open; every target is large enough."""
    for width in (1280, 320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        if PICTURES and width != 320:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        assert (name, width, overhang(page)) == (name, width, 0)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert (name, complaints(page)) == (name, [])
    page.emulate_media(color_scheme="dark")
    assert (name, "dark", complaints(page)) == (name, "dark", [])
    page.emulate_media(color_scheme="light")
    assert (name, overhang(page)) == (name, 0)
    small = page.locator("button, summary, .button, .ways a, label.choice").evaluate_all(
        "found => found.filter(one => one.getBoundingClientRect().height < 44).map(one => one.innerText)"
    )
    assert (name, small) == (name, [])


def reminded(stage: Stage) -> str:
    """Ana has chosen one of our times; two days before it she is reminded: the address in that letter."""
    Service.objects.update(grid=30)
    stage.world.business.reminder_hours = 48
    stage.world.business.save()
    round_ = stage.offered(stage.booked("2026-11-27 10:00"))
    answers.accept(round_.offers.order_by("-starts_at")[0], nonce="tap", now=timezone.now())
    stage.post()
    starts_at = Appointment.objects.get().starts_at
    stage.clock.move_to(starts_at - timedelta(hours=44))
    assert reminders.remind_all(now=timezone.now()) == 1
    (letter,) = stage.post()
    assert "you can move or cancel it yourself until" in " ".join(words_of(letter).split())
    return page_of(letter)


def both(page: Page, address: str, name: str) -> None:
    """The page in both languages; it ends in English."""
    page.goto(f"{address}{'&' if '?' in address else '?'}lang=id")
    looks_right(page, f"{name}-id")
    page.goto(address)
    looks_right(page, name)
    page.goto(address)


def said_in(stage: Stage) -> tuple[str, str]:
    """What the one new letter says on one line, and where it leads."""
    (letter,) = stage.post()
    return " ".join(words_of(letter).split()), page_of(letter)


def test_from_the_reminder_to_another_time_and_back(open_page: OpenPage, stage: Stage) -> None:
    address, page = reminded(stage), open_page(viewport=SMALL_PHONE)
    was = Appointment.objects.get()
    both(page, address, "booked")
    expect(page.locator(".own")).to_contain_text("You can move it yourself until")
    page.get_by_role("link", name="Move it to another time").click()
    both(page, page.url, "times")
    page.get_by_role("link", name="All free times, day by day").click()
    both(page, page.url, "days")

    page.get_by_role("link", name="Nearest to your time").click()
    chosen = page.locator("button.time").first
    hour = chosen.locator(".hour").inner_text()
    chosen.click()
    assert heading(page) == "Your new time is confirmed"
    assert page.locator(".notice.good .hour").inner_text() == hour
    both(page, address, "moved")
    assert "Your former time is kept for you until" in said_in(stage)[0]

    page.get_by_role("button", name="Back to my former time").click()
    assert heading(page) == "Your appointment stays as it is"
    both(page, address, "back")
    assert Appointment.objects.get().starts_at == was.starts_at
    assert "You took your change back, so everything is as it was." in said_in(stage)[0]


def test_cancelled_by_mistake_and_back_from_the_letter(open_page: OpenPage, stage: Stage) -> None:
    address, page = reminded(stage), open_page(viewport=SMALL_PHONE)
    was = Appointment.objects.get()
    page.goto(address)
    page.locator("summary", has_text="Cancel the appointment").click()
    page.get_by_role("button", name="Yes, cancel the appointment").click()
    assert heading(page) == "Your appointment is cancelled"
    both(page, address, "cancelled")
    words, letter = said_in(stage)
    assert "Take it back" in words

    page.goto(letter)
    page.get_by_role("button", name="I want to keep my appointment").click()
    assert heading(page) == "Your appointment stays as it is"
    again = Appointment.objects.get()
    assert (again.starts_at, again.state, again.uid) == (was.starts_at, "booked", was.uid)
    assert "everything is as it was" in said_in(stage)[0]

    stage.clock.move_to(was.starts_at - timedelta(hours=20))
    both(page, address, "late")
    expect(page.locator(".own")).to_contain_text("Moving or cancelling it yourself was possible until")


def test_two_taps_and_no_script(open_page: OpenPage, stage: Stage) -> None:
    address = reminded(stage)
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(address)
    page.get_by_role("link", name="Move it to another time").click()
    page.locator("button.time").nth(1).click()
    assert heading(page) == "Your new time is confirmed"
    page.get_by_role("button", name="Back to my former time").click()
    page.locator("summary", has_text="Cancel the appointment").click()
    page.get_by_role("button", name="Yes, cancel the appointment").click()
    page.get_by_role("button", name="I want to keep my appointment").click()
    assert heading(page) == "Your appointment stays as it is"
    page.get_by_role("link", name="Move it to another time").click()
    page.locator("summary", has_text="None of these suits me").click()
    page.get_by_label("Evening (after 17)").check()
    page.locator("details[open]").get_by_role("button", name="Send it").click()
    assert heading(page) == "We are looking for other times"
    expect(page.locator(".notice.held")).to_contain_text("and will answer you by")
