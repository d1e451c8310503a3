"""Who is no longer signed in comes back to the page on which they were, also after sending a form."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
FORM_ONLY = "/appointments/1/missed/"
PAGE = "http://testserver/appointments/1/?page=2"


def way_of(address: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(address)
    return parts.path, parse_qs(parts.query)


def test_a_page_that_was_asked_for_is_the_page_to_come_back_to(client: Client) -> None:
    answer = client.get("/waiting/?sort=due")
    assert way_of(answer["Location"]) == (reverse("sign-in"), {"next": ["/waiting/?sort=due"]})


def test_a_form_leads_back_to_the_page_on_which_it_stood(client: Client) -> None:
    answer = client.post(FORM_ONLY, headers={"referer": PAGE})
    assert answer.status_code == 302
    assert way_of(answer["Location"]) == (reverse("sign-in"), {"next": [PAGE], "typed": ["1"]})


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/page/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_no_way_leads_to_other_sites(client: Client, referer: str) -> None:
    answer = client.post(FORM_ONLY, headers={"referer": referer})
    assert way_of(answer["Location"])[1]["next"] == [FORM_ONLY]


def test_a_script_is_told_the_way_for_the_whole_page(client: Client) -> None:
    answer = client.post(FORM_ONLY, headers={"hx-request": "true", "hx-current-url": PAGE})
    assert (answer.status_code, "Location" in answer) == (401, False)
    assert way_of(answer["HX-Redirect"]) == (reverse("sign-in"), {"next": [PAGE], "typed": ["1"]})


def test_signing_in_says_why_and_that_nothing_is_lost(client: Client) -> None:
    page = client.post(FORM_ONLY, headers={"referer": PAGE}, follow=True).content.decode()
    assert "what you typed is there again" in page
