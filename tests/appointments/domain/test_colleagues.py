"""Who works at the desk, and how they are called."""

import pytest
from django.contrib.auth.models import Group, Permission

from appointments import roles
from appointments.domain import colleagues
from appointments.domain.colleagues import within_reach
from appointments.models import Location
from tests.factories import (
    Clinic,
    LocationFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db


def test_everybody_who_may_work_at_the_desk_is_a_colleague_once(db: None) -> None:
    permission = Permission.objects.get(codename="work_desk")
    by_right = StaffFactory(first_name="Ani")
    role = Group.objects.create(name="Reception")
    role.permissions.add(permission)
    by_role = UserFactory(first_name="Budi")
    by_role.groups.add(role)
    both = StaffFactory(first_name="Citra")
    both.groups.add(role)
    chief = UserFactory(first_name="Dewi", is_superuser=True)
    UserFactory(first_name="Eka")
    StaffFactory(first_name="Fajar", is_active=False)
    assert list(colleagues.desk_colleagues()) == [by_right, by_role, both, chief]


def test_a_colleague_has_a_name_in_any_case(db: None) -> None:
    assert colleagues.name_of(UserFactory(first_name="Sari", last_name="Wijaya")) == "Sari Wijaya"
    assert colleagues.name_of(UserFactory(first_name="", last_name="", username="sari")) == "sari"
    assert colleagues.name_of(None) == ""


def test_who_was_given_places_sees_those_and_others_see_all(melati: Clinic) -> None:
    other = LocationFactory()
    here, everywhere = colleague(roles.FRONT_DESK, melati.location), colleague(roles.FRONT_DESK)
    rows = Location.objects.order_by("pk")
    assert list(within_reach(rows, here, place="pk")) == [melati.location]
    for user in (everywhere, melati.manager, melati.staff):
        assert list(within_reach(rows, user, place="pk")) == [melati.location, other]
