"""The live board in a real browser: what happens elsewhere appears by itself, and nothing is taken from the reader."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope
from appointments.models import Appointment, Disruption
from tests.clock import days
from tests.factories import Clinic, CustomerFactory, clinic
from tests.journeys.stage import complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def melati(live_site: LiveServer) -> Clinic:
    return clinic()


def next_week(hour: int) -> datetime:
    """A Monday to come, so that nobody is late whenever this runs."""
    today = timezone.now().replace(hour=hour, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 + (7 - today.weekday()) % 7)


def board(melati: Clinic) -> tuple[Disruption, Appointment]:
    """Two are hit, and know nothing of it."""
    first, _second = (
        melati.booked(next_week(hour), customer=CustomerFactory(name=name))
        for hour, name in ((2, "Ana Putri"), (4, "Budi Santoso"))
    )
    start = next_week(0)
    missing = WhatIsMissing(DisruptionScope.PLACE, melati.location, start, start + days(1))
    now = timezone.now()
    return affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=now), first


def test_what_happens_elsewhere_appears_and_what_is_open_stays_open(
    page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    disruption, first = board(melati)
    sign_in(page, live_site, melati.staff, f"/disruptions/{disruption.pk}/")
    expect(page.locator("#column-untold .who")).to_have_text(["Ana Putri", "Budi Santoso"])
    assert complaints(page) == []

    page.locator(f"#more-{first.pk} summary").click()
    page.locator(f"#name-{first.pk}").focus()
    melati.offered(first, now=timezone.now(), disruption=disruption)
    expect(page.locator("#column-told .who")).to_have_text(["Ana Putri"], timeout=10_000)
    expect(page.locator("#column-untold .who")).to_have_text(["Budi Santoso"])
    expect(page.locator("#live-line")).to_contain_text("1 untold")
    assert page.locator(f"#more-{first.pk}").evaluate("one => one.open") is True
    assert page.evaluate("document.activeElement.id") == f"name-{first.pk}"


def test_whoever_marks_a_number_is_left_alone_until_then(page: Page, live_site: LiveServer, melati: Clinic) -> None:
    disruption, first = board(melati)
    sign_in(page, live_site, melati.staff, f"/disruptions/{disruption.pk}/")
    page.evaluate(f"getSelection().selectAllChildren(document.getElementById('card-{first.pk}'))")
    affected.keep(first, by=actors.SYSTEM, now=timezone.now())
    page.wait_for_timeout(4_000)
    expect(page.locator("#column-untold .who")).to_have_text(["Ana Putri", "Budi Santoso"])
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#column-closed .who")).to_have_text(["Ana Putri"], timeout=10_000)


def test_on_a_phone_the_columns_stand_one_under_another_the_empty_ones_folded(
    phone_page: Page, live_site: LiveServer, melati: Clinic
) -> None:
    disruption, _first = board(melati)
    sign_in(phone_page, live_site, melati.staff, f"/disruptions/{disruption.pk}/")
    assert overhang(phone_page) == 0
    boxes = phone_page.eval_on_selector_all(
        ".live-column", "all => all.map(one => [one.id, one.getBoundingClientRect().left, one.offsetHeight < 60])"
    )
    assert len({left for _id, left, _low in boxes}) == 1
    assert [name for name, _left, low in boxes if not low] == ["column-untold"]
