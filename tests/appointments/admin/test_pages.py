"""Every page of the managers: it opens, needs few queries whatever it lists, deletes nothing, has no inline script."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import models
from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope, EventKind
from tests.appointments.admin.pages import page
from tests.clock import NOW, days, minutes
from tests.factories import (
    AnswerFactory,
    BusinessFactory,
    CallAttemptFactory,
    ClosureFactory,
    FeedbackFactory,
    LocationFactory,
    ManagerFactory,
    PromiseFactory,
    RecoveryCaseFactory,
    RescheduleRequestFactory,
    SpecialDayFactory,
    StaffFactory,
    UserFactory,
    WeeklyHoursFactory,
    clinic,
)
from tests.factories.compensation import compensation, may_give, set_aside, table_in_force
from tests.factories.moves import many_moves, world
from tests.factories.playbook import solution

REGISTERED = {
    str(model._meta.model_name): model for model in admin.site._registry if model._meta.app_label == "appointments"
}
OURS = sorted(REGISTERED)
FACTS = ("appointmentevent", "disruption", "feedback", "promise", "reschedulerequest", "solution")


def fill(count: int) -> None:
    """`count` rows of everything a list can show."""
    place = world()
    many_moves(place, count=count, seed=count)
    for appointment in models.Appointment.objects.filter(feedback=None)[:count]:
        models.AppointmentEvent.objects.create(
            appointment=appointment, at=NOW, kind=EventKind.BOOKED, actor_kind="staff", actor=place.staff
        )
        FeedbackFactory(appointment=appointment)
        RecoveryCaseFactory(appointment=appointment)
        hit = WhatIsMissing(
            DisruptionScope.APPOINTMENT, appointment.location, appointment.starts_at, appointment=appointment
        )
        affected.declare(hit, reason=None, by=actors.SYSTEM, now=NOW)
        CallAttemptFactory(
            promise=PromiseFactory(appointment=appointment, owner=place.staff), nonce=f"call-{appointment.pk}"
        )
    table = models.CompensationTable.objects.filter(state="in_force").first() or table_in_force()
    for number, appointment in enumerate(
        models.Appointment.objects.filter(compensations=None).exclude(requests=None)[:count]
    ):
        compensation(appointment, rule=table.rules.get())
        set_aside(100 + number, location=LocationFactory())
        may_give(place.staff, number)
        models.CompensationTable.objects.create(title=f"Draft {number}")
        models.CorrectiveAction.objects.create(
            cause=place.reasons[0], what=f"Change {number}", owner=place.staff, due_on=NOW.date()
        )
    writer = ManagerFactory()
    version = solution(writer, reasons=models.Reason.objects.all())
    for round_ in models.RescheduleRequest.objects.filter(solutions_used=None)[:count]:
        models.SolutionUse.objects.create(version=version, round=round_, by=place.staff, at=NOW)
        solution(writer, services=models.Service.objects.all())
    for number in range(count):
        SpecialDayFactory(day=(NOW + days(number)).date(), location=place.locations[number % 2])


def queries_of_lists(browser: Client) -> dict[str, int]:
    used = {}
    for model in OURS:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page(model), follow=True).status_code == 200
        used[model] = len(queries)
    return used


def test_a_list_of_30_needs_no_more_queries_than_one_of_3(browser_of_manager: Client) -> None:
    BusinessFactory()
    queries_of_lists(browser_of_manager)  # what is kept in memory from the first request on
    fill(3)
    few = queries_of_lists(browser_of_manager)
    fill(30)

    many = queries_of_lists(browser_of_manager)

    assert many == few
    assert {model: used for model, used in many.items() if used > 12 and model != "business"} == {}


@pytest.mark.parametrize("model", OURS)
def test_a_page_opens_and_offers_no_way_to_delete(browser_of_manager: Client, model: str) -> None:
    clinic().booked()
    fill(2)
    row = REGISTERED[model]._default_manager.earliest("pk")

    response = browser_of_manager.get(page(model, "change", row.pk))

    assert response.status_code == 200
    if model != "specialday":  # an exception to the calendar is nothing that anybody refers to
        assert page(model, "delete", row.pk) not in response.content.decode()
        assert browser_of_manager.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", FACTS)
def test_facts_cannot_be_typed(browser_of_manager: Client, model: str) -> None:
    fill(1)
    row = REGISTERED[model]._default_manager.earliest("pk")

    assert browser_of_manager.get(page(model, "add")).status_code == 403
    assert browser_of_manager.post(page(model, "change", row.pk), {}).status_code == 403


@pytest.mark.parametrize("model", ["location", "resource", "service", "reason", "customer", "specialday"])
def test_what_managers_look_after_can_be_added(browser_of_manager: Client, model: str) -> None:
    clinic()

    assert browser_of_manager.get(page(model, "add")).status_code == 200


def test_the_pages_contain_no_inline_script_or_style(browser_of_manager: Client) -> None:
    place = clinic()
    appointment = place.booked()
    ClosureFactory(location=place.location)
    fill(2)
    addresses = [page(model) for model in OURS] + [
        reverse("admin:index"),
        reverse("admin:reasons-report"),
        page("appointment", "change", appointment.pk),
        page("location", "change", place.location.pk),
        page("service", "change", place.service.pk),
        page("resource", "change", place.provider.pk),
        page("reason", "add"),
    ]
    found = {}
    for address in addresses:
        html = browser_of_manager.get(address, follow=True).content.decode()
        found[address] = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>|<style|\sstyle=|\son\w+=", html)
    assert {address: marks for address, marks in found.items() if marks} == {}


def test_the_overview_groups_by_what_managers_ask(browser_of_manager: Client) -> None:
    groups = browser_of_manager.get(reverse("admin:index")).context["app_list"]

    assert [(str(group["name"]), [str(model["name"]) for model in group["models"]]) for group in groups][:4] == [
        (
            "Why appointments move",
            [
                "Report: why appointments move",
                "Report: what caused complaints",
                "Report: what we gave",
                "Report: promises kept",
                "Reasons",
                "Disruptions",
                "Reschedule requests",
                "Promises",
                "Feedback",
                "Complaints",
                "Changes we make",
                "Solutions",
            ],
        ),
        ("What we give", ["Tables of what we give", "Budgets", "Authorities", "Compensations"]),
        ("The diary", ["Appointments", "History", "Bring your appointments"]),
        ("People and places", ["Customers", "Resources", "Services", "Locations", "Special days", "Business"]),
    ]


def test_the_pages_speak_indonesian_to_who_wants_it(browser_of_manager: Client) -> None:
    response = browser_of_manager.get(reverse("admin:index"), headers={"accept-language": "id"})

    assert '<html lang="id"' in response.content.decode()


def visitor(make: Callable[[], User]) -> Client:
    client = Client()
    client.force_login(make())
    return client


@pytest.mark.django_db
def test_nobody_else_comes_in() -> None:
    address = reverse("admin:reasons-report")
    sign_in = f"{reverse('admin:login')}?next={address}"

    for client in (Client(), visitor(StaffFactory)):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, sign_in)
    assert visitor(lambda: UserFactory(is_staff=True)).get(address).status_code == 403


def test_times_are_those_of_the_place_where_the_manager_works(browser_of_manager: Client, manager: User) -> None:
    place = clinic()
    place.provider.user = manager
    place.provider.save()
    models.Location.objects.update(zone="Asia/Makassar")
    WeeklyHoursFactory(resource=place.provider)

    html = browser_of_manager.get(page("resource", "change", place.provider.pk)).content.decode()

    assert 'data-admin-utc-offset="28800"' in html
    assert "Asia/Makassar shows them (WITA)" in html


def test_a_round_that_was_talked_about_without_end_has_a_small_page(browser_of_manager: Client) -> None:
    round_ = RescheduleRequestFactory()
    for number in range(21):
        AnswerFactory(request=round_, words=f"word{number:02}." + "x" * 3990, at=NOW + minutes(number))

    shown = browser_of_manager.get(page("reschedulerequest", "change", round_.pk)).content.decode()

    assert re.findall(r"word(\d\d)\.", shown) == [f"{number:02}" for number in range(20, 0, -1)]
    assert len(shown) < 80_000


def test_no_limit_is_asked_that_no_rule_keeps(browser_of_manager: Client) -> None:
    form = browser_of_manager.get(page("service", "add")).content.decode()
    assert 'name="stays' in form
    assert 'name="max_moves"' not in form
    assert 'name="move_notice_hours"' not in form


def test_what_our_moves_have_cost_a_customer_stands_on_their_page(browser_of_manager: Client) -> None:
    made = clinic()
    url = page("customer", "change", made.customer.pk)
    with time_machine.travel(NOW, tick=False):
        assert "Nothing in the last year." in browser_of_manager.get(url).content.decode()
        made.offered(made.booked("2026-11-24 08:00"))
        shown = " ".join(re.sub(r"<[^>]+>", " ", browser_of_manager.get(url).content.decode()).split())
    assert "Mon 23 Nov, 09:00 WIB Colleague is ill – 1.5 1.5" in shown
    assert "A delay of this customer weighs 1.8 times. Points halve every 90 days" in shown
