"""A colleague at the desk, in a real browser: the board, details beside it, search, the phone."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope
from appointments.models import Appointment, Resource
from tests.engines.fixtures import PHONE
from tests.factories import Clinic, CustomerFactory, ProviderFactory, clinic, open_weekly

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def melati(live_site: LiveServer) -> Clinic:
    """Open every day: tomorrow may be a Sunday or a holiday, whose board is short and has nothing to scroll."""
    made = clinic()
    open_weekly(made.location, weekdays=[6])
    made.location.closed_on_holidays = False
    made.location.save()
    return made


def tomorrow_at(world: Clinic, hour: int) -> datetime:
    day = timezone.now().astimezone(world.location.tzinfo).date() + timedelta(days=1)
    return datetime.combine(day, time(hour), world.location.tzinfo)


def book(world: Clinic, name: str, *, hour: int, provider: Resource | None = None) -> Appointment:
    return world.booked(
        tomorrow_at(world, hour), customer=CustomerFactory(name=name), provider=provider or world.provider, room=None
    )


def sign_in(page: Page, site: LiveServer, world: Clinic, wanted: str) -> None:
    page.goto(site.url + wanted)
    page.get_by_label("Name", exact=True).fill(world.staff.username)
    page.get_by_label("Password").fill("sunny-garden-gate")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def board_address(world: Clinic) -> str:
    return f"/board/melati/{tomorrow_at(world, 0).date()}/"


def complaints(page: Page) -> list[str]:
    """What axe has to say about the page, each with the first element it means."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_details_open_beside_the_board_and_survive_a_reload(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    booked = book(melati, "Ana Pratiwi", hour=10)
    sign_in(page, live_site, melati, board_address(melati))
    beside = page.get_by_role("complementary", name="Details")

    page.get_by_role("link", name="Ana Pratiwi").click()
    expect(beside.get_by_role("heading", name="Ana Pratiwi")).to_be_visible()
    assert page.url.endswith(f"?open={booked.pk}")
    expect(page.get_by_role("region", name="Dr. Ratna")).to_be_visible()  # the board is still there

    page.reload()
    expect(beside.get_by_role("heading", name="Ana Pratiwi")).to_be_visible()

    page.keyboard.press("Escape")
    expect(beside).not_to_be_visible()
    assert page.url.endswith(board_address(melati))


