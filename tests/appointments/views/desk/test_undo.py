"""After an undo the page of proposing stands there as it was sent."""

import html as html_module
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain import actors
from appointments.domain.moving import causes, rounds
from appointments.models import Appointment, RescheduleRequest
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db

LEAD = "What was chosen stands below, to be changed and sent."


@pytest.fixture
def appointment(melati: Clinic) -> Appointment:
    return melati.booked("2026-11-25 10:00", customer=CustomerFactory(name="Ana Putri"))


def page_after_undo(desk: Client, round_: RescheduleRequest) -> str:
    response = desk.post(reverse("undo-offer", args=[round_.pk]), follow=True)
    assert response.redirect_chain == [(reverse("propose-again", args=[round_.pk]), 302)]
    return " ".join(html_module.unescape(response.content.decode()).split())


def browser_holds(page: str) -> dict[str, Any]:
    """What a browser sends that changes nothing on this page."""
    values: dict[str, Any] = dict(
        re.findall(
            r'name="(nonce|seen|respond_by|call_by|missing_from|missing_until|answered_for)" value="([^"]*)"', page
        )
    )
    values |= {name: re.findall(rf'name="{name}" value="([^"]+)" checked', page) for name in ("offer", "open")}
    values["shown"] = re.findall(r'name="shown" value="([^"]+)"', page)
    values["missing"] = re.findall(r'<input type="checkbox" name="missing" value="([^"]+)"[^>]*checked', page)
    values |= dict(re.findall(r'<select name="(contact|reason)".*?<option value="(\d+)" selected', page))
    values["personal_note"] = re.findall(r'<textarea name="personal_note"[^>]*>([^<]*)<', page)[0].strip()
    if re.search(r'name="can_keep"[^>]*checked', page):
        values["can_keep"] = "on"
    return values


def decided(round_: RescheduleRequest) -> tuple[Any, ...]:
    offers = round_.offers.order_by("position").values_list("starts_at", "provider", "guaranteed", "why")
    fields = ("reason_id", "contact_id", "respond_by", "can_keep", "personal_note")
    assert round_.disruption
    return causes.as_missing(round_.disruption), *(getattr(round_, name) for name in fields), *offers


def test_what_was_undone_can_be_sent_as_it_was(melati: Clinic, desk: Client, appointment: Appointment) -> None:
    first = melati.offered(
        appointment,
        contact=melati.manager,
        personal_note="I am sorry, Ana.",
        can_keep=True,
        respond_by=at("2026-11-24 15:45"),
    )
    first.offers.filter(position=2).update(guaranteed=False, kept_until=None)
    page = page_after_undo(desk, first)
    assert LEAD in page
    assert "cannot be offered any more" not in page
    assert "Taken back. The customer was not told anything of it." in page
    assert "Please look at this before the message can go out" not in page
    answer = desk.post(reverse("propose", args=[appointment.pk]), browser_holds(page) | {"step": "send"})
    second = RescheduleRequest.objects.latest("round")
    assert answer.headers["Location"] == reverse("request", args=[second.pk])
    assert second != first
    assert decided(second) == decided(first)


def test_a_time_that_went_meanwhile_is_named(melati: Clinic, desk: Client, appointment: Appointment) -> None:
    round_ = melati.offered(appointment, count=2)
    lost = round_.offers.get(position=1)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW)
    melati.booked(lost.starts_at, provider=lost.provider, room=None, customer=CustomerFactory())
    page = page_after_undo(desk, round_)
    day = f"{lost.starts_at.astimezone(melati.location.tzinfo):%-d %b}"
    named = re.search(r"This time cannot be offered any more: <strong>([^<]+)</strong> · ([^<]+)\. </p>", page)
    assert named
    assert day in named[1]
    assert named[2] == str(lost.provider)
    assert len(browser_holds(page)["offer"]) == 1
    assert "Others are ticked instead." not in page


def test_where_none_is_left_the_page_says_that_others_are_ticked(
    melati: Clinic, desk: Client, appointment: Appointment
) -> None:
    round_ = melati.offered(appointment, count=2)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW)
    for lost in round_.offers.select_related("provider"):
        melati.booked(lost.starts_at, provider=lost.provider, room=None, customer=CustomerFactory())
    page = page_after_undo(desk, round_)
    assert "These times cannot be offered any more:" in page
    assert "Others are ticked instead." in page
    assert len(browser_holds(page)["offer"]) == 3


def test_the_word_that_there_is_no_time_comes_back_open(melati: Clinic, desk: Client, appointment: Appointment) -> None:
    first = melati.told(appointment, personal_note="At once.", respond_by=at("2026-11-24 10:15"))
    page = page_after_undo(desk, first)
    assert '<details class="without-times" open>' in page
    assert LEAD in page
    holds = browser_holds(page)
    assert (holds["call_by"], len(holds["offer"])) == ("2026-11-24T10:15", 3)
    desk.post(reverse("propose", args=[appointment.pk]), holds | {"step": "send-without-times"})
    second = RescheduleRequest.objects.latest("round")
    assert second != first
    assert decided(second) == decided(first)


def test_only_what_was_taken_back_can_be_begun_again(melati: Clinic, desk: Client, appointment: Appointment) -> None:
    round_ = melati.offered(appointment)
    assert desk.get(reverse("propose-again", args=[round_.pk])).status_code == 404
    page_after_undo(desk, round_)
    assert desk.get(reverse("propose-again", args=[round_.pk])).status_code == 200
    assert desk.post(reverse("propose-again", args=[round_.pk])).status_code == 405


def test_an_old_tab_leads_to_where_things_stand(melati: Clinic, desk: Client, appointment: Appointment) -> None:
    first = melati.offered(appointment)
    page_after_undo(desk, first)
    melati.offered(appointment)
    here = reverse("appointment", args=[appointment.pk])
    assert desk.get(reverse("propose-again", args=[first.pk])).headers["Location"] == here
    response = desk.post(reverse("undo-offer", args=[first.pk]), follow=True)
    assert response.redirect_chain[-1] == (here, 302)
    assert "Taken back. The customer was not told anything of it." in response.content.decode()


def test_what_is_over_is_not_begun_again(
    melati: Clinic, desk: Client, appointment: Appointment, time_machine: Any
) -> None:
    round_ = melati.offered(appointment)
    page_after_undo(desk, round_)
    time_machine.move_to(appointment.ends_at - minutes(1), tick=False)
    assert desk.get(reverse("propose-again", args=[round_.pk])).status_code == 200
    time_machine.move_to(appointment.ends_at, tick=False)
    answer = desk.get(reverse("propose-again", args=[round_.pk]))
    assert answer.headers["Location"] == reverse("appointment", args=[appointment.pk])
