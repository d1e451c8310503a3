"""Closing a disruption at the desk, and what was learned of it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import closing
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.models import Disruption, PlanLine
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, FeedbackFactory, UserFactory, letters_have_left
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


def report(desk: Client, disruption: Disruption) -> str:
    answer = desk.get(reverse("disruption-report", args=[disruption.pk]))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_report_says_how_it_went(desk: Client, melati: Clinic) -> None:
    first, second, _third = booked_in_a_row(melati, 3, since="2026-11-24 13:00")
    disruption = provider_away(melati)
    round_ = melati.offered(first)
    letters_have_left(now=NOW + minutes(30))
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + hours(2))
    booking.cancel(second, by=actors.staff(melati.staff), now=NOW)
    FeedbackFactory(appointment=first, handling=4, outcome=None, at=NOW + hours(3))
    PlanLine.objects.create(
        plan=plans.begin(disruption, by=melati.staff, now=NOW),
        appointment=second,
        state="failed",
        fault="No time left.",
    )
    closing.learn(disruption, lessons="Two can stand in.")
    said = report(desk, disruption)
    for figure in (
        "Hit 3 Knew in time 1", "Do not know yet 1", "How they heard of it E-mail: 1",
        "Until they knew half within 30 min, the last one after 30 min",
        "Chose a new time 1 Cancelled 1 Still to move 1", "half within 2.0 h, the last one after 2.0 h",
        "1 answer: how we handled it 4.0, how it ended – of 5", "Staff’s time found again 30 minutes",
        "Cancelled 30 minutes", "for 1 customer", "1× No time left.", "Two can stand in.",
    ):  # fmt: skip
        assert figure in said
    assert melati.staff.get_full_name() not in said.partition("Cause")[2].partition("What went wrong")[0]


def test_nobody_hit_is_nothing_to_report(desk: Client, melati: Clinic) -> None:
    assert "There is nothing to report." in report(desk, provider_away(melati))


@pytest.mark.parametrize("count", [1, 18])
@pytest.mark.parametrize(("page", "queries"), [("disruption-report", 17), ("close-disruption", 14)])
def test_pages_ask_as_much_for_many_as_for_one(
    desk: Client, melati: Clinic, page: str, queries: int, count: int, django_assert_num_queries: Any
) -> None:
    booked = booked_in_a_row(melati, count)
    disruption = provider_away(melati)
    for one in booked[:3]:
        melati.offered(one, guaranteed=False)
    letters_have_left()
    with django_assert_num_queries(queries):
        desk.get(reverse(page, args=[disruption.pk]))
