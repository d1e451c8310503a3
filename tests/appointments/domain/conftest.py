"""The one world of these stories."""

import pytest

from tests.factories import Clinic, clinic


@pytest.fixture
def melati(db: None) -> Clinic:
    return clinic(rooms=2)
