"""Managers read what could not take place and what became of everybody whom it hit."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors, affected, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.schedule.slots import Slot
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Disruption
from tests.appointments.admin.pages import page
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, clinic


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic(rooms=2)


def declare(place: Clinic, day: str = "2026-11-24") -> Disruption:
    span = at(f"{day} 00:00"), at(f"{day} 23:00")
    missing = WhatIsMissing(DisruptionScope.RESOURCES, place.location, *span, (place.provider.pk,))
    by, source = actors.staff(place.manager), DisruptionSource.ABSENCE
    return affected.declare(missing, reason=place.reason, by=by, now=NOW, source=source)


def test_each_that_was_hit_stands_there_with_what_became_of_it(browser_of_manager: Client, place: Clinic) -> None:
    names = ("Ana", "Budi", "Citra", "Dewi", "Eka")
    booked = {
        name: place.booked(f"2026-11-24 {9 + number:02}:00", customer=CustomerFactory(name=name))
        for number, name in enumerate(names)
    }
    one = declare(place)
    there = Slot(at("2026-11-25 09:00"), at("2026-11-25 09:30"), place.provider.pk, (place.provider.pk, place.room.pk))
    staff = actors.staff(place.staff)
    booking.move(booked["Budi"], to=there, by=staff, now=NOW)
    affected.keep(booked["Citra"], by=staff, now=NOW)
    booking.cancel(booked["Dewi"], by=staff, now=NOW)
    place.offered(booked["Eka"])

    html = browser_of_manager.get(page("disruption", "change", one.pk)).content.decode()
    rows = {name: html[html.index(f">{name} ·") :][:600] for name in names}
    assert "still to move" in rows["Ana"]
    assert "moved" in rows["Budi"].split("</tr>")[0]
    assert "takes place as booked" in rows["Citra"].split("</tr>")[0]
    assert "cancelled" in rows["Dewi"].split("</tr>")[0]
    assert "times are on offer" in rows["Eka"].split("</tr>")[0]

    listed = browser_of_manager.get(page("disruption", "changelist")).content.decode()
    assert place.provider.name in listed
    assert '<td class="field-hit">5</td>' in listed
    assert 'data-state="waiting">1</span>' in listed


def test_the_list_asks_as_much_for_many_as_for_one(browser_of_manager: Client, place: Clinic) -> None:
    declare(place)
    with CaptureQueriesContext(connection) as few:
        browser_of_manager.get(page("disruption", "changelist"))
    for day in range(10, 20):
        declare(place, f"2026-12-{day}")
    with CaptureQueriesContext(connection) as many:
        browser_of_manager.get(page("disruption", "changelist"))
    assert len(many) == len(few)


def test_nobody_types_a_disruption(browser_of_manager: Client, place: Clinic) -> None:
    one = declare(place)
    assert browser_of_manager.get(page("disruption", "add")).status_code == 403
    assert browser_of_manager.post(page("disruption", "delete", one.pk), {"post": "yes"}).status_code == 403
    assert Disruption.objects.count() == 1
