"""“Please call me”: when the customer is reached best, at which number, and a call that is promised already."""

from datetime import time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.enums import LinkPurpose, PromiseKind
from appointments.models import Answer, Appointment, Promise
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, clinic, open_weekly

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


class Visit:
    """A customer who opens the link five minutes after the message, at 9:05."""

    def __init__(self, world: Clinic, client: Client, *, language: str = "en", **customer: Any) -> None:
        known = CustomerFactory(name="Ana Putri", language=language, **{"phone": "+6281234567890"} | customer)
        self.appointment: Appointment = world.booked("2026-11-27 10:00", customer=known)
        self.round = world.offered(self.appointment)
        self.client, self.name = client, world.staff.get_full_name()
        self.token = links.issue(self.appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    def page(self, *, later: float = 5, query: str = "") -> str:
        with time_machine.travel(NOW + minutes(later), tick=False):
            return " ".join(self.client.get(f"/r/{self.token}/{query}").content.decode().split())

    def ask(self, *, expect: int = 303, nonce: str = "form", **data: object) -> str:
        with time_machine.travel(NOW + minutes(5), tick=False):
            response = self.client.post(f"/r/{self.token}/call-me/", {"nonce": nonce, **data})
        assert response.status_code == expect
        return self.page() if expect == 303 else " ".join(response.content.decode().split())


def test_the_number_is_shown_as_only_its_owner_knows_it_again(melati: Clinic, client: Client) -> None:
    page = Visit(melati, client).page()
    assert "will phone you during our opening hours, at +62 •••• 890." in page
    assert "81234567890" not in page
    assert "812-3456" not in page
    assert 'name="phone"' not in page
    assert page.count('name="reached"') == 3  # the clinic closes at 17
    assert 'name="reached" value="morning" id="call_me_id_reached_0" checked' not in page


def test_when_they_are_reached_best_is_repeated_to_them_and_stands_before_whoever_calls(
    melati: Clinic, client: Client
) -> None:
    visit = Visit(melati, client)
    page = visit.ask(reached=["morning"])
    assert f"{visit.name} will phone you by <strong>Monday, 23 November 2026 at " in page
    assert "<p>If possible in the morning (8–11), as you said.</p>" in page
    assert Answer.objects.get().wishes == {"reached": ["morning"]}
    letter = Message.objects.get(kind="acknowledgement").context
    assert (letter["best_reached"], letter["in_reach"]) == ("in the morning (8–11)", True)

    promise = Promise.objects.get(kind=PromiseKind.CALL)
    client.force_login(melati.staff)
    assert "best reached: in the morning (8–11)" in client.get(reverse("calls")).content.decode()
    calling = client.get(reverse("promise", args=[promise.pk])).content.decode()
    assert "Best reached in the morning (8–11)." in calling
    assert "\nReached best: in the morning (8–11)." in calling
    assert "<br>best reached: in the morning (8–11)" in calling


def test_any_time_says_nothing_anywhere(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    page = visit.ask()
    assert "If possible" not in page
    assert "best reached" not in page.replace("when you are reached best", "")
    assert Answer.objects.get().wishes == {}
    client.force_login(melati.staff)
    promise = Promise.objects.get(kind=PromiseKind.CALL)
    for address in (reverse("calls"), reverse("promise", args=[promise.pk])):
        assert "est reached" not in client.get(address).content.decode()


def test_what_does_not_come_before_the_promised_hour_is_said_not_to(melati: Clinic, client: Client) -> None:
    """The call was promised before they said it, and an hour that is told never slides."""
    visit = Visit(melati, client)
    visit.ask()
    page = visit.ask(reached=["afternoon"], nonce="again")
    beyond = "Before this hour that is not possible, so the call may come at another time of the day."
    assert f"You said that you are best reached later in the afternoon (15–18). {beyond}" in page
    assert "If possible" not in page
    late = visit.page(later=60 * 30)
    assert "You said that you are best reached later in the afternoon (15–18).</p>" in late
    assert beyond not in late


def test_a_wish_that_has_passed_is_no_hope_any_more(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    visit.ask(reached=["morning"])
    assert "If possible in the morning" in visit.page(later=90)
    assert "If possible in the morning" not in visit.page(later=91)


def test_a_call_that_is_promised_is_not_offered_as_if_it_were_new(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    assert "<summary>Please call me</summary>" in visit.page()
    page = visit.ask(reached=["midday"])
    assert "<summary>Please call me</summary>" not in page
    assert "<summary>When I am reached best</summary>" in page
    assert f"{visit.name} will phone you by Monday, 23 November 2026 at " in page
    assert 'value="midday" id="call_me_id_reached_1" checked' in page

    again = visit.ask(reached=["morning", "midday"], nonce="again")
    assert "in the morning (8–11) or around midday (11–15), as you said." in again
    assert Promise.objects.filter(kind=PromiseKind.CALL).count() == 1


def test_whoever_has_no_number_here_is_asked_for_one(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client, phone="")
    page = visit.page()
    assert "We have no telephone number of yours yet. Write it here, and " in page
    assert '<input type="tel" name="phone" id="call_me_phone" value="" required autocomplete="tel"' in page

    wrong = visit.ask(expect=422, phone="12", reached=["morning"], words="Soon.")
    assert "This does not look like a telephone number. Please check it." in wrong
    assert 'value="12" required' in wrong
    assert 'value="morning" id="call_me_id_reached_0" checked' in wrong
    assert "Soon.</textarea>" in wrong
    assert not Answer.objects.exists()

    page = visit.ask(phone="0812 3456 7890")
    assert f"{visit.name} will phone you by <strong>" in page
    assert ", at +62 •••• 890." in page
    visit.appointment.customer.refresh_from_db()
    assert str(visit.appointment.customer.phone) == "+6281234567890"


def test_a_link_changes_no_number_that_we_have(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    visit.ask(phone="0899 9999 9999")
    visit.appointment.customer.refresh_from_db()
    assert str(visit.appointment.customer.phone) == "+6281234567890"


def test_it_is_said_in_the_language_of_the_customer(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client, language="id")
    open_weekly(melati.location, weekdays=[2], opens_at=time(18), closes_at=time(20))
    for part in ("Pagi (8–11)", "Siang (11–15)", "Sore (15–18)", "Malam (18–21)"):
        assert f"<span>{part}</span>" in visit.page()
    page = visit.ask(reached=["morning"])
    assert "Bila memungkinkan pada pagi hari (8–11), sesuai keterangan Ibu." in page
    assert "<summary>Kapan saya paling mudah dihubungi</summary>" in page


def test_the_page_of_a_promised_call_counts_its_queries(
    melati: Clinic, client: Client, django_assert_max_num_queries: Any
) -> None:
    visit = Visit(melati, client)
    answers.call_me(visit.round, reached=["morning"], nonce="c", now=NOW)
    visit.page()
    with django_assert_max_num_queries(11):
        visit.page()
    assert Promise.objects.get(kind=PromiseKind.CALL).due_at > NOW + hours(1)
