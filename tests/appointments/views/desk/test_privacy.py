"""Handing over what is kept of somebody, and forgetting them: for managers, after their name was typed."""

import json

import pytest
from django.test import Client

from appointments import roles
from appointments.models import Customer
from tests.factories import Clinic, LocationFactory
from tests.factories.people import colleague
from tests.factories.privacy import SAID, over, told_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client, melati: Clinic, monday_morning: None) -> Client:
    client.force_login(melati.manager)
    return client


def paths(customer: Customer) -> tuple[str, str, str]:
    page = f"/customers/{customer.pk}/"
    return f"{page}kept/", f"{page}kept/file/", f"{page}forget/"


def test_a_manager_reads_all_of_it_and_takes_it_along(manager: Client, melati: Clinic) -> None:
    page, file, _forget = paths(told_everything(melati))
    assert manager.get(page).content.decode().count(SAID) > 10
    answer = manager.post(file)
    assert answer["Content-Disposition"] == f'attachment; filename="customer-{melati.customer.pk}.json"'
    assert json.loads(answer.content)["records"][0]["name"] == melati.customer.name


def test_somebody_is_forgotten_once_their_name_was_typed(manager: Client, melati: Clinic) -> None:
    customer = told_everything(melati)
    page, _file, forget = paths(customer)
    answer = manager.post(forget, {"name": "Somebody Else"})
    assert answer.status_code == 422
    assert f"This is not the name of this customer: {customer.name}." in answer.content.decode()
    assert not Customer.objects.filter(forgotten_at__isnull=False).exists()
    answer = manager.post(forget, {"name": customer.name.lower()}, follow=True)
    assert "Forgotten. Nothing is left of who they were." in answer.content.decode()
    said = manager.get(page).content.decode()
    assert SAID not in said
    assert "Forget for good" not in said


def test_the_page_says_what_has_to_be_settled_first(manager: Client, melati: Clinic) -> None:
    melati.offered(melati.booked("2026-11-25 10:00"))
    page, _file, forget = paths(melati.customer)
    said = manager.get(page).content.decode()
    assert "1 appointment to come" in said
    assert "1 proposal without an answer" in said
    assert "Forget for good" not in said
    answer = manager.post(forget, {"name": melati.customer.name})
    assert answer.status_code == 422
    assert Customer.objects.get(pk=melati.customer.pk).name == melati.customer.name


def test_to_the_front_desk_none_of_it_exists(desk: Client, melati: Clinic) -> None:
    page, file, forget = paths(melati.customer)
    assert [desk.get(page).status_code, desk.post(file).status_code, desk.post(forget).status_code] == [404] * 3
    assert "What we keep" not in desk.get(f"/customers/{melati.customer.pk}/").content.decode()
    assert Customer.objects.get(pk=melati.customer.pk).name == melati.customer.name


def test_who_was_forgotten_is_found_and_booked_no_more(manager: Client, melati: Clinic) -> None:
    customer = told_everything(melati)
    manager.post(paths(customer)[2], {"name": customer.name})
    page = manager.get(f"/customers/{customer.pk}/").content.decode()
    assert "nothing is left of who they were" in page
    assert "New appointment</a>" not in page
    answer = manager.post(f"/customers/{customer.pk}/correct/", {"name": "Ana Again", "seen": "x", "language": "en"})
    assert answer.status_code == 422
    assert Customer.objects.get(pk=customer.pk).name == "–"


def test_a_manager_of_one_place_reads_who_may_forget_somebody_of_two(
    client: Client, melati: Clinic, monday_morning: None
) -> None:
    customer = told_everything(melati)
    melati.booked("2026-11-25 10:00", location=LocationFactory())
    over()
    client.force_login(colleague(roles.MANAGERS, melati.location))
    colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso")
    page, _file, forget = paths(customer)
    said = client.get(page).content.decode()
    assert "Ask a manager of all places: Budi Santoso." in said
    assert "Forget for good" not in said
    assert client.post(forget, {"name": customer.name}).status_code == 422
    assert Customer.objects.get(pk=customer.pk).forgotten_at is None
