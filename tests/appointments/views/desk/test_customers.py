"""The page of one customer at the desk, and correcting it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain.customers import CONTACT, state_of
from appointments.models import Customer, Location
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def form_of(customer: Customer, **change: Any) -> dict[str, Any]:
    said = {name: getattr(customer, name) for name in CONTACT} | {"seen": state_of(customer)} | change
    return {name: value for name, value in said.items() if value is not False}


def test_search_and_appointment_lead_to_the_page_of_the_person(desk: Client, melati: Clinic) -> None:
    booked = melati.booked(NOW + days(1))
    address = reverse("customer", args=[melati.customer.pk])
    for page in (reverse("appointment", args=[booked.pk]), f"{reverse('search')}?q={melati.customer.name}"):
        assert f'href="{address}"' in desk.get(page).content.decode()
    page = desk.get(address).content.decode()
    assert reverse("appointment", args=[booked.pk]) in page


def test_a_number_is_corrected_and_a_wrong_one_is_said(desk: Client, melati: Clinic) -> None:
    address = reverse("correct-customer", args=[melati.customer.pk])
    wrong = desk.post(address, form_of(melati.customer, phone="12"))
    assert wrong.status_code == 422
    kept = desk.post(address, form_of(melati.customer, phone="+62 812-3456-7000"), follow=True)
    assert "+62 812-3456-7000" in kept.content.decode()


def test_nobody_is_left_without_a_way_to_be_reached(desk: Client, melati: Clinic) -> None:
    address = reverse("correct-customer", args=[melati.customer.pk])
    page = desk.post(address, form_of(melati.customer, phone="", email="")).content.decode()
    assert "or nobody can reach them." in page
    page = desk.post(address, form_of(melati.customer, phone="", preferred_channel="sms")).content.decode()
    assert "This is how they prefer to be reached" in page


def test_whoever_was_faster_is_named_and_nothing_typed_is_lost(desk: Client, melati: Clinic) -> None:
    sent = form_of(melati.customer, note="Rings twice.")
    Customer.objects.update(note="Has a dog.")
    page = desk.post(reverse("correct-customer", args=[melati.customer.pk]), sent)
    assert page.status_code == 422
    assert "since you opened the page" in page.content.decode()
    assert "Rings twice." in page.content.decode()
    assert Customer.objects.get(pk=melati.customer.pk).note == "Has a dog."


def test_health_is_not_noted(desk: Client, melati: Clinic) -> None:
    address = reverse("correct-customer", args=[melati.customer.pk])
    assert desk.post(address, form_of(melati.customer, note="Has the flu.")).status_code == 422


def test_somebody_without_appointments_has_a_page_too(desk: Client, melati: Clinic) -> None:
    page = desk.get(reverse("customer", args=[CustomerFactory().pk])).content.decode()
    assert "Nothing is booked." in page
    assert Location.objects.count() == 1
