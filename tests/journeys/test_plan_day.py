"""A plan by hand: somebody is dragged to a free place, or chosen and put there by keyboard."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.domain import actors
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planning import plans
from appointments.enums import DisruptionScope
from appointments.models import Appointment, DisruptionPlan
from tests.factories import Clinic, CustomerFactory, clinic
from tests.journeys.stage import complaints, overhang, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def next_week(hour: int) -> datetime:
    """A Monday to come, so that nobody is late whenever this runs; hours of UTC."""
    today = timezone.now().replace(hour=hour, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 + (7 - today.weekday()) % 7)


@pytest.fixture
def plan(live_site: LiveServer) -> tuple[Clinic, DisruptionPlan, Appointment]:
    """The doctor is away on a Monday: Ana at nine and Budi at eleven go to her colleague, where Citra is at ten."""
    melati = clinic()
    ana, _budi = (
        melati.booked(next_week(hour), customer=CustomerFactory(name=name))
        for hour, name in ((2, "Ana Putri"), (4, "Budi Santoso"))
    )
    melati.booked(next_week(3), provider=melati.colleague, room=None, customer=CustomerFactory(name="Citra Dewi"))
    away = WhatIsMissing(
        DisruptionScope.RESOURCES,
        melati.location,
        next_week(0),
        next_week(0) + timedelta(hours=16),
        (melati.provider.pk,),
    )
    now, by = timezone.now(), actors.staff(melati.staff)
    disruption, _is_new = declare.declare(Entry(away, reason=melati.reason), by=by, now=now)
    return melati, plans.make(plans.begin(disruption, by=melati.staff, now=now), now=now), ana


def starts(plan: DisruptionPlan, appointment: Appointment) -> tuple[datetime | None, bool]:
    line = plan.lines.get(appointment=appointment)
    return line.starts_at, line.is_pinned


def test_a_card_is_dragged_to_a_free_place_and_what_is_in_the_way_has_a_name(
    page: Page, live_site: LiveServer, plan: tuple[Clinic, DisruptionPlan, Appointment]
) -> None:
    melati, made, ana = plan
    sign_in(page, live_site, melati.staff, f"/disruptions/{made.disruption_id}/plan/days/")
    assert complaints(page) == []
    card = page.locator(f"#card-{ana.pk}")
    expect(card).to_contain_text("Ana Putri")
    expect(page.locator(".place")).to_have_count(0)

    card.hover(position={"x": 20, "y": 5})
    page.mouse.down()
    citra = page.locator(".booked", has_text="Citra Dewi").bounding_box()
    assert citra
    page.mouse.move(citra["x"] + 20, citra["y"] + 10, steps=5)
    expect(page.locator(".place").first).to_be_attached()
    page.mouse.move(citra["x"] + 22, citra["y"] + 12, steps=2)
    expect(page.locator("#said")).to_have_text("Not free: Citra Dewi")

    free = page.locator(f"#column-{melati.colleague.pk} .place", has_text="10:30").bounding_box()
    assert free
    page.mouse.move(free["x"] + 20, free["y"] + 5, steps=5)
    expect(page.locator("#said")).to_contain_text("Free: 10:30")
    page.mouse.up()

    expect(page.locator(f"#card-{ana.pk}")).to_contain_text("10:30")
    assert starts(made, ana) == (next_week(3) + timedelta(minutes=30), True)


def test_by_keyboard_one_is_chosen_and_then_the_place(
    page: Page, live_site: LiveServer, plan: tuple[Clinic, DisruptionPlan, Appointment]
) -> None:
    melati, made, ana = plan
    sign_in(page, live_site, melati.staff, f"/disruptions/{made.disruption_id}/plan/days/")
    page.locator(f"#card-{ana.pk}").press("Enter")
    expect(page.locator(f"#card-{ana.pk}")).to_have_attribute("aria-current", "true")
    assert complaints(page) == []
    page.locator(f"#column-{melati.colleague.pk} .place", has_text="13:15").press("Enter")
    expect(page.locator(f"#card-{ana.pk}")).to_contain_text("13:15")
    assert starts(made, ana) == (next_week(6) + timedelta(minutes=15), True)


def test_on_a_phone_the_day_stays_within_the_screen(
    phone_page: Page, live_site: LiveServer, plan: tuple[Clinic, DisruptionPlan, Appointment]
) -> None:
    melati, made, ana = plan
    sign_in(phone_page, live_site, melati.staff, f"/disruptions/{made.disruption_id}/plan/days/?line={ana.pk}")
    expect(phone_page.locator(".place").first).to_be_visible()
    assert (overhang(phone_page), complaints(phone_page)) == (0, [])
