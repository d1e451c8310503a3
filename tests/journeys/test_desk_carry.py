"""Another day is looked for in the week of the place: what is carried over it is put down on a day of a person."""

import re

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from tests.clock import at
from tests.factories import AbsenceFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in, words_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
WEEK = "/board/melati/week/2026-11-24/"


def cell(stage: Stage, day: str) -> str:
    return f'td[data-resource="{stage.world.colleague.pk}"][data-day="{day}"]'


def lift(page: Page, *, over: str) -> None:
    """Takes hold of what is carried, and holds it over that cell."""
    held, there = page.locator("[data-carries]").bounding_box(), page.locator(over).bounding_box()
    assert held is not None and there is not None
    page.mouse.move(held["x"] + 30, held["y"] + 12)
    page.mouse.down()
    page.mouse.move(held["x"] + 45, held["y"] + 24)
    page.mouse.move(there["x"] + 20, there["y"] + 12, steps=4)


@pytest.fixture
def booked(page: Page, stage: Stage) -> Appointment:
    booked = stage.booked("2026-11-24 10:00")
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, stage.site, stage.world.staff, f"{WEEK}?open={booked.pk}")
    return booked


def test_it_is_put_down_on_a_day_of_a_person_and_asked_at_which_hour(
    page: Page, stage: Stage, booked: Appointment
) -> None:
    lift(page, over=cell(stage, "2026-11-26"))
    expect(page.locator(".carried-here")).to_have_text("Ana Putri · 35 free")
    page.mouse.up()

    expect(page.get_by_role("heading", name="Move as agreed")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("Thu 26 Nov"))).to_have_count(35)
    booked.refresh_from_db()
    assert booked.starts_at == at("2026-11-24 10:00")

    page.get_by_label("Why does it move?*").select_option(str(stage.world.reason.pk))
    page.get_by_role("radio", name=re.compile("Thu 26 Nov, 13:15")).check()
    page.get_by_role("button", name="Move and confirm").click()
    expect(page.get_by_role("status")).to_have_text("Moved as agreed. A confirmation is on its way.")
    booked.refresh_from_db()
    assert (booked.starts_at, booked.provider) == (at("2026-11-26 13:15"), stage.world.colleague)
    stage.wait(minutes=2)
    [letter] = stage.post()
    assert "Thursday, 26 November 2026 at 13:15 WIB" in words_of(letter)


def test_what_is_against_a_day_is_named_and_nothing_opens(page: Page, stage: Stage, booked: Appointment) -> None:
    AbsenceFactory(
        resource=stage.world.colleague, starts_at=at("2026-11-26 00:00"), ends_at=at("2026-11-27 00:00"),
    )  # fmt: skip
    page.reload()
    lift(page, over=cell(stage, "2026-11-26"))
    expect(page.locator(".carried-here.refused")).to_have_text("Ana Putri · away")
    page.mouse.up()

    expect(page.locator("#dragging")).to_have_text("Ana Putri: away")
    assert page.url.endswith(f"{WEEK}?open={booked.pk}")
    lift(page, over=cell(stage, "2026-11-27"))
    page.keyboard.press("Escape")
    expect(page.locator(".carried-here")).to_have_count(0)
    page.mouse.up()
    assert page.url.endswith(f"{WEEK}?open={booked.pk}")


def test_by_keyboard_it_is_found_from_the_board_and_put_down(page: Page, stage: Stage, booked: Appointment) -> None:
    page.goto(f"{stage.site.url}/board/melati/2026-11-24/?open={booked.pk}")
    page.get_by_role("link", name="Look for another day in the week…").focus()
    page.keyboard.press("Enter")
    name = f"35 free Thu 26 Nov, {stage.world.colleague.name}"
    page.get_by_role("link", name=name).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text(re.compile("Free times on Thursday, 26 November"))).to_be_visible()
    page.get_by_role("link", name="Show the times of other days").click()
    expect(page.get_by_text("Free times, in the local time of Melati Jakarta")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_suits_every_eye_and_every_screen(page: Page, stage: Stage, booked: Appointment, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    asked = f"/appointments/{booked.pk}/agreed/?place=melati&day=2026-11-26&provider={stage.world.colleague.pk}"
    for address in (f"{WEEK}?open={booked.pk}", asked):
        page.goto(stage.site.url + address)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert (address, width, complaints(page), overhang(page)) == (address, width, [], 0)
