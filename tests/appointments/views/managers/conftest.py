"""The pages of the managers, looked at on the Monday morning of tests.clock by one who has the role and no more."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from appointments import roles
from tests.clock import NOW
from tests.factories import Clinic, clinic
from tests.factories.people import colleague


@pytest.fixture
def melati(db: None) -> Clinic:
    return clinic()


@pytest.fixture
def budi(melati: Clinic) -> User:
    return colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso", username="budi")


@pytest.fixture
def office(client: Client, budi: User) -> Iterator[Client]:
    """A browser in which the manager is signed in."""
    with time_machine.travel(NOW, tick=False):
        client.force_login(budi)
        yield client
