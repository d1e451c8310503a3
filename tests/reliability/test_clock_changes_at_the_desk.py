"""Where the clocks go forward an hour is missing, and where they go back one comes twice: whatever door of the desk an
hour is typed at, the first is refused in words, and half an hour stays half an hour.
"""

from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.models import Absence, Appointment, Resource
from tests.clock import at, minutes
from tests.factories import Clinic, clinic, open_weekly

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
MISSING, TWICE = "2027-03-28T02:30", "2027-10-31T02:30"
SAID = "02:30 does not exist on that day: the clocks go forward. Please choose another time."


@pytest.fixture(params=[MISSING, TWICE], ids=["missing", "twice"])
def night(request: pytest.FixtureRequest) -> Iterator[str]:
    """An hour of a night of Sunday, seen a few days before."""
    with time_machine.travel(at(f"{request.param[:8]}25 09:00", BERLIN), tick=True):
        yield str(request.param)


@pytest.fixture
def berlin() -> Clinic:
    """A clinic that works at night, in Berlin."""
    world = clinic(rooms=2)
    world.location.zone = BERLIN
    world.location.save()
    open_weekly(world.location, weekdays=[6], opens_at=time(0), closes_at=time(6))
    for one in Resource.objects.filter(location=world.location):
        open_weekly(one, weekdays=[6], opens_at=time(0), closes_at=time(6))
    return world


@pytest.fixture
def desk(client: Client, night: str, berlin: Clinic) -> Client:
    client.force_login(berlin.staff)
    return client


def said_of(client: Client, path: str, form: dict[str, Any]) -> tuple[int, bool]:
    """The answer, and whether it says that there is no such hour."""
    answer = client.post(path, form)
    return answer.status_code, SAID in answer.content.decode()


def test_a_new_appointment(desk: Client, berlin: Clinic, night: str) -> None:
    form = {
        "step": "send", "nonce": "night", "place": berlin.location.pk, "customer": berlin.customer.pk,
        "service": berlin.service.pk, "manner": "usual", "provider": berlin.provider.pk, "tells": "on",
        "slot": "other", "starts_at": night, "insists": "on",
    }  # fmt: skip
    answer = said_of(desk, reverse("new-appointment"), form)

    booked = Appointment.objects.first()
    assert answer == ((422, True) if night == MISSING else (302, False))
    assert (booked and (booked.starts_at, booked.duration)) == _first_of_both(night)


def test_a_move_as_agreed(desk: Client, berlin: Clinic, night: str) -> None:
    day = f"{night[:8]}26"
    booked = berlin.booked(at(f"{day} 10:00", BERLIN))
    page = reverse("move-as-agreed", args=[booked.pk])
    seen = desk.get(page).content.decode().split('name="seen" value="')[1].split('"')[0]
    form = {
        "step": "send", "nonce": "night", "seen": seen, "reason": berlin.reason.pk, "place": berlin.location.pk,
        "manner": "usual", "slot": "other", "starts_at": night, "provider": berlin.provider.pk,
    }  # fmt: skip
    answer = said_of(desk, page, form)

    booked.refresh_from_db()
    assert answer == ((422, True) if night == MISSING else (302, False))
    assert (booked.starts_at, booked.duration) == (_first_of_both(night) or (at(f"{day} 10:00", BERLIN), minutes(30)))


def test_a_time_that_is_blocked(desk: Client, berlin: Clinic, night: str) -> None:
    form = {
        "resource": berlin.room.pk, "title": "Stocktaking", "starts": night, "ends": night.replace("02:30", "03:00"),
    }  # fmt: skip
    answer = said_of(desk, reverse("block-time"), form)

    blocked = Absence.objects.first()
    assert answer == ((422, True) if night == MISSING else (302, False))
    # From the first half past two to three, which comes once: an hour and a half have passed by then.
    long = None if night == MISSING else (at("2027-10-31 00:30", "UTC"), minutes(90))
    assert (blocked and (blocked.starts_at, blocked.ends_at - blocked.starts_at)) == long


def _first_of_both(night: str) -> Any:
    return None if night == MISSING else (at("2027-10-31 00:30", "UTC"), minutes(30))
