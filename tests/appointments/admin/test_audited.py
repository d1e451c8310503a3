"""What is changed in the admin is written down, whoever does it."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from appointments.models import AuditEntry, Location, SpecialDay
from notifications.models import Heartbeat
from tests.appointments.admin.pages import form_values
from tests.factories import CustomerFactory, LocationFactory, SpecialDayFactory, open_weekly

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, str, str, dict[str, Any], dict[str, Any]]]:
    found = AuditEntry.objects.order_by("pk")
    return [(one.action, one.noun, one.name, one.before, one.after) for one in found]


def change(browser: Client, noun: str, row: Any, **values: Any) -> None:
    address = reverse(f"admin:appointments_{noun}_change", args=[row.pk])
    said = form_values(browser.get(address), f"{noun}_form") | values
    answer = browser.post(address, said)
    assert answer.status_code == 302, answer.content.decode()[-4000:]


def test_of_what_is_changed_it_says_what_it_was_and_is(browser_of_manager: Client, manager: User) -> None:
    place = LocationFactory(name="Melati")
    change(browser_of_manager, "location", place, name="Kenanga")
    assert entries() == [("changed", "location", "Kenanga", {"name": "Melati"}, {"name": "Kenanga"})]
    assert AuditEntry.objects.get().actor == manager


def test_what_is_saved_as_it_was_is_no_change(browser_of_manager: Client) -> None:
    change(browser_of_manager, "location", LocationFactory())
    assert entries() == []


def test_hours_are_named_with_whose_they_are(browser_of_manager: Client) -> None:
    place = LocationFactory(name="Melati")
    open_weekly(place, weekdays=[0])
    change(browser_of_manager, "location", place, **{"hours-0-closes_at": "16:00"})
    (entry,) = entries()
    assert entry[:2] == ("changed", "weeklyhours")
    assert entry[2].startswith("Melati: ")
    assert entry[3:] == ({"closes_at": "17:00:00"}, {"closes_at": "16:00:00"})
    change(browser_of_manager, "location", place, **{"hours-0-DELETE": "on"})
    assert entries()[1][:2] == ("removed", "weeklyhours")
    assert entries()[1][3]["closes_at"] == "16:00:00"


def test_what_is_added_and_what_is_deleted(browser_of_manager: Client) -> None:
    place = LocationFactory(name="Melati")
    said = {"day": "2030-12-01", "name": "Anniversary", "location": place.pk}
    assert browser_of_manager.post(reverse("admin:appointments_specialday_add"), said).status_code == 302
    (added,) = entries()
    assert added[:2] == ("added", "specialday")
    assert (added[4]["name"], added[4]["location"]) == ("Anniversary", "Melati")
    day = SpecialDay.objects.get()
    browser_of_manager.post(reverse("admin:appointments_specialday_delete", args=[day.pk]), {"post": "yes"})
    assert not SpecialDay.objects.exists()
    assert entries()[1][:3] == ("removed", "specialday", str(day))


def test_several_deleted_at_once_are_each_written_down(browser_of_manager: Client) -> None:
    days = [SpecialDayFactory(day=day) for day in ("2030-12-01", "2030-12-02")]
    said = {"action": "delete_selected", "_selected_action": [day.pk for day in days], "post": "yes"}
    browser_of_manager.post(reverse("admin:appointments_specialday_changelist"), said)
    assert not SpecialDay.objects.exists()
    assert [entry[:2] for entry in entries()] == [("removed", "specialday")] * 2


def test_of_a_customer_it_says_that_something_changed_and_never_what(browser_of_manager: Client) -> None:
    person = CustomerFactory(name="Ana Pratiwi")
    change(browser_of_manager, "customer", person, name="Ana Lestari")
    assert entries() == [("changed", "customer", "", {"name": "•••"}, {"name": "•••"})]
    assert AuditEntry.objects.get().key == str(person.pk)


def test_a_list_that_is_taken_home_is_written_down(browser_of_manager: Client) -> None:
    CustomerFactory()
    assert browser_of_manager.get(reverse("admin:appointments_customer_export", args=["csv"])).status_code == 200
    ((action, noun, name, _before, _after),) = entries()
    assert (action, noun, name.endswith(".csv")) == ("exported", "customer", True)


@pytest.mark.parametrize("report", ["reasons", "complaints", "given", "promises"])
def test_a_report_that_is_taken_home_is_written_down(browser_of_manager: Client, report: str) -> None:
    address = reverse(f"admin:{report}-report-file", args=["csv"])
    asked = form_values(browser_of_manager.get(reverse(f"admin:{report}-report")), "report_form")
    answer = browser_of_manager.get(address, asked)
    assert answer.status_code == 200
    ((action, noun, name, _before, _after),) = entries()
    assert (action, noun, name.endswith(".csv")) == ("exported", "report", True)


def test_what_the_rules_refuse_is_not_written_down(browser_of_manager: Client) -> None:
    place = LocationFactory(name="Melati")
    address = reverse("admin:appointments_location_change", args=[place.pk])
    said = form_values(browser_of_manager.get(address), "location_form") | {"name": ""}
    assert browser_of_manager.post(address, said).status_code == 200
    assert entries() == []
    assert Location.objects.get().name == "Melati"


@pytest.mark.parametrize("raw", [User, Group, Heartbeat])
def test_raw_tables_are_not_shown(raw: Any) -> None:
    assert not admin.site.is_registered(raw)
