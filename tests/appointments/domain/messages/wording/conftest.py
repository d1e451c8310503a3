"""A clinic whose manager words its messages."""

import pytest
from django.contrib.auth.models import User

from appointments import roles
from tests.factories import Clinic
from tests.factories.people import colleague


@pytest.fixture
def budi(melati: Clinic) -> User:
    return colleague(
        roles.MANAGERS, first_name="Budi", last_name="Santoso", username="budi", email="budi@melati.example"
    )
