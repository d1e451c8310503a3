"""The letters themselves are under test here, so they are read from the project's own folder and from no other."""

import pytest


@pytest.fixture(autouse=True)
def _own_texts() -> None:
    """In place of the fixture that gives the post office's tests texts of their own."""
