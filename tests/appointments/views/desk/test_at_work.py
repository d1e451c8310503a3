"""Whoever opens a form that moves or cancels an appointment reads who else has it in hand."""

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain.moving import at_work
from appointments.models import Appointment, AppointmentEvent, AtWork
from tests.clock import NOW, minutes
from tests.factories import Clinic, StaffFactory

pytestmark = pytest.mark.django_db
TOO = "Wulan Dewi is working on this appointment too, since 08:56 WIB."


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    made = melati.booked("2026-11-26 10:00")
    at_work.begin(made, by=StaffFactory(first_name="Wulan", last_name="Dewi"), now=NOW - minutes(4))
    AtWork.objects.update(until=NOW + minutes(1))
    return made


@pytest.mark.parametrize("name", ["propose", "move-as-agreed", "cancel-appointment"])
def test_the_page_says_so_and_writes_nothing(desk: Client, booked: Appointment, name: str) -> None:
    before = AtWork.objects.count(), AppointmentEvent.objects.count()
    page = desk.get(reverse(name, args=[booked.pk])).content.decode()
    assert TOO in page
    assert f'data-begins="/appointments/{booked.pk}/at-work/"' in page
    assert (AtWork.objects.count(), AppointmentEvent.objects.count()) == before


def test_the_previews_say_so_too(desk: Client, booked: Appointment) -> None:
    said = {"step": "preview", "whose": "theirs", "note": "Phoned this morning"}
    page = desk.post(reverse("cancel-appointment", args=[booked.pk]), said).content.decode()
    assert "This is what goes out" in page
    assert TOO in page


def test_a_round_that_was_taken_back_says_so_when_it_is_proposed_again(desk: Client, melati: Clinic) -> None:
    round_ = melati.offered()
    desk.post(reverse("undo-offer", args=[round_.pk]))
    at_work.begin(round_.appointment, by=StaffFactory(first_name="Wulan", last_name="Dewi"), now=NOW)
    assert "Wulan Dewi is working on this" in desk.get(reverse("propose-again", args=[round_.pk])).content.decode()


def test_an_open_page_says_it_and_hears_of_the_others(desk: Client, booked: Appointment, melati: Clinic) -> None:
    answer = desk.post(reverse("at-work", args=[booked.pk]))
    assert TOO in answer.content.decode()
    assert [one.colleague for one in at_work.others(booked, reader=melati.manager, now=NOW)][1:] == [melati.staff]

    assert desk.post(reverse("leave-work", args=[booked.pk])).status_code == 204
    assert melati.staff not in [one.colleague for one in at_work.others(booked, reader=melati.manager, now=NOW)]


def test_one_never_stands_in_ones_own_way(desk: Client, melati: Clinic) -> None:
    booked = melati.booked("2026-11-27 10:00")
    desk.post(reverse("at-work", args=[booked.pk]))
    assert "is working on this appointment too" not in desk.get(reverse("propose", args=[booked.pk])).content.decode()


def test_only_looking_is_not_saying(desk: Client, booked: Appointment) -> None:
    assert desk.get(reverse("at-work", args=[booked.pk])).status_code == 405
    assert desk.get(reverse("leave-work", args=[booked.pk])).status_code == 405
