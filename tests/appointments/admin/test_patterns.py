"""A manager's quiet note on repeated misuse: for managers, for a while, and without consequences."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments import roles
from appointments.models import Customer, MisuseNote
from tests.factories import CustomerFactory, ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db


def page_of(customer: Customer) -> str:
    return reverse("admin:appointments_customer_change", args=[customer.pk])


def as_a(role: str) -> Client:
    user = StaffFactory(is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    client = Client()
    client.force_login(user, backend="reschedule.sign_in.Colleagues")
    return client


def posted(customer: Customer, **note: str) -> dict[str, str]:
    total = {"misuse_notes-TOTAL_FORMS": "1", "misuse_notes-INITIAL_FORMS": "0"}
    data = {f"misuse_notes-0-{name}": value for name, value in note.items()}
    own = {"name": customer.name, "language": "en", "preferred_channel": "email", "email": customer.email}
    return {**own, "wants_follow_up": "on", **total, **data, "_continue": "1"}


@pytest.fixture
def customer() -> Customer:
    made: Customer = CustomerFactory()
    return made


def test_a_manager_writes_one_with_a_reason_and_an_end(customer: Customer) -> None:
    day = timezone.localdate() + timedelta(days=30)
    response = as_a(roles.MANAGERS).post(
        page_of(customer), posted(customer, why="Did not come three times.", expires_on=day.isoformat())
    )
    assert response.status_code == 302, response.context["errors"]
    made = MisuseNote.objects.get()
    assert (made.why, made.expires_on, made.made_on) == ("Did not come three times.", day, timezone.localdate())
    assert made.made_by.groups.get().name == roles.MANAGERS


@pytest.mark.parametrize("days", [0, 367])
def test_an_end_that_is_none_is_refused_with_a_sentence(customer: Customer, days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    response = as_a(roles.MANAGERS).post(page_of(customer), posted(customer, why="Twice.", expires_on=day.isoformat()))
    assert "Choose a day from tomorrow on, within a year." in response.content.decode()
    assert not MisuseNote.objects.exists()


def test_saving_the_page_without_a_reason_writes_none(customer: Customer) -> None:
    day = timezone.localdate() + timedelta(days=180)
    as_a(roles.MANAGERS).post(page_of(customer), posted(customer, why="", expires_on=day.isoformat()))
    assert not MisuseNote.objects.exists()


def test_it_says_nothing_of_a_colleagues_health(customer: Customer) -> None:
    day = timezone.localdate() + timedelta(days=30)
    why = "Shouted at Rina although she has the flu."
    response = as_a(roles.MANAGERS).post(page_of(customer), posted(customer, why=why, expires_on=day.isoformat()))
    assert response.status_code == 200
    assert not MisuseNote.objects.exists()


@pytest.mark.parametrize(("role", "sees"), [(roles.MANAGERS, True), (roles.LEADS, False), (roles.AUDITORS, False)])
def test_only_managers_read_it_and_only_while_it_stands(customer: Customer, role: str, sees: bool) -> None:
    today = timezone.localdate()
    for why, days in (("Standing.", 3), ("Forgotten.", -1)):
        MisuseNote.objects.create(
            customer=customer, why=why, made_by=ManagerFactory(),
            made_on=today - timedelta(days=9), expires_on=today + timedelta(days=days),
        )  # fmt: skip
    html = as_a(role).get(page_of(customer)).content.decode()
    assert ("Standing." in html, "Forgotten." in html) == (sees, False)


def test_no_rule_and_no_page_of_the_desk_reads_it() -> None:
    reading = {
        str(file.relative_to(settings.BASE_DIR))
        for file in Path(settings.BASE_DIR, "appointments").rglob("*.py")
        if re.search(r"MisuseNote|misuse_?note|MisuseInline", file.read_text(encoding="utf-8"))
    }
    assert {one for one in reading if "/migrations/" not in one} == {
        "appointments/models/__init__.py",
        "appointments/models/recovery/__init__.py",
        "appointments/models/recovery/patterns.py",
        "appointments/domain/recovery/patterns.py",
        "appointments/domain/audit.py",  # says that one was written, and nothing of what
        "appointments/domain/customers/merging.py",  # it goes over with the rest of a record, unread
        "appointments/domain/privacy/inventory.py",  # handed over to whom it is about, and forgotten with them
        "appointments/domain/privacy/handing_over.py",
        "appointments/domain/privacy/forgetting.py",
        "appointments/domain/privacy/tables.py",  # says that each goes on a day of its own
        "appointments/admin/people.py",
        "appointments/admin/recovery/patterns.py",
        "appointments/roles.py",
    }


def test_who_wrote_it_and_when_stands_beside_it_and_it_can_be_taken_back(customer: Customer) -> None:
    today = timezone.localdate()
    note = MisuseNote.objects.create(
        customer=customer, why="Twice.", made_by=StaffFactory(first_name="Budi", last_name="Hartanto"),
        made_on=today, expires_on=today + timedelta(days=3),
    )  # fmt: skip
    manager = as_a(roles.MANAGERS)
    assert "Budi Hartanto" in manager.get(page_of(customer)).content.decode()
    data = posted(customer, id=str(note.pk), DELETE="on")
    meant = {"misuse_notes-INITIAL_FORMS": "1", "misuse_notes-0-customer": str(customer.pk)}
    manager.post(page_of(customer), data | meant)
    assert not MisuseNote.objects.exists()
