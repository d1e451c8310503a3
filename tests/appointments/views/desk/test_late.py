"""“We run 40 minutes late”: say it, look who begins when, tell them, take it back."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment, Disruption
from notifications.models import Message
from tests.appointments.domain.disruptions.late.world import SENT, begins, coming, declared, room_is_taken
from tests.clock import NOW, minutes
from tests.factories import Clinic, UserFactory, letters_have_left

pytestmark = pytest.mark.django_db
LATE = "/board/melati/late/"


def said(melati: Clinic, step: str, **changed: Any) -> dict[str, Any]:
    values = {"people": [melati.provider.pk], "minutes": 40, "reason": melati.reason.pk}
    return {**values, "personal_note": "", "note": "", "step": step, **changed}


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_board_of_today_leads_there(desk: Client, melati: Clinic) -> None:
    assert f'href="{LATE}"' in words(desk.get("/board/melati/2026-11-23/"))
    assert LATE not in words(desk.get("/board/melati/2026-11-24/"))
    assert f'href="{LATE}?of={melati.provider.pk}"' in words(
        desk.get(f"/board/melati/2026-11-24/not-available/?of={melati.provider.pk}")
    )
    page = words(desk.get(f"{LATE}?of={melati.provider.pk}"))
    assert "checked" in page.split("Dr. Ratna")[0].rsplit("<input", 1)[1]
    assert "Room 1" not in page


def test_first_one_sees_who_begins_when_and_nobody_is_told(desk: Client, melati: Clinic) -> None:
    both = coming(melati, "10:00", "10:35")
    page = words(desk.post(LATE, said(melati, "preview")))
    assert "40 minutes late: who begins when" in page
    assert "<s>10:00 WIB</s>" in page
    assert "<strong>10:40 WIB</strong>" in page
    assert "yes, 40 minutes later" in page
    assert "yes, 35 minutes later" in page
    assert "Tell 2 people" in page
    assert f"What {both[0].customer.name} gets" in page
    assert "We are running about 40 minutes late" in page
    assert begins(melati, both) == ["10:00", "10:35"]
    assert not Disruption.objects.exists()


def test_what_is_seen_can_be_changed_and_nothing_is_lost(desk: Client, melati: Clinic) -> None:
    page = words(desk.post(LATE, said(melati, "edit", minutes=55)))
    assert 'value="55"' in page
    assert "Please look at this first" not in page


def test_what_is_told_stands_on_a_page_with_undo(desk: Client, melati: Clinic) -> None:
    both = coming(melati, "10:00", "11:05")
    response = desk.post(LATE, said(melati, "send", note="Ask Budi."), follow=True)
    disruption = Disruption.objects.get()
    assert response.redirect_chain == [(reverse("late-said", args=[disruption.pk]), 302)]
    page = words(response)
    assert "40 minutes late: Dr. Ratna" in page
    assert "The messages leave in 20 seconds." in page
    assert "the later hour stands" in page
    assert "1 more begins less than 10 minutes later and is not told." in page
    assert "Ask Budi." in page
    assert begins(melati, both) == ["10:40", "11:10"]


def test_undo_brings_everything_back(desk: Client, melati: Clinic) -> None:
    both = coming(melati, "10:00", "10:30")
    disruption = declared(melati)
    response = desk.post(reverse("undo-late", args=[disruption.pk]), follow=True)
    assert "Taken back: everything begins as it did before" in words(response)
    assert begins(melati, both) == ["10:00", "10:30"]
    assert "This was taken back before anybody was told." in words(desk.get(reverse("late-said", args=[disruption.pk])))


def test_too_late_to_undo_is_said(desk: Client, melati: Clinic) -> None:
    both = coming(melati, "10:00", "10:30")
    disruption = declared(melati)
    letters_have_left()
    with time_machine.travel(SENT, tick=False):
        response = desk.post(reverse("undo-late", args=[disruption.pk]), follow=True)
    assert "It is on its way already." in words(response)
    assert "The delay has changed" in words(response)
    assert begins(melati, both) == ["10:40", "11:10"]


def test_whoever_took_the_time_meanwhile_is_said(desk: Client, melati: Clinic) -> None:
    coming(melati, "10:00")
    disruption = declared(melati)
    coming(melati, "10:00")
    response = desk.post(reverse("undo-late", args=[disruption.pk]), follow=True)
    assert response.redirect_chain == [(reverse("late-said", args=[disruption.pk]), 302)]
    assert Disruption.objects.in_force().count() == 1


def test_who_cannot_begin_later_gets_a_plan(desk: Client, melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    room_is_taken(melati)
    page = words(desk.post(LATE, said(melati, "preview")))
    assert "1 appointment cannot begin later and has to be moved" in page
    assert "Shift the times" in page
    response = desk.post(LATE, said(melati, "send"), follow=True)
    assert "1 has to be moved" in words(response)
    plan = desk.post(reverse("begin-plan", args=[Disruption.objects.get().pk]), follow=True)
    assert appointment.customer.name in words(plan)


@pytest.mark.parametrize("step", ["preview", "send"])
def test_nobody_to_come_is_said(desk: Client, melati: Clinic, step: str) -> None:
    response = desk.post(LATE, said(melati, step))
    assert response.status_code == 422
    assert "Nobody has to begin later" in words(response)


def test_the_same_again_is_the_same(desk: Client, melati: Clinic) -> None:
    coming(melati, "10:00")
    desk.post(LATE, said(melati, "send"))
    assert "A colleague has entered this already." in words(desk.post(LATE, said(melati, "send"), follow=True))
    assert Message.objects.count() == 1


def test_strangers_find_nothing(client: Client, melati: Clinic) -> None:
    coming(melati, "10:00")
    disruption = declared(melati)
    client.force_login(UserFactory())
    said_page, undo = (reverse(name, args=[disruption.pk]) for name in ("late-said", "undo-late"))
    answers = [client.get(LATE), client.get(said_page), client.post(undo), client.post(LATE, said(melati, "send"))]
    assert [one.status_code for one in answers] == [404] * 4
    assert Disruption.objects.in_force().count() == 1


def test_other_disruptions_are_none(desk: Client, melati: Clinic) -> None:
    coming(melati, "10:00")
    disruption = declared(melati)
    Disruption.objects.update(source="said")
    assert desk.get(reverse("late-said", args=[disruption.pk])).status_code == 404


def test_the_page_of_the_appointment_says_that_it_stands(desk: Client, melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    page = words(desk.get(reverse("appointment", args=[appointment.pk])))
    assert "Begins later, and the customer is told" in page
    assert "It was to begin at 10:00 WIB." in page
    round_page = words(desk.get(reverse("request", args=[appointment.requests.get().pk])))
    assert "Without an answer it begins at the later hour" in round_page
    assert "Take the offer back" not in round_page
    assert appointment.customer.name not in words(desk.get(reverse("waiting")))
    assert Appointment.objects.get(pk=appointment.pk).starts_at == NOW + minutes(100)
