"""In which language a customer reads the page: their own, another one that they choose, never one we do not write."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.domain import links
from appointments.enums import LinkPurpose
from appointments.models import Appointment
from notifications.models import Message
from tests.clock import NOW
from tests.factories import CustomerFactory, clinic

pytestmark = pytest.mark.django_db
ENGLISH, INDONESIAN = "Your appointment needs a new time", "Janji temu ini perlu dijadwalkan ulang"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def moved(language: str) -> Appointment:
    """Somebody who reads `language` has been asked to choose another time."""
    world = clinic()
    appointment = world.booked(customer=CustomerFactory(language=language))
    world.offered(appointment)
    return appointment


def page(client: Client, appointment: Appointment, query: str = "") -> str:
    token = links.issue(appointment, purpose=LinkPurpose.ANSWER, now=NOW)
    return client.get(f"/r/{token}/{query}").content.decode()


def heading(html: str) -> str:
    return re.findall(r"<h1>\s*(.*?)\s*</h1>", html, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", INDONESIAN),
        ("?lang=en", ENGLISH),
        ("?lang=id", INDONESIAN),
        ("?lang=fr", INDONESIAN),
        ("?lang=", INDONESIAN),
    ],
)
def test_the_page_is_in_the_customers_language_or_the_one_they_choose(
    client: Client, query: str, expected: str
) -> None:
    assert heading(page(client, moved("id"), query)) == expected


def test_another_language_keeps_the_time_that_was_tapped(client: Client) -> None:
    """Who comes from a button in the message and changes the language is still about to choose that time."""
    appointment = moved("id")
    offer = appointment.requests.get().offers.order_by("position")[1]
    html = page(client, appointment, f"?offer={offer.pk}&lang=id")
    (other,) = re.findall(r'<a href="(\?[^"]+)" lang="en"', html)
    assert f"offer={offer.pk}" in other
    chosen = re.findall(r'value="(\d+)" required\s+checked', page(client, appointment, other.replace("&amp;", "&")))
    assert chosen == [str(offer.pk)]


def test_the_ways_to_choose_are_the_languages_of_the_settings(client: Client, settings: Any) -> None:
    appointment = moved("id")
    ways = re.findall(r'<a href="\?lang=(\w+)"[^>]*?(aria-current="true")?>([^<]+)</a>', page(client, appointment))
    assert ways == [("en", "", "English"), ("id", 'aria-current="true"', "Bahasa Indonesia")]

    settings.LANGUAGES = [("id", "Indonesian")]
    assert 'href="?lang=' not in page(client, appointment)


def test_a_language_that_is_not_in_use_any_more_gives_way_to_the_sites_own(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]
    appointment = moved("id")

    assert heading(page(client, appointment)) == ENGLISH
    letter = Message.objects.get(kind="offer")
    assert (letter.language, letter.subject) == (
        "en",
        "Your consultation on Tue 24 Nov cannot take place: please choose a new time",
    )
    appointment.customer.refresh_from_db()
    assert appointment.customer.language == "id"
