"""A colleague drags an appointment over the board: what opens is a question, and nothing moves before it is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from appointments.models import Appointment, Resource
from tests.clock import at
from tests.factories import CustomerFactory
from tests.journeys.stage import Stage, complaints, sign_in, words_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
BOARD = "/board/melati/2026-11-24/"


def block_of(page: Page, resource: Resource) -> Locator:
    return page.locator(f'.column[data-resource="{resource.pk}"] .block.appointment', has_text="Ana Putri")


def lift(page: Page, block: Locator, *, to: Locator, hour: str) -> None:
    """Takes hold of the very top of `block`, and holds it over `hour` of the column `to`."""
    block.scroll_into_view_if_needed()
    held = block.bounding_box()
    assert held is not None
    page.mouse.move(held["x"] + 30, held["y"] + 2)
    page.mouse.down()
    page.mouse.move(held["x"] + 40, held["y"] + 12)
    hours = (to.get_attribute("data-hours") or "").split()
    rows = to.locator(".rows").bounding_box()
    assert rows is not None
    whole, minutes = hour.split(":")
    part = (hours.index(f"{whole}:00") + int(minutes) / 60) / len(hours)
    page.mouse.move(rows["x"] + 30, rows["y"] + part * rows["height"] + 3, steps=4)


def column_of(page: Page, resource: Resource) -> Locator:
    return page.locator(f'.column[data-resource="{resource.pk}"]')


@pytest.fixture
def board(page: Page, stage: Stage) -> Callable[[], Appointment]:
    def opened() -> Appointment:
        booked = stage.booked("2026-11-24 10:00")
        page.set_viewport_size({"width": 1280, "height": 1400})
        sign_in(page, stage.site, stage.world.staff, BOARD)
        return booked

    return opened


def test_it_is_asked_with_the_new_hour_and_person_and_moves_when_it_is_sent(
    page: Page, stage: Stage, board: Callable[[], Appointment]
) -> None:
    booked, world = board(), stage.world
    lift(page, block_of(page, world.provider), to=column_of(page, world.colleague), hour="13:15")
    expect(page.locator(".drag-here")).to_have_text("13:15–13:45")
    page.mouse.up()

    expect(page.get_by_role("heading", name="Move as agreed")).to_be_visible()
    expect(page.locator("[name=starts_at]")).to_have_value("2026-11-24T13:15")
    expect(page.locator("[name=provider]")).to_have_value(str(world.colleague.pk))
    expect(page.locator("#slot-other")).to_be_checked()
    booked.refresh_from_db()
    assert booked.starts_at == at("2026-11-24 10:00")

    page.get_by_label("Why does it move?*").select_option(str(world.reason.pk))
    page.get_by_role("button", name="Move and confirm").click()
    expect(page.get_by_role("status")).to_have_text("Moved as agreed. A confirmation is on its way.")
    booked.refresh_from_db()
    assert (booked.starts_at, booked.provider) == (at("2026-11-24 13:15"), world.colleague)
    assert booked.requests.get().reason == world.reason
    stage.wait(minutes=2)
    [letter] = stage.post()
    assert "Tuesday, 24 November 2026 at 13:15 WIB" in words_of(letter)


def test_who_is_in_the_way_is_named_and_nothing_opens(
    page: Page, stage: Stage, board: Callable[[], Appointment]
) -> None:
    world = stage.world
    ben = CustomerFactory(name="Ben Situmorang")
    world.booked("2026-11-24 14:00", customer=ben, provider=world.colleague, room=None)
    board()
    lift(page, block_of(page, world.provider), to=column_of(page, world.colleague), hour="13:45")
    expect(page.locator(".drag-here.refused")).to_have_text("13:45–14:15In the way: 14:00 Ben Situmorang")
    page.mouse.up()

    expect(page.locator("#dragging")).to_have_text("In the way: 14:00 Ben Situmorang")
    expect(page.locator("#beside")).to_be_empty()
    assert page.url.endswith(BOARD)
    lift(page, block_of(page, world.provider), to=column_of(page, world.colleague), hour="13:30")
    expect(page.locator(".drag-here")).to_have_text("13:30–14:00")  # it ends as the other one begins
    page.keyboard.press("Escape")


def test_a_room_is_no_person_and_an_hour_outside_is_said(
    page: Page, stage: Stage, board: Callable[[], Appointment]
) -> None:
    stage.world.booked("2026-11-24 18:00", provider=stage.world.provider)
    board()
    lift(page, block_of(page, stage.world.provider), to=column_of(page, stage.world.room), hour="13:00")
    expect(page.locator(".drag-here.refused")).to_contain_text("Only to a person of this board, or to another hour.")
    page.keyboard.press("Escape")
    page.mouse.up()
    lift(page, block_of(page, stage.world.provider), to=column_of(page, stage.world.provider), hour="17:15")
    expect(page.locator(".drag-here.outside")).to_have_text("17:15–17:45outside the hours (closed)")
    page.mouse.up()

    expect(page.get_by_text("This time is outside the opening hours.")).to_be_visible()
    assert complaints(page) == []


def test_escape_puts_it_back_and_neither_opens_nor_moves(
    page: Page, stage: Stage, board: Callable[[], Appointment]
) -> None:
    booked = board()
    lift(page, block_of(page, stage.world.provider), to=column_of(page, stage.world.colleague), hour="13:15")
    page.keyboard.press("Escape")
    expect(page.locator(".drag-here")).to_have_count(0)
    page.mouse.up()

    assert page.url.endswith(BOARD)
    expect(page.locator("#beside")).to_be_empty()
    booked.refresh_from_db()
    assert booked.starts_at == at("2026-11-24 10:00")
    block_of(page, stage.world.provider).click()  # a click opens as before
    expect(page.locator("#beside").get_by_role("link", name="Move as agreed")).to_be_visible()


def test_news_never_redraw_the_board_under_a_drag(page: Page, stage: Stage) -> None:
    stage.booked("2026-11-24 10:00")
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.clock.install()
    sign_in(page, stage.site, stage.world.staff, BOARD)
    page.clock.run_for(1_000)
    lift(page, block_of(page, stage.world.provider), to=column_of(page, stage.world.colleague), hour="13:15")
    stage.world.booked("2026-11-24 15:00", customer=CustomerFactory(name="Ben Situmorang"), room=None)
    page.evaluate("htmx.trigger(document.body, 'board-news')")
    page.wait_for_load_state("networkidle")
    page.clock.run_for(7_000)
    expect(page.locator(".drag-here")).to_have_text("13:15–13:45")
    expect(page.get_by_role("link", name="Ben Situmorang")).to_have_count(0)

    page.keyboard.press("Escape")
    page.mouse.up()
    page.clock.run_for(8_000)
    expect(page.get_by_role("link", name="Ben Situmorang")).to_have_count(1)


def test_in_a_week_it_goes_to_another_day(page: Page, stage: Stage) -> None:
    stage.booked("2026-11-24 10:00")
    page.set_viewport_size({"width": 1280, "height": 1400})
    provider = stage.world.provider
    sign_in(page, stage.site, stage.world.staff, f"/board/melati/week/2026-11-24/{provider.pk}/")
    thursday = page.locator('.column[data-day="2026-11-26"]')
    lift(page, block_of(page, provider), to=thursday, hour="09:30")
    page.mouse.up()

    expect(page.locator("[name=starts_at]")).to_have_value("2026-11-26T09:30")
    expect(page.locator("[name=provider]")).to_have_value(str(provider.pk))


def test_by_finger_a_board_is_scrolled_and_nothing_is_lifted(phone_page: Page, stage: Stage) -> None:
    stage.booked("2026-11-24 10:00")
    sign_in(phone_page, stage.site, stage.world.staff, BOARD)
    block = block_of(phone_page, stage.world.provider)
    for name, y in (("pointerdown", 300), ("pointermove", 360), ("pointerup", 360)):
        block.dispatch_event(name, {"pointerType": "touch", "clientX": 150, "clientY": y, "bubbles": True})
    expect(phone_page.locator(".drag-here, .is-lifted")).to_have_count(0)
