"""Weekly hours that change under existing bookings: the manager is told at once whom they leave outside."""

import html
import re
from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from appointments.domain import affected
from appointments.models import Absence, Break, Closure, WeeklyHours
from tests.appointments.admin.pages import form_values, page
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, clinic, open_weekly

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


def confirmed(browser: Client, address: str, asked: str) -> str:
    """What the page says when the list that it asks about is ticked."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked)
    ticks = re.findall(r'<input type="checkbox" id="[^"]+" name="([^"]+)" value="([^"]+)"', asked)
    answer = browser.post(address, dict([*hidden, *ticks]), follow=True)
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
    asked = saved(browser_of_manager, address, "resource_form", **weekly("breaks", "resource", place.provider.pk, 0))
    assert not Break.objects.exists()
    assert "1 customer is expected in this time" in asked
    told = confirmed(browser_of_manager, address, asked)
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
    told = confirmed(browser_of_manager, address, saved(browser_of_manager, address, "location_form", **change))
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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"opens_at": "16:00", "closes_at": "08:00"},
            "This ends before it begins. Tick “the next day”",
        ),
        ({"opens_at": "16:00", "closes_at": "16:00"}, "This begins and ends at the same hour."),
        ({"overnight": "on"}, "This ends on the same day, so the tick is not needed."),
        ({"valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "The last day is before the first."),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_reason(
    browser_of_manager: Client, place: Clinic, change: dict[str, str], said: str
) -> None:
    before = list(WeeklyHours.objects.values())
    address = page("resource", "change", place.provider.pk)
    number = place.provider.hours.count()
    row = weekly("hours", "resource", place.provider.pk, number, weekday="6")
    row |= {f"hours-{number}-{name}": value for name, value in change.items()}
    assert said in html.unescape(saved(browser_of_manager, address, "resource_form", **row))
    assert list(WeeklyHours.objects.values()) == before


def test_a_night_shift_is_said_and_until_midnight_is_until_midnight(browser_of_manager: Client, place: Clinic) -> None:
    address = page("resource", "change", place.provider.pk)
    number = place.provider.hours.count()
    row = weekly("hours", "resource", place.provider.pk, number, weekday="6")
    night = {"opens_at": "22:00", "closes_at": "06:00", "overnight": "on"}
    saved(browser_of_manager, address, "resource_form", **row | {f"hours-{number}-{k}": v for k, v in night.items()})
    row = weekly("hours", "resource", place.provider.pk, number + 1, weekday="5")
    late = {"opens_at": "16:00", "closes_at": "00:00"}
    saved(browser_of_manager, address, "resource_form", **row | {f"hours-{number + 1}-{k}": v for k, v in late.items()})
    assert set(place.provider.hours.filter(weekday__gte=5).values_list("weekday", "closes_at", "overnight")) >= {
        (6, time(6), True), (5, time(0), False),
    }  # fmt: skip


@pytest.mark.parametrize(("opens", "closes", "overnight"), [(16, 8, False), (16, 16, False), (8, 16, True)])
@pytest.mark.parametrize("model", [WeeklyHours, Break])
def test_the_database_refuses_them_too(
    place: Clinic, model: type[WeeklyHours], opens: int, closes: int, overnight: bool
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(
            resource=place.provider, weekday=0, opens_at=time(opens), closes_at=time(closes), overnight=overnight
        )


@pytest.mark.parametrize("hour", [8, 16])
@pytest.mark.parametrize("model", [Absence, Closure])
def test_what_ends_before_it_begins_is_refused_in_plain_words(
    place: Clinic, model: type[Absence | Closure], hour: int
) -> None:
    span = {"starts_at": at("2026-11-24 16:00"), "ends_at": at(f"2026-11-24 {hour:02}:00")}
    owner = {"resource": place.provider} if model is Absence else {"location": place.location, "title": "Party"}
    with pytest.raises(ValidationError) as refused:
        model(**owner, **span).full_clean()
    assert refused.value.message_dict == {"ends_at": ["The end must be after the start."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**owner, **span)


def test_whoever_is_left_outside_stands_among_those_to_move(browser_of_manager: Client, place: Clinic) -> None:
    address = page("resource", "change", place.provider.pk)
    asked = saved(browser_of_manager, address, "resource_form", **weekly("breaks", "resource", place.provider.pk, 0))
    confirmed(browser_of_manager, address, asked)
    (row,) = affected.untold()
    assert (row.appointment.customer.name, row.disruption.source) == (ANA, "hours")
    assert [one.pk for one in row.disruption.resources.all()] == [place.provider.pk]


def test_who_was_booked_after_the_list_was_shown_is_asked_about_too(browser_of_manager: Client, place: Clinic) -> None:
    address = page("resource", "change", place.provider.pk)
    asked = saved(browser_of_manager, address, "resource_form", **weekly("breaks", "resource", place.provider.pk, 0))
    place.booked("2026-11-24 11:00", customer=CustomerFactory(name="Cici Lestari"))
    assert "2 customers are expected" in confirmed(browser_of_manager, address, asked)
    assert not Break.objects.exists()


def switched(browser: Client, noun: str, pk: int, **change: str) -> str:
    """Asked, confirmed."""
    address = page(noun, "change", pk)
    values = form_values(browser.get(address), f"{noun}_form") | change
    values = {name: value for name, value in values.items() if value != "OFF"}
    asked = browser.post(address, values, follow=True)
    assert asked.status_code == 409
    return confirmed(browser, address, asked.content.decode())


@pytest.mark.parametrize(
    ("noun", "change", "source"),
    [
        ("resource", {"is_active": "OFF"}, "switched_off"),
        ("location", {"is_active": "OFF"}, "switched_off"),
        ("location", {"zone": "Asia/Makassar"}, "zone"),
        ("service", {"is_active": "OFF"}, "switched_off"),
        ("service", {"minutes": "45"}, "service"),
        ("service", {"requirements-0-DELETE": "on"}, "service"),
    ],
    ids=["a person", "a place", "the clock of a place", "a service", "its length", "who can do it"],
)
def test_everything_that_appointments_need_is_a_door(
    browser_of_manager: Client, place: Clinic, noun: str, change: dict[str, str], source: str
) -> None:
    pk = {"resource": place.provider, "location": place.location, "service": place.service}[noun].pk
    told = switched(browser_of_manager, noun, pk, **change)
    assert "2 have to be moved now" in told
    assert {(row.appointment.customer.name, row.disruption.source) for row in affected.untold()} == {
        (ANA, source), (BUDI, source),
    }  # fmt: skip


def test_what_hurts_nobody_is_not_asked_about(browser_of_manager: Client, place: Clinic) -> None:
    address = page("service", "change", place.service.pk)
    values = form_values(browser_of_manager.get(address), "service_form") | {"notice_minutes": "90"}
    assert browser_of_manager.post(address, values).status_code == 302
    assert not affected.to_move().exists()
