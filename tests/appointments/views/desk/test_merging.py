"""At the desk two records become one, side by side and field by field; it can be undone, and two people stay two."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.domain.customers.merging import both_states
from appointments.models import Appointment, Customer, CustomerMerge, TwoPeople
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory
from tests.factories.people import together


@pytest.fixture
def twice(melati: Clinic) -> Customer:
    Customer.objects.filter(pk=melati.customer.pk).update(name="Ana Pratiwi", email="", phone="+628111111111")
    melati.customer.refresh_from_db()
    return CustomerFactory(name="Pratiwi, Ana", email="ana@mail.example", phone="+628122222222", note="Left ear.")


def page(desk: Client, name: str, *pks: int, **query: str) -> str:
    return desk.get(reverse(name, args=pks), query).content.decode()


def put(desk: Client, kept: Customer, gone: Customer, **chosen: str) -> Any:
    form = {"seen": both_states(kept, gone), **usual(page(desk, "merge-customers", kept.pk, gone.pk)), **chosen}
    return desk.post(reverse("merge-customers", args=[kept.pk, gone.pk]), form)


def usual(shown: str) -> dict[str, str]:
    """What is chosen beforehand, by field."""
    return dict(re.findall(r'type="radio" name="(\w+)" value="(\w+)" checked', shown))


def test_who_is_alike_stands_quietly_on_the_page_until_they_are_two(
    desk: Client, melati: Clinic, twice: Customer
) -> None:
    side_by_side = reverse("merge-customers", args=[melati.customer.pk, twice.pk])
    assert side_by_side in page(desk, "customer", melati.customer.pk)

    desk.post(reverse("two-people", args=[melati.customer.pk, twice.pk]))

    assert side_by_side not in page(desk, "customer", melati.customer.pk)
    assert reverse("merge-customers", args=[twice.pk, melati.customer.pk]) not in page(desk, "customer", twice.pk)
    assert TwoPeople.objects.get().by == melati.staff


def test_the_other_record_is_found_by_any_words(desk: Client, melati: Clinic) -> None:
    other = CustomerFactory(name="Wayan")
    words = {"q": "wayan"}
    assert reverse("merge-customers", args=[melati.customer.pk, other.pk]) in page(
        desk, "same-person", melati.customer.pk, **words
    )
    assert "Nobody found" in page(desk, "same-person", melati.customer.pk, q=melati.customer.name)


def test_what_is_empty_is_taken_from_the_other_and_nothing_of_notes_is_lost(
    desk: Client, melati: Clinic, twice: Customer
) -> None:
    Customer.objects.filter(pk=melati.customer.pk).update(note="Diabetic.")
    melati.customer.refresh_from_db()
    chosen = usual(page(desk, "merge-customers", melati.customer.pk, twice.pk))
    assert {name: chosen[name] for name in ("name", "email", "phone", "note")} == {
        "name": "kept", "email": "gone", "phone": "kept", "note": "both",
    }  # fmt: skip


def test_one_post_puts_them_together_and_old_links_lead_to_who_stays(
    desk: Client, melati: Clinic, twice: Customer
) -> None:
    booked = melati.booked(customer=twice)
    kept = reverse("customer", args=[melati.customer.pk])
    assert page(desk, "customer", twice.pk).count("Pratiwi, Ana") > 1

    assert put(desk, melati.customer, twice, phone="gone").headers["Location"] == kept

    melati.customer.refresh_from_db()
    assert (str(melati.customer.phone), melati.customer.email) == ("+628122222222", "ana@mail.example")
    assert Appointment.objects.get().customer == melati.customer
    assert desk.get(reverse("customer", args=[twice.pk])).headers["Location"] == kept
    assert "Undo" in page(desk, "customer", melati.customer.pk)
    assert page(desk, "search", q="ana@mail.example").count("Pratiwi, Ana") == 0
    assert page(desk, "search").count("Pratiwi, Ana") == 0
    assert desk.get(reverse("appointment", args=[booked.pk])).status_code == 200


def test_a_new_appointment_for_a_record_that_is_gone_is_for_who_stays(
    desk: Client, melati: Clinic, twice: Customer
) -> None:
    together(melati.customer, twice, by=melati.staff)
    shown = desk.get(reverse("new-appointment"), {"customer": twice.pk}).content.decode()
    assert f'value="{melati.customer.pk}" checked' in shown
    assert f'id="customer-known" value="{twice.pk}"' not in shown


def test_whoever_was_faster_is_not_overruled(desk: Client, melati: Clinic, twice: Customer) -> None:
    form = {
        "seen": both_states(melati.customer, twice),
        **usual(page(desk, "merge-customers", melati.customer.pk, twice.pk)),
    }
    Customer.objects.filter(pk=twice.pk).update(address="Jl. Baru 1")
    answer = desk.post(reverse("merge-customers", args=[melati.customer.pk, twice.pk]), {**form, "address": "kept"})
    assert (answer.status_code, CustomerMerge.objects.count()) == (422, 0)
    assert "since you opened the page" in answer.content.decode()


def test_nobody_is_put_together_with_themselves(desk: Client, melati: Clinic) -> None:
    answer = put(desk, melati.customer, melati.customer)
    assert (answer.status_code, CustomerMerge.objects.count()) == (422, 0)


def test_undoing_says_what_is_left_as_it_is(desk: Client, melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff, phone="gone")
    Customer.objects.filter(pk=melati.customer.pk).update(phone="+628133333333")
    answer = desk.post(reverse("undo-merge", args=[merge.pk]))
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [
        "Undone: Ana Pratiwi and Pratiwi, Ana are two again. Corrected since, so left as it is: Phone."
    ]
    assert desk.get(reverse("customer", args=[twice.pk])).status_code == 200


def test_after_a_day_it_is_refused_and_no_longer_offered(desk: Client, melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff)
    with time_machine.travel(NOW + timedelta(days=1, seconds=1), tick=False):
        desk.force_login(melati.staff)
        assert reverse("undo-merge", args=[merge.pk]) not in page(desk, "customer", melati.customer.pk)
        answer = desk.post(reverse("undo-merge", args=[merge.pk]))
    assert "can no longer be undone" in str(*get_messages(answer.wsgi_request))
    assert CustomerMerge.objects.in_force().count() == 1
