"""A colleague looks further than today: the weeks, the month, filters, a phone, a board that is left open."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.clock import NOW
from tests.factories import CustomerFactory, ProviderFactory
from tests.journeys.stage import Stage, complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
DAY = NOW.date() + timedelta(days=1)
BOARD, WEEK = f"/board/melati/{DAY}/", f"/board/melati/week/{DAY}/"
HIGHEST = 160
"""So many pixels from the top of a phone a board begins at the latest."""


def book(stage: Stage, name: str, *, hour: int, minutes: int = 30) -> None:
    start = datetime.combine(DAY, time(hour), stage.world.location.tzinfo)
    customer = CustomerFactory(name=name)
    stage.world.booked(start, customer=customer, ends_at=start + timedelta(minutes=minutes), room=None)


def test_from_the_week_of_the_place_to_a_person_and_to_a_day(page: Page, stage: Stage) -> None:
    book(stage, "Ana Pratiwi", hour=10)
    sign_in(page, stage.site, stage.world.staff, BOARD)

    page.get_by_role("navigation", name="Day or week").get_by_role("link", name="Week").click()
    cell = page.get_by_role("row", name="Dr. Ratna").get_by_role("cell").nth(1)
    expect(cell).to_have_text("1 booked 5 % taken", use_inner_text=False)
    page.get_by_role("link", name="Dr. Ratna").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dr. Ratna")

    page.get_by_role("link", name="10:00 Ana Pratiwi, Check-up, confirmed, 10:00–10:30").click()
    beside = page.get_by_role("complementary", name="Details")
    expect(beside.get_by_role("heading", name="Ana Pratiwi")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("navigation", name="Day or week").get_by_role("link", name="Day").click()
    expect(page.get_by_role("group", name="Day board")).to_be_visible()
    assert page.url == stage.site.url + BOARD


def test_a_name_that_is_cut_is_whole_as_soon_as_it_is_reached(page: Page, stage: Stage) -> None:
    for number in range(12):
        ProviderFactory(location=stage.world.location, name=f"Colleague {number}", position=30 + number)
    long = "Raden Ajeng Kusumaningrat Wiryodiningrat"
    book(stage, long, hour=10, minutes=20)
    sign_in(page, stage.site, stage.world.staff, BOARD)
    block = page.get_by_role("link", name=f"10:00 {long}, Check-up, confirmed, 10:00–10:20")
    before = block.evaluate("one => one.offsetHeight")
    hour = block.locator("time")

    expect(hour).to_have_text("10:00")
    expect(hour).to_be_visible()
    block.focus()

    name = block.locator(".block-who")
    assert name.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert block.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    assert block.evaluate("one => one.offsetHeight") > before


def test_a_board_that_is_left_open_shows_what_is_new_within_seconds(page: Page, stage: Stage) -> None:
    page.clock.install()
    sign_in(page, stage.site, stage.world.staff, WEEK + f"{stage.world.provider.pk}/")
    expect(page.get_by_text("Nothing is booked in this week.")).to_be_visible()

    book(stage, "Ana Pratiwi", hour=10)
    page.clock.run_for(8_000)

    expect(page.get_by_role("link", name="Ana Pratiwi")).to_be_visible()
    expect(page.get_by_role("link", name="Tue 24 Nov: 5 % taken")).to_be_attached()


def test_nothing_moves_while_somebody_presses(page: Page, stage: Stage) -> None:
    page.clock.install()
    sign_in(page, stage.site, stage.world.staff, BOARD)
    page.clock.run_for(2_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/news/" in request.url else None)

    page.locator(".corner").hover()
    page.mouse.down()
    page.clock.run_for(20_000)
    assert asked == []

    page.mouse.up()
    page.clock.run_for(8_000)
    assert asked


def test_what_is_shown_only_is_chosen_and_let_go_of(page: Page, stage: Stage) -> None:
    sign_in(page, stage.site, stage.world.staff, BOARD)
    columns = page.get_by_role("region")

    page.get_by_label("Kind", exact=True).select_option("Rooms")
    expect(page).to_have_url(f"{stage.site.url}{BOARD}?kind=room")
    expect(columns).to_have_count(2)
    page.get_by_role("link", name="The day after").click()
    expect(columns).to_have_count(2)

    page.get_by_role("link", name="Let go of: Rooms").click()
    expect(columns).to_have_count(4)


def test_on_a_phone_the_board_begins_high_and_the_rest_is_a_sheet(phone_page: Page, stage: Stage) -> None:
    book(stage, "Ana Pratiwi", hour=10)
    sign_in(phone_page, stage.site, stage.world.staff, BOARD)

    for address in (BOARD, WEEK, f"{WEEK}{stage.world.provider.pk}/"):
        phone_page.goto(stage.site.url + address)
        top = phone_page.locator("#columns").evaluate("board => board.getBoundingClientRect().top")
        assert (address, top <= HIGHEST, overhang(phone_page)) == (address, True, 0)

    expect(phone_page.get_by_role("link", name="Ana Pratiwi")).to_be_in_viewport()  # the day that was asked for
    phone_page.get_by_role("button", name="Month, filters and more").click()
    friday = phone_page.get_by_role("link", name="Fri 27 Nov: 0 % taken")
    expect(friday).to_be_in_viewport()
    friday.click()
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Fri 27 Nov", use_inner_text=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_board_can_be_used_by_everybody(
    open_page: Callable[..., Page], stage: Stage, scheme: str, width: int
) -> None:
    moving = stage.booked()
    stage.offered(moving)
    book(stage, "Ben Situmorang", hour=14, minutes=20)
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(page, stage.site, stage.world.staff, BOARD)

    for address in (BOARD, WEEK, f"{WEEK}{stage.world.provider.pk}/?open={moving.pk}", f"{WEEK}?kind=room"):
        page.goto(stage.site.url + address)
        assert (address, complaints(page), overhang(page)) == (address, [], 0)
    if width == 360:
        page.get_by_role("button", name="Month, filters and more").click()
        assert complaints(page) == []


def test_on_paper_a_board_is_as_wide_as_the_page(page: Page, stage: Stage) -> None:
    for number in range(30):
        ProviderFactory(location=stage.world.location, name=f"Colleague {number}", position=30 + number)
    book(stage, "Ana Pratiwi", hour=10)
    sign_in(page, stage.site, stage.world.staff, BOARD)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 720})  # A4 on its side, within its margins

    for address in (BOARD, WEEK, f"{WEEK}{stage.world.provider.pk}/"):
        page.goto(stage.site.url + address)
        assert (address, overhang(page)) == (address, 0)
        expect(page.locator("#printed")).to_be_visible()
        expect(page.get_by_role("banner")).to_be_hidden()
        expect(page.locator("#sheet")).to_be_hidden()


def test_without_a_script_every_board_works(
    open_page: Callable[..., Page], live_site: LiveServer, stage: Stage
) -> None:
    book(stage, "Ana Pratiwi", hour=10)
    page = open_page(java_script_enabled=False)
    sign_in(page, live_site, stage.world.staff, BOARD)

    page.get_by_label("Person, room or device").select_option("Dr. Ratna")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("region", name="Dr. Ratna").get_by_role("link", name="Dr. Ratna", exact=True).click()
    page.get_by_role("link", name="Ana Pratiwi").click()

    expect(page.get_by_role("complementary", name="Details")).to_contain_text("Ana Pratiwi")
