"""The queue of those who have to be moved: nobody leaves it unseen."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Appointment, Disruption
from tests.clock import hours
from tests.factories import Clinic, CustomerFactory, UserFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(client: Client) -> Clinic:
    world = clinic()
    client.force_login(world.staff)
    return world


@pytest.fixture
def booked(here: Clinic) -> Appointment:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + hours(48)
    return here.booked(start, customer=CustomerFactory(name="Ana Putri", phone="+6281200000001"))


def hit(here: Clinic, booked: Appointment, source: DisruptionSource = DisruptionSource.SAID) -> Disruption:
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, here.location, booked.starts_at, booked.ends_at, (here.provider.pk,)
    )
    return affected.declare(
        missing, reason=here.reason, by=actors.staff(here.staff), now=booked.starts_at - hours(48), source=source
    )


def words(client: Client) -> str:
    return client.get(reverse("to-move")).content.decode()


def test_who_is_hit_stands_there_with_phone_and_next_step(client: Client, here: Clinic, booked: Appointment) -> None:
    assert "Nobody has to be moved" in words(client)
    hit(here, booked)
    page = words(client)
    assert "Ana Putri" in page
    assert 'href="tel:+62-812-0000-0001"' in page
    assert "knows nothing of it yet" in page
    assert reverse("propose", args=[booked.pk]) in page


def test_the_count_stands_in_the_head_of_every_page(client: Client, here: Clinic, booked: Appointment) -> None:
    assert "Untold <strong>0</strong>" in client.get(reverse("waiting")).content.decode()
    hit(here, booked)
    assert "Untold <strong>1</strong>" in client.get(reverse("waiting")).content.decode()


def test_it_takes_place_after_all(client: Client, here: Clinic, booked: Appointment) -> None:
    row = hit(here, booked).affected.get()
    assert client.post(reverse("takes-place", args=[row.pk])).headers["Location"] == reverse("to-move")
    row.refresh_from_db()
    assert row.kept_by == here.staff
    assert "Nobody has to be moved" in words(client)


def test_a_false_alarm_lets_everybody_go(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked)
    assert "False alarm" in words(client)
    assert client.post(reverse("call-off", args=[disruption.pk])).status_code == 302
    assert "Nobody has to be moved" in words(client)


def test_what_has_rows_of_its_own_is_not_called_off_here(client: Client, here: Clinic, booked: Appointment) -> None:
    disruption = hit(here, booked, DisruptionSource.ABSENCE)
    assert "False alarm" not in words(client)
    assert client.post(reverse("call-off", args=[disruption.pk])).status_code == 404


def test_looking_changes_nothing_and_strangers_find_nothing(client: Client, here: Clinic, booked: Appointment) -> None:
    row = hit(here, booked).affected.get()
    assert client.get(reverse("takes-place", args=[row.pk])).status_code == 405
    client.force_login(UserFactory())
    assert client.get(reverse("to-move")).status_code == 404
    assert client.post(reverse("takes-place", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.kept_at is None


def test_a_place_that_was_closed_down_opens_while_somebody_is_booked_there(
    client: Client, here: Clinic, booked: Appointment
) -> None:
    type(here.location).objects.update(is_active=False)
    board = reverse("board", args=[here.location.code, f"{booked.starts_at.astimezone(here.location.tzinfo):%Y-%m-%d}"])
    assert client.get(board).status_code == 200
    Appointment.objects.update(state="cancelled")
    assert client.get(board).status_code == 404


def test_the_numbers_in_the_head_come_by_themselves(client: Client, here: Clinic, booked: Appointment) -> None:
    page = words(client)
    assert f'hx-get="{reverse("counts")}" hx-trigger="every 60s" hx-swap="none"' in page
    assert re.search(r'id="count-to-move"[^>]*hidden>0</span>', page)
    hit(here, booked)
    fresh = client.get(reverse("counts")).content.decode()
    assert re.search(r'id="count-to-move"[^>]*hx-swap-oob="true"\s+>1</span>', fresh)
    assert re.search(r'id="standing" class="limbo bad" hx-swap-oob="true"', fresh)
    swapped = re.findall(r'id="([a-z-]+)"[^>]*hx-swap-oob', fresh)
    assert swapped == ["count-to-move", "count-waiting", "count-calls", "count-promises", "standing"]
    assert all(f'id="{one}"' in page for one in swapped)


def test_whoever_is_signed_out_gets_no_numbers(client: Client, here: Clinic) -> None:
    client.logout()
    assert client.get(reverse("counts")).status_code == 302
