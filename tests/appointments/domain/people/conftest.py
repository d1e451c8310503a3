"""A business with two managers and somebody at the desk."""

import pytest
from django.contrib.auth.models import User

from appointments import roles
from tests.factories import Clinic
from tests.factories.people import colleague


@pytest.fixture
def budi(melati: Clinic) -> User:
    """A manager of all places, without rights beside the role."""
    return colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso", username="budi")


@pytest.fixture
def ratna(melati: Clinic) -> User:
    """The other manager."""
    return colleague(roles.MANAGERS, first_name="Ratna", last_name="Dewi", username="ratna")


@pytest.fixture
def sari(melati: Clinic) -> User:
    return colleague(roles.FRONT_DESK, first_name="Sari", last_name="Wulandari", username="sari")
