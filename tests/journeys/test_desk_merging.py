"""At the desk two records of one customer become one, and two again."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import CustomerFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def test_two_records_become_one_and_two_again(page: Page, stage: Stage) -> None:
    kept = stage.booked(name="Dewi Anggraini", phone="+628111111111").customer
    stage.booked("2026-11-25 10:00", name="Dewi Anggraini", phone="+6281222222222", email="dewi@mail.example")
    sign_in(page, stage.site, stage.world.staff, f"/customers/{kept.pk}/")

    page.get_by_role("region", name="The same person?").get_by_role("link", name="Dewi Anggraini").click()
    expect(page.get_by_role("heading", name="One person?")).to_be_visible()
    page.get_by_role("radiogroup", name="Phone").get_by_role("radio", name="+62 812-2222-2222").check()
    page.get_by_role("button", name="Put them together").click()

    expect(page.get_by_role("status")).to_contain_text("You can undo it for a day.")
    coming = page.get_by_role("region", name="Coming up").get_by_role("listitem")
    expect(coming).to_have_count(2)
    expect(page.get_by_role("link", name="Call +62 812-2222-2222")).to_be_visible()
    expect(page.get_by_role("region", name="The same person?")).to_have_count(0)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("are two again.")
    expect(coming).to_have_count(1)
    page.get_by_role("button", name="Two people").click()
    expect(page.get_by_role("region", name="The same person?")).to_have_count(0)


def test_the_pages_suit_every_eye_and_every_screen(page: Page, stage: Stage) -> None:
    kept = stage.booked(name="Dewi Anggraini Kusumawardhani-Hadikusumo").customer
    kept.note = "Left ear."
    kept.save()
    long = {"email": "a.very.long.address.of.somebody@mail.example", "note": "Right ear, " * 20}
    other = CustomerFactory(name="Dewi Kusumawardhani-Hadikusumo Anggraini", **long)
    sign_in(page, stage.site, stage.world.staff)
    for address in ("", "same/", f"same/{other.pk}/"):
        page.goto(f"{stage.site.url}/customers/{kept.pk}/{address}")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert (address, width, overhang(page)) == (address, width, 0)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert (address, scheme, complaints(page)) == (address, scheme, [])
