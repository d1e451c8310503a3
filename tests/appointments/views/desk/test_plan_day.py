"""The plan day by day: choose one of them, then one of the free times."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain.disruptions import sending
from appointments.models import DisruptionPlan
from tests.appointments.domain.disruptions.world import booked_on_tuesday, line_of, planned
from tests.clock import NOW
from tests.factories import Clinic, UserFactory

pytestmark = pytest.mark.django_db


def address(plan: DisruptionPlan, query: str = "") -> str:
    return reverse("plan-days", args=[plan.disruption_id]) + query


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_who_is_chosen_is_put_to_a_place_and_the_day_is_shown_again(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    shown = page(desk, address(plan))
    assert f'href="?line={appointment.pk}&amp;day=2026-11-24"' in shown and 'class="place' not in shown

    shown = page(desk, address(plan, f"?line={appointment.pk}&day=2026-11-24"))
    (action,) = re.findall(r'id="place" method="post" action="([^"]+)"', shown)
    key = re.findall(r'form="place" name="key" value="([^"]+)"', shown)[-1]
    response = desk.post(action, {"key": key})

    assert response["Location"] == address(plan, f"?day=2026-11-24#card-{appointment.pk}")
    line = line_of(plan, appointment)
    assert line.starts_at is not None
    assert (line.is_pinned, f"{line.starts_at.timestamp() // 60:.0f}.{line.provider_id}") == (True, key)


def test_a_day_on_which_nothing_is_free_says_so(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    shown = page(desk, address(planned(melati), f"?line={appointment.pk}&day=2027-11-24"))
    assert "On this day nothing is free for it." in shown


def test_who_has_no_time_stands_beside_the_day(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    plan.lines.update(starts_at=None, ends_at=None)
    assert f'id="card-{appointment.pk}"' in page(desk, address(plan)).split('id="tray"')[1].split("</section>")[0]


def test_what_makes_no_sense_means_nobody_and_the_first_day(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    for query in ("?day=tomorrow&line=x", "?line=999999"):
        assert "Choose somebody, or drag them" in page(desk, address(plan, query))


def test_what_is_on_its_way_is_not_moved_about(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    sending.ask(plan, by=melati.staff, now=NOW)
    assert desk.get(address(plan))["Location"] == reverse("plan-progress", args=[plan.disruption_id])


def test_it_is_for_the_desk(client: Client, melati: Clinic) -> None:
    plan = planned(melati)
    client.force_login(UserFactory())
    assert client.get(address(plan)).status_code == 404
