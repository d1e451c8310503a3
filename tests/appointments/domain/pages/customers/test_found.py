"""Whom some words mean, page by page, each with the next appointment and the last one."""

from typing import Any

from appointments.domain.pages.customers.found import Found, found
from appointments.models import Appointment
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory


def look(words: str, **more: Any) -> Found:
    return found(words, Appointment.objects.for_display(), now=NOW, **more)


def test_each_comes_with_the_next_appointment_and_the_last_one(melati: Clinic) -> None:
    dewi = CustomerFactory(name="Dewi Anggraini")
    rows = {number: melati.booked(NOW + days(number), customer=dewi) for number in (-3, -1, 2, 4)}
    assert look("anggraini").rows == [(dewi, [rows[2], rows[-1]])]


def test_nothing_said_finds_nobody(melati: Clinic) -> None:
    assert look("") == Found([])


def test_pages_follow_each_other_without_a_gap(db: None) -> None:
    people = [CustomerFactory(name=f"Dewi {letter}") for letter in "ABCDE"]
    first = look("dewi", page=2)
    second = look("dewi", page=2, after=first.following or 0)
    third = look("dewi", page=2, after=second.following or 0)
    assert [one for page in (first, second, third) for one, _theirs in page.rows] == people
    assert third.following is None


def test_three_queries_whatever_the_size(melati: Clinic, django_assert_num_queries: Any) -> None:
    for number in range(30):
        melati.booked(NOW + days(number), customer=CustomerFactory(name=f"Dewi {number:02}"), room=None)
    with django_assert_num_queries(2):
        look("dewi")
    following = look("dewi").following or 0
    with django_assert_num_queries(3):
        look("dewi", after=following)
