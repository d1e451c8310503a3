"""Managers read what could not take place and what became of everybody whom it hit."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import roles
from appointments.domain import actors, affected, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import closing
from appointments.domain.disruptions.planning import plans
from appointments.domain.schedule.slots import Slot
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Appointment, Disruption, PlanLine
from tests.appointments.admin.pages import page, rows_of
from tests.clock import NOW, at, hours
from tests.factories import Clinic, CustomerFactory, UserFactory, clinic
from tests.factories.disruptions import booked_in_a_row


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
    assert "moved by a colleague" in rows["Budi"].split("</tr>")[0]
    assert "takes place as booked" in rows["Citra"].split("</tr>")[0]
    assert "cancelled" in rows["Dewi"].split("</tr>")[0]
    assert "still choosing" in rows["Eka"].split("</tr>")[0]

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


def test_it_is_filtered_by_where_the_work_stands(browser_of_manager: Client, place: Clinic) -> None:
    made = {day: declare(place, f"2026-12-{day}") for day in (10, 11, 12, 13)}
    for day in (11, 12):
        closing.close(made[day], lessons="", by=place.staff, now=NOW)
    place.booked("2026-12-12 10:00")
    affected.add(made[12], list(Appointment.objects.all()), now=NOW + hours(1))
    affected.call_off(made[13], now=NOW)
    states = {
        state: rows_of(browser_of_manager.get(page("disruption"), {"work": state}))
        for state in ("open", "again", "closed", "called_off")
    }
    assert states == {"open": [made[10]], "again": [made[12]], "closed": [made[11]], "called_off": [made[13]]}
    assert browser_of_manager.get(page("disruption"), {"work": "nonsense"}).status_code == 400


def test_the_plans_and_their_lines_stand_there_to_be_read(browser_of_manager: Client, place: Clinic) -> None:
    hit = place.booked("2026-11-24 09:00", customer=CustomerFactory(name="Ana"))
    one = declare(place)
    plan = plans.begin(one, by=place.staff, now=NOW)
    PlanLine.objects.create(plan=plan, appointment=hit, state="failed", fault="No time left.")
    closing.learn(one, lessons="Ask for a stand-in earlier.")
    html = browser_of_manager.get(page("disruption", "change", one.pk)).content.decode()
    for words in ("being made", "failed: 1", "No time left.", "Ask for a stand-in earlier."):
        assert words in html
    assert f'href="{reverse("disruption-report", args=[one.pk])}"' in html


def test_whoever_only_reads_is_not_sent_to_the_desk(client: Client, place: Clinic) -> None:
    one = declare(place)
    auditor = UserFactory(is_staff=True)
    auditor.groups.add(Group.objects.get(name=roles.AUDITORS))
    client.force_login(auditor)
    html = client.get(page("disruption", "change", one.pk)).content.decode()
    assert "Whom it hits" in html
    assert reverse("disruption-report", args=[one.pk]) not in html


def test_what_hits_one_appointment_has_no_report_to_be_sent_to(browser_of_manager: Client, place: Clinic) -> None:
    appointment = place.offered().appointment
    one = Disruption.objects.get(scope=DisruptionScope.APPOINTMENT, appointment=appointment)
    html = browser_of_manager.get(page("disruption", "change", one.pk)).content.decode()
    assert "Whom it hits" in html
    assert browser_of_manager.get(reverse("disruption-report", args=[one.pk])).status_code == 404
    assert reverse("disruption-report", args=[one.pk]) not in html


def test_its_page_asks_as_much_for_many_as_for_one(browser_of_manager: Client, place: Clinic) -> None:
    used = []
    for count, day in ((1, "2026-11-25"), (17, "2026-11-26")):
        booked = booked_in_a_row(place, count, since=f"{day} 08:00")
        one = declare(place, day)
        plan = plans.begin(one, by=place.staff, now=NOW)
        PlanLine.objects.bulk_create(PlanLine(plan=plan, appointment=hit) for hit in booked)
        browser_of_manager.get(page("disruption", "change", one.pk))
        with CaptureQueriesContext(connection) as queries:
            browser_of_manager.get(page("disruption", "change", one.pk))
        used.append(len(queries))
    assert used[0] == used[1]
