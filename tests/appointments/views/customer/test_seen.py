"""The customer's page says once that a person is there; nothing else comes of it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from appointments.domain import links
from appointments.domain.moving import answers
from appointments.enums import LinkPurpose
from appointments.models import RescheduleRequest
from tests.clock import NOW
from tests.factories import Clinic, clinic
from tests.reliability.letters import everything

pytestmark = pytest.mark.django_db
SCRIPT = "js/seen.js"


@pytest.fixture
def melati() -> Clinic:
    return clinic()


@pytest.fixture
def round_(melati: Clinic) -> RescheduleRequest:
    return melati.offered()


def address(round_: RescheduleRequest, name: str = "seen", purpose: LinkPurpose = LinkPurpose.ANSWER) -> str:
    return reverse(name, args=[links.issue(round_.appointment, purpose=purpose, now=NOW)])


def seen() -> bool:
    return RescheduleRequest.objects.get().seen_at is not None


def test_one_post_says_it_and_the_next_changes_nothing(client: Client, round_: RescheduleRequest) -> None:
    where = address(round_)
    answer = client.post(where)
    assert (answer.status_code, answer.content, seen()) == (204, b"", True)
    before = everything()
    assert client.post(where).status_code == 204
    assert everything() == before


def test_looking_says_nothing(client: Client, round_: RescheduleRequest) -> None:
    where, before = address(round_), everything()
    assert [client.get(where).status_code, client.head(where).status_code] == [405, 405]
    assert everything() == before


def test_a_wrong_key_opens_nothing(client: Client, round_: RescheduleRequest) -> None:
    other_purpose = address(round_, purpose=LinkPurpose.FEEDBACK)
    assert [client.post(reverse("seen", args=["x" * 43])).status_code, client.post(other_purpose).status_code] == [
        404
    ] * 2
    assert not seen()


def test_the_page_asks_for_it_only_while_nobody_has_said_it(client: Client, round_: RescheduleRequest) -> None:
    page = address(round_, "answer")
    token = page.split("/")[2]
    assert f'data-seen="{reverse("seen", args=[token])}"' in client.get(page).content.decode()
    client.post(reverse("seen", args=[token]))
    assert SCRIPT not in client.get(page).content.decode()


def test_what_is_over_asks_for_nothing(client: Client, round_: RescheduleRequest) -> None:
    page = address(round_, "answer")
    answers.cancel(round_, nonce="c", now=round_.opened_at)
    RescheduleRequest.objects.update(seen_at=None)
    assert SCRIPT not in client.get(page).content.decode()


def test_the_page_stays_light(client: Client, round_: RescheduleRequest) -> None:
    page, script = client.get(address(round_, "answer")).content, Path(settings.BASE_DIR, "static", SCRIPT).read_bytes()
    assert (len(page) + len(script) < 30_000, len(script) < 1_000) == (True, True)
