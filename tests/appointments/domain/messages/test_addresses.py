"""Where a message leads."""

from typing import Any

import pytest

from appointments.domain.messages import addresses
from tests.factories import Clinic


def test_addresses_are_full_and_their_markers_readable(settings: Any) -> None:
    settings.PUBLIC_URL = "https://janji.example/sub"
    assert addresses.page_url() == "https://janji.example/sub/r/[[link]]/"
    assert addresses.page_url("link_7") == "https://janji.example/sub/r/[[link_7]]/"


@pytest.mark.django_db
def test_the_secret_of_a_round_told_with_another_is_named_after_it(melati: Clinic) -> None:
    round_ = melati.offered()
    assert addresses.link_of(round_) == f"link_{round_.pk}"
    assert addresses.page_url(addresses.link_of(round_)).endswith(f"/r/[[link_{round_.pk}]]/")
