"""Where a message leads: full addresses under the configured one, whatever page they are of."""

from typing import Any

import pytest
from django.urls import set_script_prefix

from appointments.domain.messages import addresses
from tests.factories import Clinic


def test_addresses_are_full_and_their_markers_readable(settings: Any) -> None:
    for base in ("https://janji.example/sub", "https://other.example"):
        settings.PUBLIC_URL = base
        assert addresses.page_url() == f"{base}/r/[[link]]/"
        assert addresses.page_url("link_7") == f"{base}/r/[[link_7]]/"
        assert addresses.address("feedback", "[[feedback]]").startswith(f"{base}/")


@pytest.mark.parametrize("prefix", ["/", "/under/"])
def test_a_page_has_the_address_that_every_other_has(prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        assert addresses.page_url() == addresses.address("answer", "[[link]]")
    finally:
        set_script_prefix("/")


@pytest.mark.django_db
def test_the_secret_of_a_round_told_with_another_is_named_after_it(melati: Clinic) -> None:
    round_ = melati.offered()
    assert addresses.link_of(round_) == f"link_{round_.pk}"
    assert addresses.page_url(addresses.link_of(round_)).endswith(f"/r/[[link_{round_.pk}]]/")
