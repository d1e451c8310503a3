"""The letters themselves are under test here, so they are read from the project's own folder and from no other.

Each in every situation: thousands of letters, so this folder counts as slow.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _own_texts() -> None:
    """In place of the fixture that gives the post office's tests texts of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)
