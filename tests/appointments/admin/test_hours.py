"""Weekly hours that change under existing bookings: the manager is told at once whom they leave outside."""

from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.models import Break, WeeklyHours
from tests.appointments.admin.pages import form_values, page
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, OfferFactory, RescheduleRequestFactory, clinic, open_weekly

ANA, BUDI = "Ana Pratiwi", "Budi Santoso"


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(db: None) -> Clinic:
    """Ana comes on Tuesday at ten, Budi on Wednesday at four."""
    found = clinic(rooms=1)
    open_weekly(found.provider)
    found.booked("2026-11-24 10:00", customer=CustomerFactory(name=ANA))
    found.booked("2026-11-25 16:00", customer=CustomerFactory(name=BUDI))
    return found


def saved(browser: Client, address: str, form: str, **change: Any) -> str:
    values = form_values(browser.get(address), form) | change
    answer = browser.post(address, values, follow=True)
    return str(answer.content.decode())


def weekly(kind: str, owner: str, pk: int, count: int, **row: str) -> dict[str, str]:
    """One more row of weekly hours or breaks, after the `count` that are there."""
    new = {
        "weekday": "1",
        "opens_at": "09:00",
        "closes_at": "12:00",
        "valid_from": "",
        "valid_until": "",
        owner: str(pk),
    }
    rows = {f"{kind}-{count}-{name}": value for name, value in (new | row).items()}
    return {f"{kind}-TOTAL_FORMS": str(count + 1), **rows}


def test_a_break_over_an_appointment_names_its_customer(browser_of_manager: Client, place: Clinic) -> None:
    address = page("resource", "change", place.provider.pk)
    told = saved(browser_of_manager, address, "resource_form", **weekly("breaks", "resource", place.provider.pk, 0))
    assert Break.objects.filter(resource=place.provider).count() == 1
    assert "1 customer has to be moved now" in told
    assert ANA in told
    assert BUDI not in told


def test_shorter_hours_of_the_whole_place_name_everybody_they_leave_outside(
    browser_of_manager: Client, place: Clinic
) -> None:
    rows = list(WeeklyHours.objects.filter(location=place.location))
    address = page("location", "change", place.location.pk)
    change = {f"hours-{number}-closes_at": "09:30" for number, __ in enumerate(rows)}
    told = saved(browser_of_manager, address, "location_form", **change)
    assert set(WeeklyHours.objects.filter(location=place.location).values_list("closes_at", flat=True)) == {time(9, 30)}
    assert "2 have to be moved now" in told
    assert ANA in told
    assert BUDI in told
    # They are outside already, so the next change is not about them.
    assert "moved now" not in saved(
        browser_of_manager, address, "location_form", **weekly("breaks", "location", place.location.pk, 0, weekday="5")
    )


def test_longer_hours_hurt_nobody(browser_of_manager: Client, place: Clinic) -> None:
    rows = list(WeeklyHours.objects.filter(resource=place.provider))
    address = page("resource", "change", place.provider.pk)
    change = {f"hours-{number}-closes_at": "18:00" for number, __ in enumerate(rows)}
    assert "moved now" not in saved(browser_of_manager, address, "resource_form", **change)


def test_a_time_that_is_on_offer_counts_as_well(browser_of_manager: Client, place: Clinic) -> None:
    cici = place.booked("2026-11-26 10:00", customer=CustomerFactory(name="Cici Lestari"))
    round_ = RescheduleRequestFactory(appointment=cici)
    OfferFactory(request=round_, starts_at=at("2026-11-27 10:00"), provider=place.provider).resources.add(
        place.provider
    )
    address = page("resource", "change", place.provider.pk)
    friday = weekly("breaks", "resource", place.provider.pk, 0, weekday="4")
    told = saved(browser_of_manager, address, "resource_form", **friday)
    assert "Cici Lestari" in told
    assert ANA not in told
