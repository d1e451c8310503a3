"""The page of a customer who was told before there was a time: why, who gets in touch by when, what they can say."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.domain import actors, links
from appointments.domain.moving import rounds
from appointments.enums import AppointmentState, LinkPurpose, PromiseKind
from appointments.models import Appointment, Promise, RescheduleRequest
from tests.clock import NOW, hours, minutes
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, ReasonFactory, clinic, letters_have_left

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


class Visit:
    """A customer who opens the link a minute after the message."""

    def __init__(self, world: Clinic, client: Client, *, language: str = "en", **decided: Any) -> None:
        customer = CustomerFactory(name="Ana Putri", language=language)
        self.appointment: Appointment = world.booked("2026-11-27 10:00", customer=customer)
        self.round = world.told(self.appointment, **decided)
        self.client = client
        self.token = links.issue(self.appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    def page(self, query: str = "") -> str:
        with time_machine.travel(NOW + minutes(1), tick=False):
            return " ".join(self.client.get(f"/r/{self.token}/{query}").content.decode().split())

    def send(self, answer: str, **data: object) -> str:
        with time_machine.travel(NOW + minutes(2), tick=False):
            response = self.client.post(f"/r/{self.token}/{answer}/", {"nonce": "form", **data})
        assert response.status_code == 303
        return self.page()


def test_it_says_why_and_who_gets_in_touch_by_when_and_asks_for_no_choice(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client, personal_note="I look at once.")
    page = visit.page()
    assert "<h1>Your appointment needs a new time</h1>" in page
    assert re.search("we cannot keep your appointment, because .*, and we are sorry.", page)
    assert "There is no time yet that we can offer you." in page
    by = "Monday, 23 November 2026 at 11:00 WIB"
    name = melati.staff.get_full_name()
    assert f"{name} is looking for one and will phone you by <strong>{by}</strong> (in " in page
    assert "If you like, answer meanwhile" in page
    assert "I look at once." in page
    for never in ("Choose", "Please answer by", "None of these", 'class="offers"', "No longer available"):
        assert never not in page
    assert len(page) < 30_000


def test_it_is_said_in_the_language_of_the_reader(melati: Clinic, client: Client) -> None:
    page = Visit(melati, client, language="id").page()
    assert "<h1>Janji temu ini perlu dijadwalkan ulang</h1>" in page
    assert "Belum ada waktu pengganti yang dapat kami tawarkan." in page
    assert "There is no time" not in page


def test_without_a_number_nobody_is_promised_a_call(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    visit.appointment.customer.phone = ""
    visit.appointment.customer.save()
    assert "is looking for one and will write to you by" in visit.page()
    assert "phones you" not in visit.page()
    assert "We have no telephone number of yours yet." in visit.page()


def test_what_can_stay_stays_until_there_is_a_choice(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client, can_keep=True)
    page = visit.page()
    assert "<h1>May we move your appointment?</h1>" in page
    assert "that time stays yours" in page
    assert "Your appointment stays as it is" in visit.send("keep")


def test_who_asked_for_it_reads_of_no_cause_and_of_no_times(melati: Clinic, client: Client) -> None:
    page = Visit(melati, client, reason=ReasonFactory(family="customer", fault="customer")).page()
    assert "you asked for another time." in page
    assert "These are available" not in page


def test_what_suits_them_brings_times_at_once_where_it_is_free(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    assert "What suits me" in visit.page()
    assert "<h1>Other times for you</h1>" in visit.send("other-times", parts=["morning"], person="any")


def test_where_nothing_is_free_their_words_are_with_the_promise(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    for one in (melati.provider, melati.colleague):
        AbsenceFactory(resource=one, starts_at=NOW - hours(24), ends_at=NOW + hours(9000))
    page = visit.send("other-times", words="After four.", person="any")
    assert "<h1>We are looking for other times</h1>" in page
    assert "is looking for times that suit you and will answer you by" in page
    assert "There is no time yet that we can offer you." in page
    promise = Promise.objects.open().get()
    assert (promise.kind, promise.details.split("\n")[-1]) == (PromiseKind.FIND_TIMES, "After four.")


def test_a_call_a_word_and_the_end_work_too(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    assert "will phone you by" in visit.send("call-me", words="")
    assert "will read what you told us" in visit.send("tell", words="Why again?", nonce="two")
    assert "<h1>Your appointment is cancelled</h1>" in visit.send("cancel", words="", nonce="three")
    visit.appointment.refresh_from_db()
    assert visit.appointment.state == AppointmentState.CANCELLED


def test_the_page_counts_its_queries(melati: Clinic, client: Client, django_assert_max_num_queries: Any) -> None:
    visit = Visit(melati, client)
    visit.page()  # what is known for some minutes afterwards
    with django_assert_max_num_queries(10):
        visit.page()


def test_after_it_can_take_place_after_all_no_offers_are_spoken_of(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    letters_have_left()
    rounds.withdraw(RescheduleRequest.objects.get(), by=actors.staff(melati.staff), now=NOW + minutes(1))
    page = visit.page()
    assert "The original time is possible after all." in page
    assert "We took our offers back" not in page
