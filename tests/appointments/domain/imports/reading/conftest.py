"""The messages are compared in English; calendars of real programs lie beside the project, not in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

CALENDARS = Path(__file__).resolve().parents[6] / "shared" / "data" / "calendars"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def wild() -> Callable[[str], bytes]:
    """The bytes of a calendar that a real program wrote."""
    if not CALENDARS.is_dir():
        reason = "the folder shared/data/calendars is not beside the project: nothing was tried on real calendars"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return lambda name: (CALENDARS / name).read_bytes()
