"""The page on which everything that is kept of somebody can be read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.pages.customers.kept import Section, kept
from appointments.models import Customer
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.privacy import SAID, told_everything

pytestmark = pytest.mark.django_db


def named(customer: Customer) -> dict[str, Section]:
    return {section.code: section for section in kept(customer)}


def test_each_row_says_what_it_is_in_words_of_the_reader(melati: Clinic) -> None:
    sections = named(told_everything(melati))
    assert sections["records"].title == "Who they are"
    assert dict(sections["records"].rows[0])["Phone"] == str(melati.customer.phone)
    (appointment,) = (dict(row) for row in sections["appointment"].rows)
    assert appointment["Starts"] == "Monday, 23 November 2026 at 13:00 WIB"
    assert appointment["Note for staff"] == SAID
    assert appointment["State"] == "took place"
    assert sections["messages"].title == "Messages"
    assert {"Written", "Subject", "Text"} <= {name for name, _value in sections["messages"].rows[0]}


def test_what_there_is_nothing_of_is_not_there(melati: Clinic) -> None:
    assert list(named(melati.customer)) == ["records"]


def test_it_asks_as_often_for_many_as_for_one(melati: Clinic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            kept(melati.customer)
            return len(queries)

    melati.booked(NOW + days(1))
    few = asked()
    for day in range(2, 32):
        melati.booked(NOW + days(day))
    assert asked() == few
