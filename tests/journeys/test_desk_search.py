"""By keyboard from anywhere to anything: the list under the search box, the keys and their sheet."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories import CustomerFactory, ProviderFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search customers")


def address(page: Page, path: str) -> None:
    """The page is there, and its keys work."""
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    page.wait_for_load_state()


def test_arrows_go_through_what_is_found_and_enter_opens_it(page: Page, stage: Stage) -> None:
    booked = stage.booked(name="Kadek Putri")
    other = CustomerFactory(name="Kadek Saraswati")
    sign_in(page, stage.site, stage.world.staff, "/calls/")

    page.keyboard.press("/")
    page.keyboard.type("kadek")
    options = page.get_by_role("listbox", name="What was found").get_by_role("option")
    expect(options).to_have_count(2)
    expect(box(page)).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    address(page, f"/customers/{other.pk}/")

    page.keyboard.press("/")
    expect(page.get_by_role("group", name="Opened lately").get_by_role("option")).to_have_count(1)
    page.keyboard.type("putri")
    expect(page.get_by_role("option", name="Kadek Putri")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_value("putri")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Kadek Putri").first.click()
    address(page, f"/customers/{booked.customer_id}/")


def test_a_colleague_is_opened_on_todays_board(page: Page, stage: Stage) -> None:
    colleague = ProviderFactory(name="Dr. Zulaikha", location=stage.world.location)
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    box(page).fill("zulai")
    page.get_by_role("option", name="Dr. Zulaikha").click()
    address(page, f"/board/{stage.world.location.code}/2026-11-23/#column-{colleague.pk}")


def test_a_session_that_ended_meanwhile_asks_to_sign_in(page: Page, stage: Stage) -> None:
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    page.context.clear_cookies()
    box(page).focus()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_keys_lead_everywhere_unless_one_is_writing(page: Page, stage: Stage) -> None:
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    for key, path in (("w", "/waiting/"), ("p", "/promises/"), ("c", "/calls/"), ("b", "/board/melati/2026-11-23/")):
        page.keyboard.press(key)
        address(page, path)
    page.keyboard.press("ArrowRight")
    address(page, "/board/melati/2026-11-24/")
    page.keyboard.press("ArrowLeft")
    address(page, "/board/melati/2026-11-23/")
    page.keyboard.press("ArrowLeft")
    address(page, "/board/melati/2026-11-22/")
    page.keyboard.press("t")
    address(page, "/board/melati/2026-11-23/")
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Alt+n")
    page.keyboard.press("/")
    page.keyboard.type("nwcp")
    expect(box(page)).to_have_value("nwcp")
    address(page, "/board/melati/2026-11-23/")


def test_the_sheet_tells_the_keys_of_this_page_and_letters_can_be_switched_off(page: Page, stage: Stage) -> None:
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_role("term")).to_have_text(["n", "b", "w", "c", "p", "/", "?", "j↓", "k↑", "Esc"])
    expect(sheet.get_by_role("definition").first).to_have_text("New appointment")
    page.keyboard.press("w")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    address(page, "/calls/")

    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Keys").click()
    sheet.get_by_role("button", name="Switch letter keys off").click()
    expect(page.locator("body[data-letters]")).to_have_count(1)
    page.wait_for_load_state()
    page.keyboard.press("w")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    address(page, "/calls/")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Keys").click()
    sheet.get_by_role("button", name="Switch them on").click()
    expect(page.locator("body[data-letters]")).to_have_count(0)
    page.wait_for_load_state()
    page.keyboard.press("w")
    address(page, "/waiting/")


def test_j_and_k_go_through_the_rows_of_a_list(page: Page, stage: Stage) -> None:
    for name in ("Wayan Satu", "Wayan Dua"):
        CustomerFactory(name=name)
    sign_in(page, stage.site, stage.world.staff, "/search/?q=wayan")
    links = page.get_by_role("main").get_by_role("link", name="Wayan")
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).not_to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wayan Dua")).to_be_visible()


def test_both_suit_every_eye_and_every_screen(page: Page, stage: Stage) -> None:
    stage.booked()
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            box(page).fill("ana")
            expect(page.get_by_role("option", name="Ana Putri")).to_be_visible()
            page.keyboard.press("ArrowDown")
            assert (width, scheme, overhang(page), complaints(page)) == (width, scheme, 0, [])
            page.keyboard.press("Escape")
            box(page).blur()
            page.keyboard.press("?")
            expect(page.get_by_role("dialog")).to_be_visible()
            assert (width, scheme, overhang(page), complaints(page)) == (width, scheme, 0, [])
            page.keyboard.press("Escape")
