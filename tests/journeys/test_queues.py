"""Queues in a real browser: they renew themselves, but never under the reader's fingers; readable by everybody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.domain import actors
from appointments.domain import promises as ledger
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.enums import PromiseKind
from appointments.models import Promise
from tests.engines.fixtures import PHONE
from tests.factories import Clinic, CustomerFactory, PromiseFactory, StaffFactory, clinic
from tests.journeys.stage import PASSWORD, complaints, overhang

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
RHYTHM = 5_500
"""So many milliseconds after which an open queue has asked for news once more."""


@pytest.fixture
def melati(live_site: LiveServer) -> Clinic:
    return clinic()


def owed(world: Clinic, name: str, *, day: int = 1, kind: PromiseKind = PromiseKind.CALL) -> Promise:
    """By the rules, so that it stands in the history like whatever happens."""
    starts = timezone.now() + timedelta(days=day)
    appointment = world.booked(starts, customer=CustomerFactory(name=name, phone="+628125550123"), room=None)
    return ledger.owe(kind, appointment, owner=world.staff, now=timezone.now(), hours=2)


def open_queue(page: Page, site: LiveServer, world: Clinic, path: str = "/calls/") -> None:
    page.goto(site.url + path)
    page.get_by_label("Name", exact=True).fill(world.staff.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_who_appears_and_who_goes_is_seen_within_seconds(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    first = owed(melati, "Ana Putri")
    page.clock.install()
    open_queue(page, live_site, melati)
    expect(page.get_by_role("link", name="Ana Putri", exact=True)).to_be_visible()

    owed(melati, "Ben Situmorang", day=2)
    page.clock.run_for(RHYTHM)
    expect(page.get_by_role("link", name="Ben Situmorang", exact=True)).to_be_visible()
    expect(page.locator("#count-calls")).to_have_text("2")
    expect(page.locator("#number-calls")).to_have_text("2")

    ledger.keep(first, how="done", by=actors.staff(melati.staff), now=timezone.now())
    page.clock.run_for(RHYTHM)
    expect(page.get_by_role("link", name="Ana Putri", exact=True)).not_to_be_visible()


@pytest.mark.parametrize(
    "begin",
    [
        lambda page: page.get_by_label("Tick Ana Putri").check(),
        lambda page: page.get_by_label("What they should know").fill("Speaks Javanese"),
        lambda page: page.get_by_role("link", name="Phone now Ana Putri").focus(),
        lambda page: page.evaluate("getSelection().selectAllChildren(document.querySelector('.work .tel'))"),
    ],
)
def test_nothing_moves_under_the_fingers_and_a_word_says_so(
    page: Page, live_site: LiveServer, melati: Clinic, begin: Callable[[Page], None]
) -> None:
    owed(melati, "Ana Putri")
    page.clock.install()
    open_queue(page, live_site, melati)
    begin(page)
    owed(melati, "Ben Situmorang", day=2)
    page.clock.run_for(RHYTHM)

    expect(page.get_by_text("Something has changed here.")).to_be_visible()
    expect(page.locator("#count-calls")).to_have_text("2")
    expect(page.get_by_role("link", name="Ben Situmorang", exact=True)).not_to_be_visible()
    page.get_by_role("link", name="Show how it stands now").click()
    expect(page.get_by_role("link", name="Ben Situmorang", exact=True)).to_be_visible()


def test_a_queue_that_nobody_looks_at_does_not_ask(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    page.clock.install()
    open_queue(page, live_site, melati)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/news/" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(3 * RHYTHM)
    assert asked == []
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false})")
    page.clock.run_for(RHYTHM)
    assert len(asked) == 1


def test_a_queue_that_was_left_open_asks_to_sign_in_again(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    page.clock.install()
    open_queue(page, live_site, melati)
    page.context.clear_cookies()
    page.clock.run_for(RHYTHM)
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_enter_in_the_note_hands_over_what_is_ticked_and_nothing_else(
    page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    ana, ben = owed(melati, "Ana Putri"), owed(melati, "Ben Situmorang", day=2)
    budi = StaffFactory(first_name="Budi", last_name="Santoso")
    Promise.objects.update(owner=StaffFactory())
    open_queue(page, live_site, melati)
    page.get_by_label("Tick Ben Situmorang").check()
    page.get_by_label("Hand over to").select_option(label="Budi Santoso")
    page.get_by_label("What they should know").fill("Speaks Javanese")
    page.get_by_label("What they should know").press("Enter")
    expect(page.get_by_text("Handed over: 1.")).to_be_visible()
    assert [Promise.objects.get(pk=one.pk).owner == budi for one in (ana, ben)] == [False, True]


def test_without_a_script_a_colleague_narrows_takes_over_and_keeps_a_view(
    open_page: Callable[..., Page], live_site: LiveServer, melati: Clinic
) -> None:
    owed(melati, "Ana Putri")
    promise = owed(melati, "Ben Situmorang", day=2, kind=PromiseKind.REPLY)
    Promise.objects.update(owner=StaffFactory())
    page = open_page(java_script_enabled=False)
    open_queue(page, live_site, melati)
    page.get_by_label("Kind").select_option("reply")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Ana Putri", exact=True)).not_to_be_visible()
    expect(page.get_by_role("button", name="Tick all on this page")).not_to_be_visible()
    page.get_by_role("button", name="Take over Ben Situmorang").click()
    expect(page.get_by_text("Yours now: 1.")).to_be_visible()
    assert Promise.objects.get(pk=promise.pk).owner == melati.staff
    page.get_by_text("Keep this view").click()
    page.get_by_label("Name of this view").fill("Letters")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("link", name="Show all").click()
    page.get_by_role("link", name="Letters").click()
    expect(page.get_by_role("link", name="Ana Putri", exact=True)).not_to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_every_queue_is_for_every_eye_and_screen(
    open_page: Callable[..., Page], live_site: LiveServer, melati: Clinic, dark: bool
) -> None:
    for day, kind in enumerate((PromiseKind.CALL, PromiseKind.REPLY, PromiseKind.FIND_TIMES), start=1):
        owed(melati, f"Customer with quite a long name {day}", day=day, kind=kind)
    PromiseFactory(appointment=Promise.objects.latest("pk").appointment, due_at=timezone.now() - timedelta(hours=1))
    melati.offered(melati.booked(timezone.now() + timedelta(days=5), customer=CustomerFactory()), now=timezone.now())
    page = open_page(viewport=PHONE, color_scheme="dark" if dark else "light")
    open_queue(page, live_site, melati)
    for code in QUEUES:
        page.goto(f"{live_site.url}/queues/{code}/")
        assert (code, complaints(page), overhang(page)) == (code, [], 0)
    page.set_viewport_size({"width": 1280, "height": 800})
    for code in ("calls", "waiting", "promises"):
        page.goto(f"{live_site.url}/queues/{code}/")
        assert (code, complaints(page), overhang(page)) == (code, [], 0)
