"""One message about several appointments: the page of each says how the others stand."""

from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from appointments.domain import actors, booking, links
from appointments.domain.moving import answers, rounds
from appointments.domain.pages import told_besides
from appointments.domain.pages.customer_page import customer_situation
from appointments.domain.pages.told_besides import CANCELLED, CHOOSE, HOLDS, WITH_US, Beside
from appointments.enums import LinkPurpose
from appointments.models import Appointment, RescheduleRequest
from tests.clock import NOW
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(melati: Clinic) -> tuple[RescheduleRequest, RescheduleRequest]:
    booked = [melati.booked(f"2026-11-24 {hour}:00") for hour in (10, 14)]
    moves = [(booking.lock(one), melati.draft(one, count=2, guaranteed=False)) for one in booked]
    first, second = rounds.open_together(moves, by=actors.staff(melati.staff), now=NOW)
    return first, second


def seen_from(round_: RescheduleRequest) -> list[Beside]:
    appointment = Appointment.objects.for_display().get(pk=round_.appointment_id)
    return told_besides.besides(customer_situation(appointment, now=NOW).request)


def test_each_page_names_the_other(told: tuple[RescheduleRequest, RescheduleRequest]) -> None:
    first, second = told
    assert [(one.appointment, one.word) for one in seen_from(first)] == [(second.appointment, CHOOSE)]
    assert [(one.appointment, one.word) for one in seen_from(second)] == [(first.appointment, CHOOSE)]


def test_it_says_what_is_so_now(told: tuple[RescheduleRequest, RescheduleRequest]) -> None:
    first, second = told
    answers.call_me(second, nonce="c", now=NOW)
    assert [one.word for one in seen_from(first)] == [WITH_US]
    answers.accept(second.offers.get(position=1), nonce="p", now=NOW)
    [other] = seen_from(first)
    assert (other.word, other.appointment.starts_at) == (HOLDS, second.offers.get(position=1).starts_at)
    answers.cancel(first, nonce="x", now=NOW)
    assert [one.word for one in seen_from(second)] == [CANCELLED]


def test_of_one_alone_nothing_is_asked(melati: Clinic, django_assert_num_queries: Any) -> None:
    round_ = melati.offered()
    shown = customer_situation(Appointment.objects.for_display().get(pk=round_.appointment_id), now=NOW).request
    with django_assert_num_queries(0):
        assert told_besides.besides(shown) == []
        assert told_besides.besides(None) == []


def test_the_page_shows_it(
    client: Client, told: tuple[RescheduleRequest, RescheduleRequest], time_machine: Any
) -> None:
    first, _second = told
    token = links.issue(first.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    with travel(NOW, tick=False):
        page = client.get(f"/r/{token}/?lang=en").content.decode()
    assert "Our message was also about" in page
    assert "Tuesday, 24 November 2026 at 14:00 WIB: needs a new time; choose it by its own link in our message." in page
