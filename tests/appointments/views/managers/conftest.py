"""Managers' pages are looked at on the Monday morning of tests.clock."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from appointments import roles
from tests.clock import NOW
from tests.factories import Clinic, StaffFactory, clinic


@pytest.fixture
def monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def melati(db: None) -> Clinic:
    return clinic()


@pytest.fixture
def managing(client: Client, melati: Clinic, monday_morning: None) -> Client:
    """A browser in which somebody is signed in who has the role of a manager, and no more."""
    manager = StaffFactory(username="manages", is_staff=True)
    manager.groups.set([Group.objects.get(name=roles.MANAGERS)])
    client.force_login(manager)
    return client
