"""Staff pages are looked at on the Monday morning of tests.clock, by somebody who works at the desk."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.clock import NOW
from tests.factories import Clinic, clinic


@pytest.fixture
def monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def melati(db: None) -> Clinic:
    return clinic()


@pytest.fixture
def desk(client: Client, melati: Clinic, monday_morning: None) -> Client:
    """A browser in which a colleague of the desk is signed in."""
    client.force_login(melati.staff)
    return client
