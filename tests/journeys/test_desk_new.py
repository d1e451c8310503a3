"""A receptionist books somebody who is on the phone, by keyboard and without a mouse, and takes it back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from appointments.enums import AppointmentState
from appointments.models import Appointment
from tests.clock import at
from tests.factories import CustomerFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in, words_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def test_a_caller_is_booked_by_keyboard_and_gets_one_letter(page: Page, stage: Stage) -> None:
    CustomerFactory(name="Dewi Anggraini", email="dewi@mail.example")
    sign_in(page, stage.site, stage.world.staff)

    page.keyboard.press("n")
    expect(page.get_by_label("Name, phone or e-mail")).to_be_focused()
    page.keyboard.type("angg")
    expect(page.get_by_role("radio", name="Dewi Anggraini")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("What*").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="13:15")).to_be_visible()
    page.get_by_role("radio", name="13:15").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Book it").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Booked. A confirmation to Dewi Anggraini leaves in a moment.")
    booked = Appointment.objects.get()
    assert (booked.customer.name, booked.starts_at) == ("Dewi Anggraini", at("2026-11-23 13:15"))
    assert stage.post() == []
    stage.wait(minutes=2)
    [letter] = stage.post()
    assert "Monday, 23 November 2026 at 13:15 WIB" in words_of(letter)


def test_who_types_before_the_scripts_have_come_is_heard_all_the_same(page: Page, stage: Stage) -> None:
    CustomerFactory(name="Dewi Anggraini", email="dewi@mail.example")
    sign_in(page, stage.site, stage.world.staff)
    held: list[Route] = []
    page.route("**/htmx*.js", lambda route: held.append(route))
    page.goto(f"{stage.site.url}/appointments/new/", wait_until="commit")
    page.get_by_label("Name, phone or e-mail").focus()
    page.keyboard.type("angg")
    [script] = held
    script.continue_()

    expect(page.get_by_role("radio", name="Dewi Anggraini")).to_be_visible()


def test_a_booking_is_taken_back_with_one_tap_and_nobody_hears(page: Page, stage: Stage) -> None:
    stage.world.customer.name = "Ana Putri"
    stage.world.customer.save()
    sign_in(page, stage.site, stage.world.staff, f"/appointments/new/?customer={stage.world.customer.pk}")
    page.get_by_label("What*").select_option(index=1)
    page.get_by_role("radio", name="14:00").check()
    page.get_by_role("button", name="Book it").click()
    page.get_by_role("button", name="Undo this booking").click()

    expect(page.get_by_role("status")).to_contain_text("Undone: the time is free again, and nobody was told.")
    assert Appointment.objects.get().state == AppointmentState.CANCELLED
    stage.wait(minutes=2)
    assert stage.post() == []


def test_the_page_suits_every_eye_and_every_screen(page: Page, stage: Stage) -> None:
    booked = stage.booked()
    sign_in(page, stage.site, stage.world.staff)
    new = f"/appointments/new/?service={stage.world.service.pk}&customer={booked.customer_id}"
    for address in (new, "/appointments/new/", f"/appointments/{booked.pk}/repeat/"):
        page.goto(stage.site.url + address)
        if page.get_by_role("radio", name="Somebody new").count():
            page.get_by_role("radio", name="Somebody new").check()
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert (address, width, overhang(page)) == (address, width, 0)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert (address, scheme, complaints(page)) == (address, scheme, [])


def test_the_same_again_in_six_weeks(page: Page, stage: Stage) -> None:
    booked = stage.booked("2026-11-24 10:00")
    sign_in(page, stage.site, stage.world.staff, f"/appointments/{booked.pk}/")
    page.get_by_role("link", name="The same again…").click()
    page.get_by_label("Every how many weeks*").fill("2")
    page.get_by_label("How many times more*").fill("2")
    page.get_by_label("How many times more*").press("Tab")
    expect(page.locator("#again").get_by_role("checkbox", checked=True)).to_have_count(2)  # both answers are there
    expect(page.get_by_role("checkbox", name="Tue 22 Dec")).to_be_checked()
    page.get_by_role("button", name="Book the ticked times").click()

    expect(page.get_by_role("status")).to_contain_text("Booked 2 times more.")
    starts = Appointment.objects.exclude(pk=booked.pk).values_list("starts_at", flat=True)
    assert set(starts) == {booked.starts_at + timedelta(weeks=number) for number in (2, 4)}


def test_a_click_on_a_free_place_of_the_board_begins_there_and_then(page: Page, stage: Stage) -> None:
    stage.booked("2026-11-24 09:00")
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, stage.site, stage.world.staff, "/board/melati/2026-11-24/")
    column = page.locator(f'.column[data-resource="{stage.world.colleague.pk}"] .rows')
    hours = (column.locator("xpath=..").get_attribute("data-hours") or "").split()
    box = column.bounding_box()
    assert box is not None
    place = (hours.index("13:00") + 0.3) / len(hours) * box["height"]
    column.hover(position={"x": 20, "y": place})
    expect(page.locator(".new-here")).to_have_text("+ 13:15")
    column.click(position={"x": 20, "y": place})

    expect(page.get_by_role("heading", name="New appointment")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("What*").select_option(index=1)
    expect(page.locator("select[name=provider]")).to_have_value(str(stage.world.colleague.pk))
    expect(page.get_by_role("radio", name="13:15")).to_be_checked()


def test_a_click_on_somebody_booked_still_opens_them(page: Page, stage: Stage) -> None:
    stage.booked("2026-11-24 09:00")
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, stage.site, stage.world.staff, "/board/melati/2026-11-24/")
    page.get_by_role("link", name="Ana Putri").first.click()
    expect(page.locator("#beside")).to_contain_text("Propose new times")


def test_a_free_place_is_blocked_instead_and_a_click_on_it_opens_it(page: Page, stage: Stage) -> None:
    page.set_viewport_size({"width": 1280, "height": 1400})
    sign_in(page, stage.site, stage.world.staff, "/board/melati/2026-11-24/")
    column = page.locator(f'.column[data-resource="{stage.world.room.pk}"]')
    hours = (column.get_attribute("data-hours") or "").split()
    box = column.locator(".rows").bounding_box()
    assert box is not None
    down = (hours.index("13:00") + 0.3) / len(hours) * box["height"]
    column.locator(".rows").click(position={"x": 20, "y": down})
    page.get_by_role("link", name="Block this time instead …").click()
    expect(page.get_by_label("Who or what is blocked*")).to_have_value(str(stage.world.room.pk))
    expect(page.get_by_label("From*")).to_have_value("2026-11-24T13:15")
    page.get_by_label("Title*").fill("Stocktaking")
    assert (complaints(page), overhang(page)) == ([], 0)
    page.get_by_role("button", name="Block this time").click()

    expect(page.get_by_role("status")).to_contain_text("Blocked. No time in it is offered to customers.")
    column.locator(".private").click()
    expect(page.get_by_role("heading", name="Blocked time")).to_be_visible()
    page.get_by_role("button", name="Take it away").click()
    page.get_by_role("link", name="Block it again").click()
    expect(page.get_by_label("Title*")).to_have_value("Stocktaking")
