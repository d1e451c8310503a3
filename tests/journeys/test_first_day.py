"""The owner of a small clinic comes from an empty database to a first moved appointment, in the browser alone."""

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.domain.setup import owner
from appointments.models import Appointment, Business, Location, Reason, Resource, Service
from notifications.delivery import deliver_due
from tests.clock import NOW, at
from tests.engines.smtp import SmtpSink
from tests.journeys.stage import complaints, links_of, overhang

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

STEPS = ("business", "places", "people", "services", "reasons", "bring")


def make_the_owner(page: Page, site: LiveServer, code: str) -> None:
    page.goto(f"{site.url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    page.get_by_label("Code*").fill(code)
    page.get_by_label("Country*").select_option("ID")
    page.get_by_label("First name*").fill("Dewi")
    page.get_by_label("E-mail*").fill("dewi@melati.example")
    page.get_by_label("Name to sign in with*").fill("dewi")
    page.get_by_label("Password*").fill("hujan-sore-di-teras")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your business")


def save(page: Page, next_title: str) -> None:
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(next_title)


def set_up(page: Page) -> None:
    """Six steps with what is proposed; only names are typed."""
    page.get_by_label("Name*", exact=True).fill("Klinik Melati")
    page.get_by_label("Phone").fill("021 5550 100")
    save(page, "Places and hours")
    expect(page.get_by_label("Name*", exact=True)).to_have_value("Klinik Melati")
    save(page, "People")
    page.get_by_label("Name", exact=True).nth(0).fill("dr. Ratna")
    page.get_by_label("Name", exact=True).nth(1).fill("dr. Andi")
    save(page, "Services")
    save(page, "Reasons")
    save(page, "Your appointments")


def test_from_nothing_to_a_moved_appointment(page: Page, live_site: LiveServer, smtp_sink: SmtpSink) -> None:
    with time_machine.travel(NOW, tick=True) as clock:
        make_the_owner(page, live_site, owner.new_code(now=NOW))
        set_up(page)
        business = Business.objects.get()
        assert (business.language, business.currency, str(business.phone)) == ("id", "IDR", "+62215550100")
        assert Location.objects.get().zone == "Asia/Jakarta"
        assert (Resource.objects.count(), Service.objects.count(), Reason.objects.count()) == (2, 4, 13)

        page.get_by_role("link", name="Book the first one").click()
        page.get_by_label("Name, phone or e-mail").fill("Ana Putri")
        page.get_by_role("radio", name="Somebody new").check()
        page.locator("[name=new-name]").fill("Ana Putri")
        page.locator("[name=new-email]").fill("ana@mail.example")
        page.locator("[name=new-language]").select_option("en")
        page.get_by_label("What*").select_option(label="Consultation")
        page.locator("input[name=slot]").first.check()
        page.get_by_role("button", name="Book it").click()
        expect(page.get_by_role("status")).to_contain_text("Booked.")
        booked = Appointment.objects.get()
        was = booked.starts_at
        assert was > at("2026-11-23 09:00")

        page.goto(f"{live_site.url}/appointments/{booked.pk}/")
        page.get_by_role("link", name="Propose new times").click()
        page.get_by_label("Why does it have to move?").select_option(label="Colleague not available")
        page.get_by_label("A personal line").fill("Dr. Ratna asks me to tell you that she is sorry, too.")
        page.get_by_role("button", name="Look at the message", exact=True).click()
        page.get_by_role("button", name="Send the offer").click()
        page.wait_for_url("**/rounds/**")
        clock.shift(120)
        deliver_due(now_fn=timezone.now)
        letters = [received.message for received in smtp_sink.messages]
        assert all("Klinik Melati" in str(letter["From"]) for letter in letters)

        page.goto(next(link for letter in letters for link in links_of(letter) if "offer=" in link))
        page.get_by_role("button", name="Choose this time").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your new time is confirmed")
        booked.refresh_from_db()
        assert booked.starts_at != was


def test_each_step_can_wait_and_the_board_says_what_is_left(page: Page, live_site: LiveServer) -> None:
    with time_machine.travel(NOW, tick=True):
        make_the_owner(page, live_site, owner.new_code(now=NOW))
        for _step in STEPS:
            page.get_by_role("button", name="Leave this out for now").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Setting up")
        page.goto(f"{live_site.url}/")
        expect(page.get_by_text("Setting up: 0 of 6 steps are done.")).to_be_visible()
        page.get_by_role("link", name="Add the first place").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Places and hours")

        page.goto(f"{live_site.url}/")
        page.get_by_role("button", name="Put this list away").click()
        expect(page.get_by_role("status")).to_contain_text("The list is put away.")
        assert page.get_by_text("Setting up:").count() == 0


def test_the_steps_suit_every_eye_and_every_screen(page: Page, live_site: LiveServer) -> None:
    with time_machine.travel(NOW, tick=True):
        page.goto(f"{live_site.url}/first/")
        make_the_owner(page, live_site, owner.new_code(now=NOW))
        set_up(page)
        for address in ("/setup/", *(f"/setup/{step}/" for step in STEPS), "/"):
            page.goto(live_site.url + address)
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert (address, width, overhang(page)) == (address, width, 0)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                assert (address, scheme, complaints(page)) == (address, scheme, [])
