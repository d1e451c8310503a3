"""The pages on which a colleague moves, phones and keeps promises: for every eye and screen, in both languages."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.domain.moving import answers
from appointments.enums import PromiseKind, ReasonAbout
from appointments.models import Promise, Reason
from notifications.channels import files
from tests.engines.fixtures import PHONE
from tests.factories import AbsenceFactory
from tests.journeys.stage import Stage, complaints, overhang, page_of, sign_in, words_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def busy(stage: Stage) -> list[str]:
    """A morning with a round that waits, one without times and one in which a call is owed; the addresses to see."""
    waiting = stage.offered(stage.booked("2026-11-24 09:00", name="Ben Situmorang"), personal_note="I am sorry.")
    called = stage.offered(stage.booked("2026-11-24 11:00"))
    answers.call_me(called, words="After lunch, please.", nonce="n", now=timezone.now())
    fresh = stage.booked("2026-11-25 10:00", name="Cici Lestari")
    told = stage.world.told(stage.booked("2026-11-25 14:00", name="Dewi Saputra"), now=timezone.now())
    call = Promise.objects.get(kind=PromiseKind.CALL)
    answers.tell(waiting, words="Why again?", nonce="t", now=timezone.now())
    reply = Promise.objects.get(kind=PromiseKind.REPLY)
    return [
        f"/appointments/{fresh.pk}/move/",
        f"/rounds/{waiting.pk}/",
        f"/rounds/{told.pk}/",
        "/waiting/",
        "/calls/",
        "/promises/",
        f"/promises/{call.pk}/",
        f"/promises/{reply.pk}/",
        f"/promises/{reply.pk}/reply/",
        f"/appointments/{called.appointment_id}/",
    ]


def test_the_pages_of_a_move_suit_every_eye_and_every_screen(page: Page, stage: Stage) -> None:
    addresses = busy(stage)
    sign_in(page, stage.site, stage.world.staff)
    for address in addresses:
        page.goto(stage.site.url + address)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert (address, width, overhang(page)) == (address, width, 0)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # else colours fade into each other
            assert (address, scheme, complaints(page)) == (address, scheme, [])


SCHEMES: tuple[Any, ...] = ("light", "dark")


def test_the_preview_suits_every_eye_and_every_screen(page: Page, stage: Stage) -> None:
    booked = stage.booked()
    sign_in(page, stage.site, stage.world.staff, f"/appointments/{booked.pk}/move/")
    page.get_by_role("button", name="Look at the message").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the reason: the customer is told it.")
    assert complaints(page) == []

    page.get_by_label("Why does it have to move?").select_option(label="Colleague is ill")
    page.get_by_role("button", name="Look at the message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is what goes out")
    assert complaints(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overhang(page) == 0


def test_several_things_are_ticked_and_only_this_appointment_unticks_them(page: Page, stage: Stage) -> None:
    Reason.objects.update(about=ReasonAbout.PERSON)
    sign_in(page, stage.site, stage.world.staff, f"/appointments/{stage.booked().pk}/move/")
    page.get_by_label("Why does it have to move?").select_option(label="Colleague is ill")
    person, room = page.get_by_label("Dr. Ratna", exact=True), page.get_by_label("Room 1", exact=True)
    alone = page.get_by_label("Only this appointment")
    expect(person).to_be_checked()
    with answered(page):
        room.check()
    expect(person).to_be_checked()
    with answered(page):
        alone.check()
    expect(room).not_to_be_checked()
    expect(person).not_to_be_checked()
    assert complaints(page) == []
    with answered(page):
        person.check()
    expect(alone).not_to_be_checked()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, overhang(page)) == (width, 0)


def test_a_customer_is_told_before_there_is_a_time_and_gets_some_later(open_page: OpenPage, stage: Stage) -> None:
    booked = stage.booked()
    world, year = stage.world, timedelta(days=365)
    away = [
        AbsenceFactory(resource=one, starts_at=booked.starts_at - year, ends_at=booked.starts_at + year)
        for one in (world.provider, world.colleague)
    ]
    desk = open_page(viewport=PHONE)
    sign_in(desk, stage.site, world.staff, f"/appointments/{booked.pk}/move/")
    desk.emulate_media(reduced_motion="reduce")
    with answered(desk):
        desk.get_by_label("Why does it have to move?").select_option(label="Colleague is ill")
    expect(desk.get_by_role("link", name="No time yet: tell the customer")).to_be_visible()
    assert (complaints(desk), overhang(desk)) == ([], 0)
    desk.get_by_role("button", name="Look at the message without times").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("This is what goes out")
    desk.get_by_role("button", name="Send the message").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ana Putri: told, no time yet")

    stage.wait(minutes=1)
    (letter,) = stage.post()
    assert "There is no time yet that we can offer you." in words_of(letter)
    customer = open_page(viewport=PHONE, java_script_enabled=False)
    customer.goto(page_of(letter))
    expect(customer.get_by_role("heading", level=1)).to_have_text("Your appointment needs a new time")
    expect(customer.get_by_role("radio")).to_have_count(0)
    customer.locator("summary", has_text="What suits me").click()
    customer.locator("details.answer[open]").get_by_role("textbox").fill("After four.")
    customer.locator("details.answer[open]").get_by_role("button", name="Send it").click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("We are looking for other times")

    for one in away:
        one.delete()
    stage.post()
    desk.goto(f"{stage.site.url}/appointments/{booked.pk}/")
    desk.get_by_role("link", name="Propose other times").click()
    expect(desk.locator("main")).to_contain_text("After four.")
    desk.get_by_role("button", name="Look at the message").click()
    desk.get_by_role("button", name="Send the offer").click()
    stage.wait(minutes=1)
    (times,) = stage.post()
    assert "Thank you for waiting." in words_of(times)
    customer.goto(page_of(times))
    customer.get_by_role("radio").first.check()
    customer.get_by_role("button", name="Choose this time").click()
    expect(customer.get_by_role("heading", level=1)).to_contain_text("confirmed")
    assert not Promise.objects.open().filter(kind=PromiseKind.FIND_TIMES).exists()


def answered(page: Page) -> Any:
    """Until the times that are left have come."""
    return page.expect_response(lambda response: response.request.method == "POST" and response.url.endswith("/move/"))


def test_what_a_customer_told_us_is_answered_in_writing(open_page: OpenPage, stage: Stage) -> None:
    round_ = stage.offered()
    (letter,) = stage.post()
    answers.tell(round_, words="Is the parking paid, too?", nonce="t", now=timezone.now())
    stage.post()
    page = open_page(viewport=PHONE)
    sign_in(page, stage.site, stage.world.staff, "/calls/")
    page.get_by_role("link", name=re.compile("answer what the customer told us", re.IGNORECASE)).click()
    page.get_by_role("link", name="Answer in writing").click()
    page.get_by_label("Your answer").fill("It is.\n\nShow this message at the gate.")
    page.get_by_role("button", name="Look at the message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is what goes out")
    assert (complaints(page), overhang(page)) == ([], 0)
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("The answer is ready to go.")
    assert stage.post() == []  # it can still be taken back

    stage.wait(minutes=1)
    (answer,) = stage.post()
    assert "Show this message at the gate." in words_of(answer)
    page.goto(page_of(letter))
    expect(page.locator("figure.note")).to_contain_text("Show this message at the gate.")
    assert complaints(page) == []


def test_the_admin_suits_every_eye(page: Page, stage: Stage) -> None:
    busy(stage)
    sign_in(page, stage.site, stage.world.manager)
    page.goto(f"{stage.site.url}/admin/")
    report = page.get_by_role("link", name=re.compile("why", re.IGNORECASE)).first.get_attribute("href")
    for address in ("/admin/", "/admin/appointments/reschedulerequest/", report):
        page.goto(f"{stage.site.url}{address}")
        assert (address, complaints(page)) == (address, [])


def test_the_demo_mailbox_suits_every_eye_and_leads_to_the_page(
    open_page: OpenPage, stage: Stage, settings: Any, tmp_path: Path
) -> None:
    settings.DEMO_MAILBOX, settings.EMAIL_BACKEND = True, files.BACKEND
    stage.offered()
    stage.post()
    page = open_page(viewport=PHONE)
    page.goto(f"{stage.site.url}/demo/mail/")
    assert complaints(page) == []
    page.get_by_role("link", name="Ana Putri").click()
    assert (complaints(page), overhang(page)) == ([], 0)

    with page.context.expect_page() as opened:
        page.frame_locator("iframe.letter").get_by_role("link", name=re.compile("November")).first.click()

    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Your appointment needs a new time")
    expect(opened.value.get_by_role("radio", checked=True)).to_have_count(1)


def english_in(page: Page) -> list[str]:
    """Words of ours that are English and stand on the page, outside what is marked as another language."""
    page.locator("body [lang=en]").evaluate_all("found => found.forEach(one => one.remove())")
    seen = page.locator("body").inner_text()
    return [word for word in ENGLISH if re.search(rf"\b{word}\b", seen)]


ENGLISH = ("the", "your", "you", "please", "Please", "and", "with", "Choose", "Appointment", "until", "Promise", "call")


@pytest.fixture
def indonesian(open_page: OpenPage) -> Iterator[Page]:
    yield open_page(viewport=PHONE, locale="id-ID")


def test_a_customer_who_reads_indonesian_reads_nothing_else(indonesian: Page, stage: Stage) -> None:
    page = indonesian
    page.goto(stage.invited(stage.booked(language="id", honorific="ms")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji temu ini perlu dijadwalkan ulang")
    expect(page.locator(".was")).to_contain_text("Sel 24 Nov, 10.00 WIB")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert (page.locator("html").get_attribute("lang"), english_in(page)) == ("id", [])

    page.get_by_role("radio").first.check()
    page.locator("form.offers button").click()
    expect(page.locator(".notice.good .hour")).to_contain_text("WIB")
    (confirmation,) = stage.post()
    assert "Yth. Ibu Ana Putri" in str(confirmation.get_body(("plain",)))

    # The page changes its language when asked to, and says the same.
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your new time is confirmed")


def test_a_colleague_who_reads_indonesian_reads_nothing_else(indonesian: Page, stage: Stage) -> None:
    addresses = busy(stage)
    page = indonesian
    page.goto(stage.site.url)
    page.fill("input[name=username]", stage.world.staff.username)
    page.fill("input[name=password]", "sunny-garden-gate")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    for address in addresses:
        page.goto(stage.site.url + address)
        assert (address, page.locator("html").get_attribute("lang")) == (address, "id")
        said_by_people = {"please"}
        assert (address, set(english_in(page)) - said_by_people) == (address, set())
