"""Closing a disruption at the desk, and what was learned of it."""

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain import affected
from appointments.models import Disruption
from tests.clock import NOW, hours
from tests.factories import Clinic, UserFactory, letters_have_left
from tests.factories.disruptions import booked_in_a_row, provider_away

pytestmark = pytest.mark.django_db


def page(desk: Client, disruption: Disruption) -> str:
    return desk.get(reverse("close-disruption", args=[disruption.pk])).content.decode()


def close(desk: Client, disruption: Disruption, *, step: str = "close", lessons: str = "") -> tuple[int, str]:
    answer = desk.post(reverse("close-disruption", args=[disruption.pk]), {"step": step, "lessons": lessons})
    return answer.status_code, answer.content.decode()


def test_who_is_left_alone_stands_there_and_it_cannot_be_closed(desk: Client, melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    shown = page(desk, disruption)
    assert f'<a href="{reverse("appointment", args=[hit.pk])}">Customer 1</a>' in shown
    assert "nobody moves it yet" in shown
    assert "Close it" not in shown
    status, said = close(desk, disruption, lessons="Ask earlier.")
    assert status == 422
    assert "1 customer is still left alone with it: Customer 1." in said
    assert "Ask earlier." in said, "what was typed stays"
    disruption.refresh_from_db()
    assert disruption.closed_at is None


def test_it_is_closed_while_somebody_still_chooses(desk: Client, melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    round_ = melati.offered(hit)
    letters_have_left()
    assert "1 customer is still choosing or waits for us" in page(desk, disruption)
    assert close(desk, disruption, lessons="Ask earlier.")[0] == 302
    disruption.refresh_from_db()
    assert (disruption.closed_at, disruption.closed_by, disruption.lessons) == (NOW, melati.staff, "Ask earlier.")
    round_.refresh_from_db()
    assert round_.is_live
    shown = page(desk, disruption)
    assert "Mon 23 Nov, 09:00 WIB, by" in shown
    assert "Close it" not in shown


def test_what_was_learned_is_kept_without_closing(desk: Client, melati: Clinic) -> None:
    booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    assert close(desk, disruption, step="learn", lessons="Two can stand in.")[0] == 302
    disruption.refresh_from_db()
    assert (disruption.closed_at, disruption.lessons) == (None, "Two can stand in.")
    assert "Two can stand in.</textarea>" in page(desk, disruption)
    assert close(desk, disruption, step="learn", lessons="x" * 2001)[0] == 422


def test_it_says_that_somebody_was_hit_since(desk: Client, melati: Clinic) -> None:
    disruption = provider_away(melati)
    assert close(desk, disruption)[0] == 302
    booked_in_a_row(melati, 1)
    provider_away(melati, now=NOW + hours(1))
    assert "somebody has been hit since: it is open again" in page(desk, disruption)


def test_looking_changes_nothing_and_strangers_find_nothing(desk: Client, melati: Clinic) -> None:
    disruption = provider_away(melati)
    page(desk, disruption)
    desk.force_login(UserFactory())
    assert close(desk, disruption)[0] == 404
    assert desk.get(reverse("close-disruption", args=[disruption.pk])).status_code == 404
    disruption.refresh_from_db()
    assert disruption.closed_at is None


def test_what_was_called_off_says_so(desk: Client, melati: Clinic) -> None:
    disruption = provider_away(melati)
    affected.call_off(disruption, now=NOW)
    shown = page(desk, disruption)
    assert "Called off, Mon 23 Nov, 09:00 WIB: everything takes place." in shown
    assert "Close it" not in shown
