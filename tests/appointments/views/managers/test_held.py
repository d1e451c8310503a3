"""The page of what has waited since a restore."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from appointments import roles
from notifications import restores
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db
PAGE = "/settings/waiting/"
HEAD = 'id="held"'


@pytest.fixture
def waiting(melati: Clinic) -> list[Message]:
    for hour in (10, 12, 14):
        melati.offered(melati.booked(f"2026-11-24 {hour}:00"))
    restores.hold_all(now=NOW)
    return list(Message.objects.order_by("pk"))


def test_it_says_what_would_be_told_to_whom(office: Client, waiting: list[Message]) -> None:
    page = office.get(PAGE).content.decode()
    assert page.count('name="message"') == 3
    for words in (waiting[0].to_name, "Times to choose from", "✓ Yes", "All 3 messages of this list"):
        assert words in page


def test_the_head_of_every_page_leads_there_while_something_waits(office: Client, waiting: list[Message]) -> None:
    home = reverse("calls")
    assert HEAD in office.get(home).content.decode()
    Message.objects.update(held_since=None)
    assert HEAD not in office.get(home).content.decode()


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.LEADS, roles.AUDITORS])
def test_for_others_there_is_no_such_page(client: Client, waiting: list[Message], role: str) -> None:
    client.force_login(colleague(role))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"step": "release", "every": "on", "newest": 10**9}).status_code == 404
    assert Message.objects.held().count() == 3
    if role != roles.AUDITORS:
        assert HEAD not in client.get(reverse("calls")).content.decode()


def test_some_are_released(office: Client, waiting: list[Message]) -> None:
    answer = office.post(PAGE, {"step": "release", "message": [waiting[0].pk, waiting[2].pk]}, follow=True)
    assert "2 messages leave now if they are still true." in answer.content.decode()
    assert [one.pk for one in Message.objects.held()] == [waiting[1].pk]


def test_all_are_dropped_with_a_reason(office: Client, waiting: list[Message], budi: User) -> None:
    said = {"step": "drop", "every": "on", "newest": waiting[-1].pk, "reason": "left"}
    answer = office.post(PAGE, said, follow=True)
    assert "3 messages are dropped." in answer.content.decode()
    assert "Nothing waits for you" in answer.content.decode()
    assert {(one.state, one.why) for one in Message.objects.all()} == {
        (
            MessageState.CANCELLED,
            "Not sent after the restore, decided by Budi Santoso. It had left before the restore.",
        )
    }


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"step": "release"}, "Tick at least one message."),
        ({"step": "drop", "every": "on", "newest": 10**9}, "Say why: it stands beside each message"),
        ({"step": "drop", "every": "on", "newest": 10**9, "reason": "other"}, "Say which one."),
        ({"step": "release", "every": "on"}, "it does not say up to which message"),
        ({"step": "release", "message": "1 OR 1"}, "Tick at least one message."),
        ({"step": "burn", "message": "1"}, "burn is not one of the available choices"),
    ],
)
def test_what_is_not_clear_is_asked_and_nothing_is_decided(
    office: Client, waiting: list[Message], said: dict[str, str], fault: str
) -> None:
    answer = office.post(PAGE, said)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert Message.objects.held().count() == 3


def test_who_was_slower_is_told_so(office: Client, waiting: list[Message]) -> None:
    said = {"step": "release", "message": [one.pk for one in waiting]}
    restores.release(Message.objects.filter(pk=waiting[0].pk), by="sari", now=NOW)
    answer = office.post(PAGE, said, follow=True).content.decode()
    assert "2 messages leave now if they are still true." in answer
    assert "A colleague has decided about the others meanwhile." in answer


def test_an_address_that_makes_no_sense_shows_everything(office: Client, waiting: list[Message]) -> None:
    assert office.get(PAGE, {"kind": "%00'", "page": "-7"}).content.decode().count('name="message"') == 3
    assert office.get(PAGE, {"page": "99999"}).status_code == 200