def test_everything_works_without_a_script(
    open_page: Callable[..., Page], live_site: LiveServer, melati: Clinic
) -> None:
    book(melati, "Ana Pratiwi", hour=10)
    page = open_page(java_script_enabled=False)
    sign_in(page, live_site, melati, "/")

    page.get_by_role("link", name="The day after").click()
    page.get_by_role("link", name="Ana Pratiwi").click()
    page.get_by_role("link", name="Everything about this appointment").click()

    expect(page.get_by_role("heading", name="Ana Pratiwi")).to_be_visible()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def test_a_board_renews_itself_and_stays_where_one_was_reading(
    page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    for number in range(14):
        ProviderFactory(location=melati.location, name=f"Colleague {number}", position=30 + number)
    book(melati, "Ana Pratiwi", hour=10)
    page.clock.install()
    sign_in(page, live_site, melati, board_address(melati))
    page.clock.run_for(1_000)
    page.get_by_role("group", name="Day board").evaluate("board => board.scrollTo(150, 200)")

    book(melati, "Ben Situmorang", hour=15)
    page.clock.run_for(7_000)

    expect(page.get_by_role("link", name="Ben Situmorang")).to_be_attached()
    page.clock.run_for(1_000)  # htmx settles what it has put in by a timer, and the clock stands still
    where = page.get_by_role("group", name="Day board").evaluate("board => [board.scrollLeft, board.scrollTop]")
    assert where == [150, 200]


def test_a_board_that_was_left_open_asks_to_sign_in_again(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    page.clock.install()
    sign_in(page, live_site, melati, board_address(melati))
    expect(page.get_by_role("group", name="Day board")).to_be_visible()

    page.context.clear_cookies()
    page.clock.run_for(7_000)

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert "next=/board/melati/" in page.url


def test_slash_leads_to_the_search_and_the_search_to_the_customer(
    page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    booked = book(melati, "Ana Pratiwi", hour=10)
    sign_in(page, live_site, melati, board_address(melati))

    page.keyboard.press("/")
    page.keyboard.type("prati")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="10:00 WIB").click()

    assert page.url == f"{live_site.url}/appointments/{booked.pk}/"


def test_cancelling_at_the_desk(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    booked = book(melati, "Ana Pratiwi", hour=10)
    sign_in(page, live_site, melati, f"/appointments/{booked.pk}/")

    page.get_by_role("link", name="Cancel without a new time").click()
    page.get_by_label("The customer asked for it").check()
    page.get_by_label("Why, for colleagues").fill("Phoned this morning")
    page.get_by_role("button", name="Look at the message").click()
    expect(page.get_by_text("As you asked, we have cancelled").first).to_be_attached()
    page.get_by_role("button", name="Cancel and tell the customer").click()

    expect(page.get_by_role("status")).to_have_text("Cancelled. A message to Ana Pratiwi is on its way.")
    expect(page.get_by_text("Phoned this morning")).to_be_visible()


@pytest.mark.parametrize("screen", [{"width": 1280, "height": 800}, PHONE, {"width": 320, "height": 640}])
def test_long_names_break_no_page(
    open_page: Callable[..., Page], live_site: LiveServer, melati: Clinic, screen: dict[str, int]
) -> None:
    long = "Raden Mas Hadikusumowijayakusumaningratdiningratan " * 2 + "Supercalifragilisticexpialidocious" * 2
    booked = book(melati, long.strip()[:150], hour=10)
    type(melati.provider).objects.update(name=("Prof. Dr. dr. " + long)[:120])
    page = open_page(viewport=screen)
    sign_in(page, live_site, melati, board_address(melati))

    for address in (board_address(melati), f"/appointments/{booked.pk}/", "/search/?q=raden"):
        page.goto(live_site.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], address


def test_on_a_phone_one_column_is_seen_and_its_neighbour_is_a_tap_away(
    phone_page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    book(melati, "Ana Pratiwi", hour=9)
    book(melati, "Ben Situmorang", hour=9, provider=melati.colleague)
    sign_in(phone_page, live_site, melati, board_address(melati))
    ana, ben = (phone_page.get_by_role("link", name=name) for name in ("Ana Pratiwi", "Ben Situmorang"))

    expect(ana).to_be_in_viewport(ratio=0.9)
    expect(ben).not_to_be_in_viewport()

    phone_page.get_by_role("navigation", name="Columns", exact=True).get_by_role("link", name="Dr. Budi").click()
    expect(ben).to_be_in_viewport(ratio=0.9)
    expect(ana).not_to_be_in_viewport(ratio=0.3)  # what is left of it lies under the hours


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_desk_are_accessible(
    open_page: Callable[..., Page], live_site: LiveServer, melati: Clinic, scheme: str
) -> None:
    booked = book(melati, "Ana Pratiwi", hour=10)
    page = open_page(color_scheme=scheme)
    page.goto(live_site.url + "/accounts/sign-in/")
    assert complaints(page) == []
    sign_in(page, live_site, melati, board_address(melati))

    for address in (
        f"{board_address(melati)}?open={booked.pk}",
        f"/appointments/{booked.pk}/",
        f"/appointments/{booked.pk}/cancel/",
        "/search/?q=ana",
        "/nothing-here/",
    ):
        page.goto(live_site.url + address)
        assert (address, complaints(page)) == (address, [])


def test_on_a_phone_the_head_leaves_the_screen_to_the_work(
    phone_page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    sign_in(phone_page, live_site, melati, board_address(melati))
    head = phone_page.locator("header.top")
    assert head.evaluate("head => head.offsetHeight") <= 96
    expect(head.get_by_role("combobox")).to_be_visible()
    expect(head.get_by_text("Untold")).to_be_hidden()
    booked, here = book(melati, "Ana Pratiwi", hour=11), (melati.provider.pk,)
    missing = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, booked.starts_at, booked.ends_at, here)
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=timezone.now())
    phone_page.reload()
    expect(head.get_by_text("Untold")).to_be_visible()
