"""The main job from sign-in to history: a colleague at a desk, a customer with a phone, and letters between them."""

import re
from email.message import EmailMessage
from urllib.request import urlopen

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from appointments.enums import RequestState
from appointments.models import Appointment, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import at
from tests.journeys.stage import Stage, links_of, sign_in, words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Dr. Ratna asks me to tell you that she is sorry, too."
APOLOGY = "Your consultation on Tue 24 Nov cannot take place: please choose a new time"
STORY = [
    "Confirmed: your consultation is now on Wed 25 Nov, 10:00 WIB",
    "Moved",
    "Chose a time",
    APOLOGY,
    "Follow-up promised",
    "New times offered",
    "Offers taken back",
    "Follow-up promised",
    "New times offered",
    APOLOGY,
]
"""The appointment's page after the main job, the newest on top; the letter at the bottom never left."""


def propose(page: Page) -> None:
    """From the appointment's page to the preview, which shows what will arrive."""
    page.get_by_role("link", name="Propose new times").click()
    page.get_by_label("Why does it have to move?").select_option(label="Colleague is ill")
    page.get_by_label("A personal line").fill(NOTE)
    look_at_the_message(page)


def look_at_the_message(page: Page) -> None:
    page.get_by_role("button", name="Look at the message", exact=True).click()
    shown = page.locator("details.preview").first
    expect(shown.locator("p.subject strong")).to_have_text(APOLOGY)
    expect(shown.locator("pre")).to_contain_text(NOTE)


def pick_the_second(page: Page, offer: EmailMessage) -> None:
    """The link of an offer opens the page with that offer chosen: one more tap."""
    page.goto([link for link in links_of(offer) if "offer=" in link][1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment needs a new time")
    chosen = page.locator("label.offer", has=page.locator("input:checked")).locator(".day").inner_text()
    page.get_by_role("button", name="Choose this time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your new time is confirmed")
    assert page.locator(".notice.good .day").inner_text() == chosen


def calendar_of(letter: EmailMessage) -> Calendar:
    (invite,) = [part for part in letter.walk() if part.get_filename() == "invite.ics"]
    return Calendar.from_ical(invite.get_content())


def fetched(page: Page, stage: Stage) -> Calendar:
    """The calendar file behind the page's button."""
    link = page.get_by_role("link", name="Put it into my calendar").get_attribute("href")
    with urlopen(f"{stage.site.url}{link}") as answer:  # noqa: S310  our own server
        return Calendar.from_ical(answer.read())


def facts(calendar: Calendar) -> tuple[object, ...]:
    (entry,) = calendar.events
    return str(calendar["METHOD"]), str(entry["UID"]), str(entry["SEQUENCE"]), entry.start


def test_a_customer_is_moved_from_the_board_to_the_calendar(page: Page, phone_page: Page, stage: Stage) -> None:
    appointment = stage.booked()
    sign_in(page, stage.site, stage.world.staff)
    page.get_by_role("link", name="The day after").click()
    page.get_by_role("region", name="Dr. Ratna").get_by_role("link", name="Ana Putri").click()
    propose(page)
    page.get_by_role("button", name="Send the offer").click()
    stage.wait(minutes=1)
    (offer,) = stage.post()
    assert (offer["Subject"], offer["To"]) == (APOLOGY, "Ana Putri <ana@mail.example>")
    assert NOTE in words_of(offer)

    pick_the_second(phone_page, offer)

    # One appointment, moved; the calendar entry keeps its name and takes the new hour.
    appointment.refresh_from_db()
    assert (Appointment.objects.count(), appointment.starts_at) == (1, at("2026-11-25 10:00"))
    (confirmation,) = stage.post()
    expected = ("REQUEST", appointment.uid, str(appointment.sequence), appointment.starts_at)
    assert [facts(calendar_of(confirmation)), facts(fetched(phone_page, stage))] == [expected, expected]

    # The desk sees the answer, and that nothing is left open.
    page.reload()
    expect(page.get_by_role("heading", name="New time chosen")).to_be_visible()
    expect(page.get_by_text("Waiting without an answer")).to_contain_text("0")
    assert not Promise.objects.open().exists()


def test_an_offer_that_was_undone_reaches_nobody_and_the_next_one_does(page: Page, stage: Stage) -> None:
    appointment = stage.booked()
    sign_in(page, stage.site, stage.world.staff, f"/appointments/{appointment.pk}/")
    propose(page)
    page.get_by_role("button", name="Send the offer").click()
    expect(page.get_by_text(re.compile(r"The message leaves in \d+ seconds?\."))).to_be_visible()
    assert stage.post() == []

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The customer was not told anything of it.")
    stage.wait(minutes=1)
    assert (stage.post(), RescheduleRequest.objects.get().state) == ([], RequestState.WITHDRAWN)

    # The page stands as it was: nothing has to be chosen or typed again.
    expect(page.get_by_label("A personal line")).to_have_value(NOTE)
    look_at_the_message(page)
    page.get_by_role("button", name="Send the offer").click()
    stage.wait(minutes=1)
    (offer,) = stage.post()
    pick_the_second(page, offer)
    stage.post()

    page.goto(f"{stage.site.url}/appointments/{appointment.pk}/")
    assert page.get_by_role("region", name="What happened").locator("li > p > strong").all_inner_texts() == STORY
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "sent", "sent"]


def test_managers_find_the_round_in_the_admin(page: Page, stage: Stage) -> None:
    round_ = stage.offered()
    sign_in(page, stage.site, stage.world.manager)
    page.goto(f"{stage.site.url}/admin/")

    page.get_by_role("link", name="Reschedule requests").first.click()
    page.locator("#result_list").get_by_role("link", name="Ana Putri").first.click()

    expect(page.get_by_text("Colleague is ill").first).to_be_visible()
    assert page.url.endswith(f"/admin/appointments/reschedulerequest/{round_.pk}/change/")
