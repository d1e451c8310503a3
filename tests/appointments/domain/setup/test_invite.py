"""Accounts that wait for an invitation."""

import pytest
from django.contrib.auth.models import User

from appointments.domain.setup import invite
from tests.factories import ProviderFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_account_waits_without_a_password_and_without_a_role() -> None:
    ratna = ProviderFactory(name="Ratna Wulandari")
    made = invite.prepare(ratna, email="Ratna@melati.example")

    assert made == User.objects.get()
    assert (made.first_name, made.last_name, made.email) == ("Ratna", "Wulandari", "Ratna@melati.example")
    assert not made.has_usable_password()
    assert not made.groups.exists()
    assert ratna.user == made


def test_an_address_that_is_somebodys_is_left_to_people() -> None:
    UserFactory(email="ratna@melati.example")
    UserFactory(username="andi@melati.example")

    assert invite.prepare(ProviderFactory(), email="RATNA@melati.example") is None
    assert invite.prepare(ProviderFactory(), email="andi@melati.example") is None
    assert invite.prepare(ProviderFactory(), email="") is None
    assert User.objects.count() == 2


def test_whoever_has_an_account_keeps_it() -> None:
    own = UserFactory()

    assert invite.prepare(ProviderFactory(user=own), email="new@melati.example") is None
