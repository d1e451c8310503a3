"""Two managers and somebody at the desk, on a Monday morning."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User

from appointments import roles
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.people import colleague


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def budi(melati: Clinic) -> User:
    return colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso", username="budi")


@pytest.fixture
def ratna(melati: Clinic) -> User:
    return colleague(roles.MANAGERS, first_name="Ratna", last_name="Dewi", username="ratna")


@pytest.fixture
def sari(melati: Clinic) -> User:
    return colleague(roles.FRONT_DESK, first_name="Sari", last_name="Wulandari", username="sari")
