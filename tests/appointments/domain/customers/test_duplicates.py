"""Who may be the same person as somebody is shown, until a colleague says that they are two."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.domain.customers.duplicates import MOST_ALIKE, alike, two_people
from appointments.models import Customer, TwoPeople
from tests.clock import NOW
from tests.factories import CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ({"name": "Dewi", "phone": "+6281234567001"}, True),
        ({"name": "Somebody", "email": "DEWI@mail.example"}, True),
        ({"name": "anggraini dewi"}, True),
        ({"name": "Dewi"}, False),
        ({"name": "Dewi Lestari", "phone": "+6281234567002", "email": "lestari@mail.example"}, False),
        ({"name": "Rudi"}, False),
    ],
)
def test_who_has_the_same_phone_address_or_whole_name_may_be_the_same(new: dict[str, str], found: bool) -> None:
    known = CustomerFactory(name="Dewi Anggraini", phone="+6281234567001", email="dewi@mail.example")
    assert alike(Customer(**new)) == ([known] if found else [])


def test_only_some_of_many_are_shown() -> None:
    CustomerFactory.create_batch(MOST_ALIKE + 1, name="Dewi Anggraini")
    assert len(alike(Customer(name="Dewi Anggraini"))) == MOST_ALIKE


def test_nobody_is_alike_themselves() -> None:
    known = CustomerFactory(name="Dewi Anggraini", phone="+6281234567001")
    assert alike(known) == []


def test_a_family_that_shares_a_phone_is_asked_about_once() -> None:
    mother, father, child = CustomerFactory.create_batch(3, phone="+6281234567001", email="")
    assert alike(mother) == [father, child]

    by = StaffFactory()
    two_people(mother, father, by=by, now=NOW)
    two_people(father, mother, by=by, now=NOW)

    assert (alike(mother), alike(father), alike(child)) == ([child], [child], [mother, father])
    assert TwoPeople.objects.count() == 1


def test_one_is_not_said_to_be_two_nor_the_same_two_twice() -> None:
    one, by = CustomerFactory(), StaffFactory()
    with pytest.raises(IntegrityError, match="two_people_in_order"), transaction.atomic():
        two_people(one, one, by=by, now=NOW)
    other = CustomerFactory()
    two_people(one, other, by=by, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        TwoPeople.objects.create(one=one, other=other, by=by, at=NOW)


def test_it_costs_two_queries_however_many_are_alike() -> None:
    known = CustomerFactory.create_batch(4, phone="+6281234567001")[0]
    with CaptureQueriesContext(connection) as queries:
        assert len(alike(known)) == 3
    assert len(queries) == 2
