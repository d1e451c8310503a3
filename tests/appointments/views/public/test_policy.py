"""What everybody may read: no login, both languages, nothing of anybody, and a part that other sites may frame."""

import pytest
from django.test import Client

from appointments.models import Business
from tests.factories import Clinic
from tests.factories.compensation import table_in_force

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("lang", "words"), [("en", "IDR 50,000"), ("id", "Rp50.000")])
def test_everybody_reads_it_in_their_language(melati: Clinic, client: Client, lang: str, words: str) -> None:
    table_in_force({"notice_hours": 24})
    answer = client.get(f"/policy/?lang={lang}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert words in html
    assert f'<html lang="{lang}"' in html
    assert melati.customer.name not in html
    assert "iframe" not in html
    assert "public" in answer["Cache-Control"]


def test_the_hours_are_those_that_are_promised(melati: Clinic, client: Client) -> None:
    Business.objects.update(promise_hours=3, measured_hours=4.5)
    assert "within 4.5 open hours at present" in client.get("/policy/?lang=en").content.decode()
    assert "within 4.5 open hours" in client.get("/policy/spoken.txt?lang=en").content.decode()
    Business.objects.update(promise_hours=1, measured_hours=None)
    assert "within 1 open hour." in client.get("/policy/?lang=en").content.decode()


def test_only_the_part_for_other_sites_can_be_framed(melati: Clinic, client: Client) -> None:
    part, whole = client.get("/policy/part/"), client.get("/policy/")
    assert "X-Frame-Options" not in part
    assert "frame-ancestors *" in part["Content-Security-Policy"]
    assert whole["X-Frame-Options"] == "DENY"
    assert "frame-ancestors *" not in whole["Content-Security-Policy"]


def test_a_colleague_reads_how_to_show_it_elsewhere(melati: Clinic, client: Client) -> None:
    client.force_login(melati.staff)
    assert "&lt;iframe" in client.get("/policy/").content.decode()


def test_nothing_is_posted_there(melati: Clinic, client: Client) -> None:
    for address in ("/policy/", "/policy/part/", "/policy/spoken.txt"):
        assert client.post(address).status_code == 405
