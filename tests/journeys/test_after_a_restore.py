"""A backup was put back: a manager decides, on a phone, about what waited in it, and one letter leaves."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import restores
from notifications.models import Message
from tests.journeys.stage import Stage, complaints, overhang, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_letter_is_released_and_the_other_dropped(stage: Stage, phone_page: Page) -> None:
    for name, hour in (("Ana Putri", 10), ("Ben Situmorang", 14)):
        email = f"{name[:3].lower()}@mail.example"
        stage.offered(stage.booked(f"2026-11-24 {hour}:00", name=name, email=email))
    restores.hold_all(now=timezone.now())
    assert stage.post() == []
    page = phone_page
    sign_in(page, stage.site, stage.world.manager, "/calls/")

    page.get_by_role("link", name="Since the restore 2").click()
    assert complaints(page) == []
    assert overhang(page) == 0
    page.get_by_role("checkbox", name="Ana Putri").check()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("1 message leaves now if it is still true.")).to_be_visible()
    page.get_by_role("checkbox", name="The 1 message of this list").check()
    page.get_by_role("button", name="Drop").click()
    expect(page.get_by_text("Say why: it stands beside each message").first).to_be_visible()
    assert complaints(page) == []
    page.get_by_label("Why it is dropped").select_option("They were told by phone or in another way.")
    page.get_by_role("button", name="Drop").click()

    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    expect(page.get_by_role("link", name="Since the restore")).to_have_count(0)
    assert [letter["To"] for letter in stage.post()] == ["Ana Putri <ana@mail.example>"]
    assert (
        "They were told by phone or in another way."
        in Message.objects.get(to_name="Ben Situmorang", state="cancelled").why
    )
