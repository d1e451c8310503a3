"""A colleague writes down how a call ended: attempts stay on the list, and the customer reads what becomes of it."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import LinkPurpose, PromiseKind, PromiseState
from appointments.models import Absence, Promise
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import Clinic, CustomerFactory, RescheduleRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(melati: Clinic) -> Promise:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    found: Promise = Promise.objects.open().get(kind=PromiseKind.CALL)
    return found


@pytest.fixture
def write_down(desk: Client, owed: Promise) -> Callable[..., Any]:
    def post(outcome: str, **more: Any) -> Any:
        form = {"outcome": outcome, "nonce": f"n-{outcome}", "person": "any", **more}
        return desk.post(reverse("promise", args=[owed.pk]), form)

    return post


def test_nobody_answered_is_an_attempt_on_every_page(
    desk: Client, owed: Promise, write_down: Callable[..., Any]
) -> None:
    reply = write_down("no_answer")
    said = [str(one) for one in get_messages(reply.wsgi_request)]
    assert said == ["Written down: Nobody answered. What was promised stays on the list."]
    owed.refresh_from_db()
    assert owed.state == PromiseState.OPEN

    assert "1 attempt<" in desk.get(reverse("calls")).content.decode()
    page = desk.get(reverse("promise", args=[owed.pk])).content.decode()
    assert "Attempts so far" in page
    token = links.issue(owed.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    assert "did not reach you." in Client().get(f"/r/{token}/").content.decode()


def test_a_wrong_number_asks_for_another_way(owed: Promise, write_down: Callable[..., Any]) -> None:
    refused = write_down("wrong_number", phone="12")
    assert refused.status_code == 422
    write_down("wrong_number", phone="+62 812-3456-7000")
    owed.appointment.customer.refresh_from_db()
    assert str(owed.appointment.customer.phone) == "+6281234567000"
    assert not Message.objects.filter(kind="not_reached").exists()


def test_a_later_call_needs_its_hour(owed: Promise, write_down: Callable[..., Any]) -> None:
    refused = write_down("call_later", later="")
    assert refused.status_code == 422
    assert "Say when to call again" in refused.content.decode()
    owed.refresh_from_db()
    assert (owed.state, owed.calls.count()) == (PromiseState.OPEN, 0)


def test_what_is_urgent_stands_first_and_the_customer_reads_it(desk: Client, owed: Promise, melati: Clinic) -> None:
    Absence.objects.create(resource=melati.provider, starts_at=NOW, ends_at=NOW + days(90))
    Absence.objects.create(resource=melati.colleague, starts_at=NOW, ends_at=NOW + days(90))
    later = RescheduleRequestFactory(appointment=melati.booked("2026-11-26 10:00"), contact=melati.staff)
    later.appointment.customer = CustomerFactory()
    later.appointment.save(update_fields=["customer"])
    answers.ask_other_times(later, wishes=Wishes(urgent=True), nonce="o", now=NOW + hours(1))
    urgent = Promise.objects.open().get(kind=PromiseKind.FIND_TIMES)
    assert urgent.due_at > owed.due_at

    page = desk.get(reverse("calls"))
    assert [line.pk for line in page.context["page"].lines] == [urgent.pk, owed.pk]
    assert page.content.decode().count(">urgent<") == 1
    token = links.issue(later.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    with time_machine.travel(NOW + hours(1), tick=False):
        shown = Client().get(f"/r/{token}/").content.decode()
    assert "so we look for your time among the first." in shown
    assert "You are on our waiting list" in shown
