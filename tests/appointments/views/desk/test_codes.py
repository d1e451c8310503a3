"""Codes at the desk: found as they are typed, taken once, decided by whoever may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.domain.moving import answers
from appointments.enums import CompensationState
from appointments.models import Compensation
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.compensation import compensation, may_give, set_aside, table_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def desk(client: Client, melati: Clinic) -> Client:
    client.force_login(melati.staff)
    return client


@pytest.fixture
def given(melati: Clinic) -> Compensation:
    table_in_force()
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    return Compensation.objects.get()


def test_a_code_leads_to_its_page_from_its_list_and_from_the_search(desk: Client, given: Compensation) -> None:
    typed = given.code.replace("-", " ").lower()
    for address in (f"/codes/?code={typed}", f"/search/?q={typed}"):
        answer = desk.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/codes/{given.pk}/")
    wrong = desk.get("/codes/?code=2222-2222")
    assert wrong.status_code == 422
    assert "no such code" in wrong.content.decode()


def test_it_is_taken_once(desk: Client, melati: Clinic, given: Compensation) -> None:
    assert "Take the code" in desk.get(f"/codes/{given.pk}/").content.decode()
    html = desk.post(f"/codes/{given.pk}/redeem/", {"note": "Bill 7"}, follow=True).content.decode()
    assert "It cannot be used again" in html
    assert "Take the code" not in html
    again = desk.post(f"/codes/{given.pk}/redeem/", {"note": ""}, follow=True).content.decode()
    assert "was used on" in again
    given.refresh_from_db()
    assert (given.state, given.redeemed_by, given.note) == (CompensationState.REDEEMED, melati.staff, "Bill 7")


def test_looking_at_it_takes_nothing(desk: Client, given: Compensation) -> None:
    desk.get(f"/codes/{given.pk}/")
    assert desk.get(f"/codes/{given.pk}/redeem/").status_code == 405
    given.refresh_from_db()
    assert given.state == CompensationState.ISSUED


def test_a_note_says_nothing_of_anybodys_health(desk: Client, given: Compensation) -> None:
    answer = desk.post(f"/codes/{given.pk}/redeem/", {"note": "The doctor has pneumonia"})
    assert answer.status_code == 422
    given.refresh_from_db()
    assert given.state == CompensationState.ISSUED


def test_whoever_may_decides_and_the_customer_reads_of_it(desk: Client, melati: Clinic) -> None:
    table_in_force()
    set_aside(0)
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    waiting = Compensation.objects.get()
    assert "Grant it" not in desk.get(f"/codes/{waiting.pk}/").content.decode()
    assert "more than you may grant" in desk.post(f"/codes/{waiting.pk}/grant/", follow=True).content.decode()
    may_give(melati.staff, 50_000)
    assert "you can decide" in desk.get("/codes/").content.decode()
    assert "It is granted" in desk.post(f"/codes/{waiting.pk}/grant/", follow=True).content.decode()
    assert Message.objects.filter(kind="given").count() == 1


def test_what_is_refused_needs_a_word(desk: Client, melati: Clinic) -> None:
    table_in_force()
    set_aside(0)
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    waiting = Compensation.objects.get()
    may_give(melati.staff, 50_000)
    assert desk.post(f"/codes/{waiting.pk}/refuse/", {"note": ""}).status_code == 422
    desk.post(f"/codes/{waiting.pk}/refuse/", {"note": "Given by phone already."})
    waiting.refresh_from_db()
    assert waiting.state == CompensationState.REFUSED


def test_thirty_take_as_many_queries_as_one(desk: Client, melati: Clinic, given: Compensation) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/codes/").status_code == 200
        return len(queries)

    few = asked()
    for number in range(29):
        appointment = melati.booked(f"2027-01-{number % 28 + 1:02} {9 + number // 28:02}:00")
        round_ = melati.offered(appointment, guaranteed=False, personal_note="Again.")
        state = CompensationState.WAITING if number % 2 else CompensationState.ISSUED
        compensation(appointment, request=round_, state=state)
    assert asked() <= few + 1
