"""What a colleague has typed survives an expired session, another language and a lost connection."""

import pytest
from playwright.sync_api import Page, expect

from appointments.enums import AppointmentState
from appointments.models import Appointment
from tests.journeys.stage import PASSWORD, Stage, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
BACK = "What was typed here before is back. It has not been sent."


@pytest.fixture
def typing(page: Page, stage: Stage) -> Appointment:
    """A colleague is about to cancel somebody's appointment, and has written why."""
    booked = stage.booked()
    sign_in(page, stage.site, stage.world.staff, f"/appointments/{booked.pk}/cancel/")
    page.get_by_role("radio", name="The customer asked for it").check()
    page.get_by_label("Why, for colleagues").fill("Moves to Bandung")
    return booked


def signed_out(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def test_an_expired_session_costs_a_password_and_not_the_words(page: Page, stage: Stage, typing: Appointment) -> None:
    signed_out(page)
    page.get_by_role("button", name="Look at the message").click()
    expect(page.get_by_text("You were signed out meanwhile")).to_be_visible()
    page.get_by_label("Name", exact=True).fill(stage.world.staff.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Why, for colleagues")).to_have_value("Moves to Bandung")
    expect(page.get_by_role("radio", name="The customer asked for it")).to_be_checked()
    typing.refresh_from_db()
    assert typing.state == AppointmentState.BOOKED


def test_another_language_keeps_the_words(page: Page, stage: Stage, typing: Appointment) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("textarea[name=note]")).to_have_value("Moves to Bandung")


def test_a_lost_connection_keeps_the_words(page: Page, stage: Stage, typing: Appointment) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name="Look at the message").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto(f"{stage.site.url}/appointments/{typing.pk}/cancel/")
    expect(page.get_by_label("Why, for colleagues")).to_have_value("Moves to Bandung")


def test_what_was_taken_does_not_come_back(page: Page, stage: Stage, typing: Appointment) -> None:
    page.get_by_role("button", name="Look at the message").click()
    expect(page.get_by_role("heading", name="This is what")).to_be_visible()
    page.goto(f"{stage.site.url}/appointments/{typing.pk}/cancel/")
    expect(page.get_by_label("Why, for colleagues")).to_have_value("")
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_it_can_be_thrown_away(page: Page, stage: Stage, typing: Appointment) -> None:
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("Why, for colleagues")).to_have_value("")
    page.reload()
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_nobody_else_reads_it(page: Page, stage: Stage, typing: Appointment) -> None:
    signed_out(page)
    stage.world.manager.set_password(PASSWORD)
    stage.world.manager.save()
    sign_in(page, stage.site, stage.world.manager, f"/appointments/{typing.pk}/cancel/")
    expect(page.get_by_label("Why, for colleagues")).to_have_value("")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('typed:'))") == []
