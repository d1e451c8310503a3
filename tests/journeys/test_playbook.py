"""The playbook in a browser: one tap brings the words, and its pages suit every eye and every screen."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories.playbook import SAYS, solution
from tests.journeys.stage import Stage, complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

SCHEMES: tuple[Any, ...] = ("light", "dark")


def test_one_tap_puts_the_words_after_what_was_typed(page: Page, stage: Stage) -> None:
    solution(stage.world.manager, reasons=[stage.world.reason])
    booked = stage.booked()
    sign_in(page, stage.site, stage.world.staff, f"/appointments/{booked.pk}/move/")
    page.get_by_label("A personal line (optional)").fill("I am sorry.")
    page.get_by_label("Why does it have to move?").select_option(str(stage.world.reason.pk))
    address = f"/appointments/{booked.pk}/move/menu/?reason={stage.world.reason.pk}"
    expect(page.locator(f'#menu a[href="{address}"]')).to_be_visible()
    page.get_by_role("link", name="What we can offer").click()
    put_in = page.get_by_role("link", name="Put the words in")

    put_in.click()
    put_in.click()

    said = SAYS["words"]["id" if booked.customer.reads == "id" else "en"]
    expect(page.get_by_label("A personal line (optional)")).to_have_value(f"I am sorry.\n{said}")
    expect(page.get_by_role("checkbox", name="Another colleague")).to_be_checked()
    page.set_viewport_size({"width": 320, "height": 800})
    assert (overhang(page), complaints(page)) == (0, [])


def test_its_pages_suit_every_eye_and_every_screen(page: Page, stage: Stage) -> None:
    found = solution(stage.world.manager, reasons=[stage.world.reason]).solution
    sign_in(page, stage.site, stage.world.manager)
    for address in (
        "/playbook/",
        f"/playbook/{found.pk}/",
        f"/playbook/{found.pk}/write/",
        "/practice/",
        "/practice/flooded/",
        "/practice/late-at-night/",
    ):
        page.goto(stage.site.url + address)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert (address, width, overhang(page)) == (address, width, 0)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert (address, scheme, complaints(page)) == (address, scheme, [])
