"""The page of a customer whose appointment begins later today: when, why, and what they can say if it does not suit."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.domain import actors, affected, links
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import late
from appointments.domain.moving import chasing
from appointments.enums import AppointmentState, DisruptionScope, LinkPurpose, PromiseKind, RequestState
from appointments.models import Appointment, Promise
from tests.appointments.domain.disruptions.late.world import SENT, declared
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, ReasonFactory, clinic, letters_have_left

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


class Visit:
    """A customer who was to come at 10:00 and opens the link: it begins at 10:40."""

    def __init__(self, world: Clinic, client: Client, *, language: str = "en", **said: Any) -> None:
        self.appointment = world.booked(
            "2026-11-23 10:00", customer=CustomerFactory(name="Ana Putri", language=language)
        )
        declared(world, **said)
        letters_have_left()
        self.client = client
        self.token = links.issue(self.appointment, purpose=LinkPurpose.ANSWER, now=NOW)

    def page(self, now: Any = SENT) -> str:
        with time_machine.travel(now, tick=False):
            return " ".join(self.client.get(f"/r/{self.token}/").content.decode().split())

    def send(self, answer: str, **data: object) -> str:
        with time_machine.travel(SENT + minutes(1), tick=False):
            response = self.client.post(f"/r/{self.token}/{answer}/", {"nonce": "form", **data})
        assert response.status_code == 303, response.content.decode()
        return self.page(SENT + minutes(2))

    @property
    def state(self) -> str:
        return str(self.appointment.requests.order_by("-round")[0].state)


def test_it_says_when_and_why_and_asks_for_nothing(melati: Clinic, client: Client) -> None:
    page = Visit(melati, client, personal_note="The tea is on us.").page()
    assert "<h1>Your appointment begins later</h1>" in page
    assert "<s>Mon 23 Nov, 10:00 WIB</s>" in page
    assert '<span class="hour">10:40 WIB</span>' in page
    assert "Ana, we run late, because" in page
    assert "We are sorry that you have to wait." in page
    assert "If this hour suits you, you do not have to do anything." in page
    assert "The tea is on us." in page
    assert "<summary>Another day instead?</summary>" in page
    for never in ("Please answer by", "Otherwise", "needs a new time", "Kept for you", "I want to keep the original"):
        assert never not in page
    assert len(page) < 30_000


def test_what_is_nobodys_fault_is_no_fault_of_ours(melati: Clinic, client: Client) -> None:
    melati.reason.fault = "nobody"
    melati.reason.save()
    assert "We know that this costs you time." in Visit(melati, client).page()


def test_it_is_said_in_the_language_of_the_reader(melati: Clinic, client: Client) -> None:
    page = Visit(melati, client, language="id").page()
    assert "<h1>Janji temu mulai lebih lambat</h1>" in page
    assert "jadwal kami mundur karena" in page
    assert "Bila jam ini cocok, tidak ada yang perlu dilakukan." in page
    assert "run late" not in page


def test_that_suits_me(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    page = visit.send("keep")
    assert visit.state == RequestState.KEPT
    assert "<h1>The later hour stands</h1>" in page
    assert '<span class="hour">10:40 WIB</span>' in page
    assert "Thank you for your patience." in page


def test_another_day_is_taken_in_one_tap(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    offer = visit.appointment.requests.get().offers.all()[0]
    assert "Your new time is confirmed" in visit.send("pick", offer=offer.pk)
    assert Appointment.objects.get().starts_at == offer.starts_at


def test_cancelling_costs_nothing(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    assert "It ends without a new time, free of charge." in visit.page()
    assert "Your appointment is cancelled" in visit.send("cancel")
    assert Appointment.objects.get().state == AppointmentState.CANCELLED


def test_until_we_have_talked_the_hour_is_theirs(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    page = visit.send("call-me")
    assert "Until we have talked, this hour is yours." in page
    assert '<span class="hour">10:40 WIB</span>' in page
    assert "<s>" not in page
    assert Promise.objects.open().get().kind == PromiseKind.CALL


def test_other_times_come_at_once_and_the_later_hour_can_be_kept(melati: Clinic, client: Client) -> None:
    page = Visit(melati, client).send("other-times", parts=["afternoon"])
    assert "you asked for other times" in page
    assert "I want to keep the original time" in page


@pytest.mark.parametrize(
    ("passed", "title"), [(99, "Your appointment begins later"), (100, "This appointment is over")]
)
def test_it_can_be_answered_until_it_begins(melati: Clinic, client: Client, passed: int, title: str) -> None:
    visit = Visit(melati, client)
    assert f"<h1>{title}</h1>" in visit.page(NOW + minutes(passed))
    chasing.chase_answers(now=NOW + minutes(passed))
    assert f"<h1>{title}</h1>" in visit.page(NOW + minutes(passed))


def test_what_was_undone_was_never_read(melati: Clinic, client: Client) -> None:
    appointment = melati.booked("2026-11-23 10:00")
    disruption = declared(melati)
    late.undo(disruption, by=actors.staff(melati.staff), now=NOW)
    token = links.issue(appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    with time_machine.travel(SENT, tick=False):
        page = client.get(f"/r/{token}/").content.decode()
    assert "Your appointment stays as it is" in page


def test_something_that_hits_it_after_all_leaves_no_button_to_keep_it(melati: Clinic, client: Client) -> None:
    visit = Visit(melati, client)
    room = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, SENT, SENT + hours(4), (melati.room.pk,))
    affected.declare(room, reason=ReasonFactory(code="flood"), by=actors.staff(melati.staff), now=SENT)
    assert "That suits me" not in visit.page(SENT + minutes(1))
    assert affected.counts() == {"to_move": 1, "untold": 1}
    assert at("2026-11-23 10:40") == Appointment.objects.get().starts_at
