"""The front desk at nine in the morning: who is booked, who waits for a call, and whose letter lies there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Locator, expect

from appointments.domain.moving import answers
from appointments.models import Appointment, Promise, RescheduleRequest
from tests.clock import at
from tests.factories import CustomerFactory, StaffFactory
from tests.journeys.hour.hand import Hand
from tests.journeys.stage import Stage

TODAY, TOMORROW, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"


@dataclass
class Scene:
    stage: Stage
    hand: Hand
    budi: User

    def of(self, name: str) -> Appointment:
        """The newest appointment of that customer, as it stands now."""
        return Appointment.objects.filter(customer__name=name).latest("pk")

    def owed(self, name: str) -> Promise:
        return Promise.objects.filter(appointment__customer__name=name).latest("pk")

    def said(self, words: str) -> None:
        """What the page says of what was just done."""
        expect(self.main.page.get_by_role("status").first).to_contain_text(words)

    @property
    def main(self) -> Locator:
        return self.hand.page.get_by_role("main")


@dataclass(frozen=True)
class Task:
    """`most`: what it may cost. `theirs`: what the same costs in Acuity Scheduling, counted likewise by the steps of
    its own guide, or (`is_guess`) as its pages are known to work; None where it knows nothing of the kind.
    """

    name: str
    do: Callable[[Scene], None]
    most: int
    theirs: int | None = None
    is_guess: bool = False


def set_up(stage: Stage, hand: Hand) -> Scene:
    """Everything that an hour needs; the clock shows a few minutes past nine afterwards."""
    world = stage.world
    budi = StaffFactory(first_name="Budi", last_name="Hartono")
    for name, phone in (("Dewi Anggraini", "+628125550101"), ("Kartini Putri", "+628125550102")):
        CustomerFactory(name=name, phone=phone, email=f"{name.split(maxsplit=1)[0].lower()}@mail.example")
    CustomerFactory(name="Kartini Putri", phone="+628125550102", email="kartini.putri@mail.example")
    for hour, name in (("08:00", "Agus Salim"), ("09:45", "Bayu Saputra")):
        _booked(stage, f"{TODAY} {hour}", name)
    for hour, name in (("08:00", "Ben Situmorang"), ("09:00", "Cici Lestari"), ("10:00", "Endah Wati")):
        _booked(stage, f"{TOMORROW} {hour}", name)
    for hour, name in (("14:00", "Fitri Handayani"), ("15:00", "Gilang Ramadhan")):
        _booked(stage, f"{TOMORROW} {hour}", name)
    asked = [_round(stage, f"{WEDNESDAY} {8 + number:02}:00", name) for number, name in enumerate(CALLERS)]
    for number, round_ in enumerate(asked):
        answers.call_me(round_, words="Please.", nonce=f"c{number}", now=timezone.now())
    told = _round(stage, f"{WEDNESDAY} 14:00", "Oki Setiawan")
    answers.tell(told, words="Is the parking paid, too?", nonce="t", now=timezone.now())
    world.told(_booked(stage, f"{WEDNESDAY} 15:00", "Putu Wirawan"), now=timezone.now())
    Promise.objects.filter(appointment__customer__name="Nina Zulaikha").update(owner=budi)
    assert world.staff != budi
    return Scene(stage, hand, budi)


CALLERS = ("Hadi Susanto", "Indah Permata", "Joko Widodo", "Lina Marlina", "Made Sudira", "Nina Zulaikha")


def _booked(stage: Stage, starts_at: str, name: str) -> Appointment:
    first = name.split(maxsplit=1)[0].lower()
    digits = 200 + Appointment.objects.count()
    customer = CustomerFactory(name=name, phone=f"+628125550{digits}", email=f"{first}@mail.example")
    return stage.world.booked(at(starts_at), customer=customer)


def _round(stage: Stage, starts_at: str, name: str) -> RescheduleRequest:
    return stage.offered(_booked(stage, starts_at, name))
