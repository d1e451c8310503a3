"""Several colleagues say in one moment that they run late: the day moves once, and everybody hears one hour."""

from typing import Any

import pytest

from appointments.domain import actors, booking
from appointments.domain.disruptions import late
from appointments.domain.schedule.slots import Slot
from appointments.enums import DisruptionSource, RequestState
from appointments.errors import SlotTaken
from appointments.models import Disruption, RescheduleRequest
from notifications.models import Message
from tests.appointments.domain.disruptions.late.world import begins, coming, so_late
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory, clinic
from tests.reliability import invariants
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def say(melati: Clinic, much: int) -> bool:
    return late.declare(so_late(melati, much), by=actors.staff(melati.staff), now=NOW)[1]


def test_the_same_delay_is_entered_by_exactly_one(melati: Clinic) -> None:
    both = coming(melati, "10:00", "10:30")
    assert sorted(all_at_once(lambda much: say(melati, much), [40] * 4)) == [False, False, False, True]
    assert begins(melati, both) == ["10:40", "11:10"]
    assert Disruption.objects.get().source == DisruptionSource.LATE
    assert Message.objects.filter(kind="running_late", state="queued").count() == 2
    invariants.check(NOW + minutes(1))


def test_of_two_delays_everybody_hears_one_hour(melati: Clinic) -> None:
    both = coming(melati, "10:00", "10:30")
    all_at_once(lambda much: say(melati, much), [40, 60])
    first, second = begins(melati, both)
    assert (first, second) in {("10:40", "11:10"), ("11:00", "11:30")}
    assert RescheduleRequest.objects.filter(state=RequestState.OPEN).count() == 2
    waiting = Message.objects.filter(kind="running_late", state="queued")
    assert {str(one.context["time"]["starts_at"])[11:16] for one in waiting} == {
        f"{int(hour[:2]) - 7:02}{hour[2:]}" for hour in (first, second)
    }
    invariants.check(NOW + minutes(1))


def test_whoever_books_into_a_delay_is_gone_round_or_comes_too_late(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    customer = CustomerFactory()
    needed = (melati.colleague.pk, melati.room.pk)
    slot = Slot(at("2026-11-23 10:45"), at("2026-11-23 11:15"), melati.colleague.pk, needed)
    given: dict[str, Any] = {"customer": customer, "service": melati.service, "location": melati.location}

    def book() -> str:
        try:
            booking.book(**given, slot=slot, by=actors.staff(melati.staff), now=NOW)
        except SlotTaken:
            return "too late"
        return "booked"

    def delay() -> str:
        say(melati, 40)
        return "said"

    booked, _said = all_at_once(lambda act: act(), [book, delay])
    assert begins(melati, [appointment]) == ["11:15" if booked == "booked" else "10:40"]
    invariants.check(NOW + minutes(1))
