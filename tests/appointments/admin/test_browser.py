"""The managers' pages in a real browser: everybody can use them, on a desk and on a phone, and the chart is drawn."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.appointments.admin.pages import page as address_of
from tests.factories import ManagerFactory, clinic
from tests.factories.moves import World, many_moves, world

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

PERIOD = "start=2026-09-01&end=2026-11-30"


@pytest.fixture
def place(transactional_db: None) -> World:
    made = world()
    many_moves(made, count=12)
    return made


@pytest.fixture
def as_manager(live_site: LiveServer, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """`as_manager(**options)`: a page of somebody who is signed in."""
    client = Client()
    client.force_login(ManagerFactory())

    def opened(**options: Any) -> Page:
        page = open_page(base_url=live_site.url, **options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    return opened


def complaints(page: Page) -> list[tuple[str, str]]:
    """What axe has to say, each with the first element it means."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages(as_manager: Callable[..., Page], place: World, scheme: str) -> None:
    ready = clinic()
    page = as_manager(color_scheme=scheme, bypass_csp=True)  # for what axe itself does to a page
    found = {}
    for address in (
        reverse("admin:index"),
        f"{reverse('admin:reasons-report')}?{PERIOD}",
        address_of("reschedulerequest"),
        address_of("resource", "change", ready.provider.pk),
        address_of("reason", "change", ready.reason.pk),
        address_of("service", "add"),
    ):
        page.goto(address)
        found[address] = complaints(page)
    assert {address: said for address, said in found.items() if said} == {}


def test_nothing_is_wider_than_a_phone(as_manager: Callable[..., Page], place: World) -> None:
    ready = clinic()
    page = as_manager(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    widths = {}
    for address in (
        reverse("admin:index"),
        f"{reverse('admin:reasons-report')}?{PERIOD}",
        address_of("reschedulerequest"),
        address_of("resource", "change", ready.provider.pk),
        address_of("reason", "change", place.reasons[0].pk),
    ):
        page.goto(address)
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert set(widths.values()) == {360}
    ends = page.locator(".languages textarea, .languages input").evaluate_all(
        "boxes => boxes.map(box => box.getBoundingClientRect().right)"
    )
    assert len(ends) == 4
    assert max(ends) < 360


def test_the_chart_shows_the_numbers_of_the_table_and_leads_to_cases(
    as_manager: Callable[..., Page], place: World
) -> None:
    page = as_manager()
    page.goto(f"{reverse('admin:reasons-report')}?{PERIOD}&by=family")
    rows = page.locator("table.figures").first.locator("tbody tr")
    table = [int(rows.nth(index).locator("td").first.inner_text()) for index in range(rows.count())]

    drawn = page.evaluate("Chart.getChart('reasons-chart').data.datasets[0].data")

    assert drawn == table
    assert sum(table) > 0
    rows.first.locator("td a").first.click()
    page.locator("#result_list").wait_for()
    assert page.locator("#result_list tbody tr").count() == table[0]


def test_the_sentence_grows_while_it_is_typed(as_manager: Callable[..., Page], place: World) -> None:
    page = as_manager()
    page.goto(address_of("reason", "change", place.reasons[0].pk))

    page.fill("[name=wording_en]", "{provider} is at a course")

    preview = page.locator('[data-preview="en"]')
    assert preview.inner_text() == "We cannot keep your appointment, because Dr. Ratna is at a course."


def test_a_code_is_proposed_while_the_name_is_typed(as_manager: Callable[..., Page], place: World) -> None:
    page = as_manager()
    page.goto(address_of("service", "add"))

    page.get_by_label("English").first.press_sequentially("Tooth cleaning")

    assert page.input_value("[name=code]") == "tooth-cleaning"
