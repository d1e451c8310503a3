"""A business whose policy anybody may read."""

import pytest

from tests.factories import Clinic, clinic


@pytest.fixture
def melati(db: None) -> Clinic:
    return clinic()
