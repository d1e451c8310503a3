"""What colleagues are told about their own account."""

from datetime import datetime
from typing import Any

import pytest

from appointments import roles
from appointments.domain.messages import announce
from appointments.domain.people import invitations
from appointments.models import Invitation
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db


def invite(melati: Clinic, *, now: datetime = NOW) -> Message:
    by = colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso")
    said: dict[str, Any] = {"email": "d@x.example", "role": roles.LEADS, "places": [], "nonce": "form"}
    invitations.invite("Dewi Lestari", by=by, now=now, **said)
    message: Message = Message.objects.get(kind="invitation")
    return message


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Budi Santoso invites you", "Your role: lead", "until Monday, 30 November 2026 at 09:00 WIB")),
        ("id", ("Budi Santoso mengundang", "peran koordinator", "sampai hari Senin, 30 November 2026 pukul 09.00 WIB")),
    ],
)
def test_the_letter_says_who_asks_what_for_and_until_when(
    melati: Clinic, settings: Any, language: str, words: tuple[str, ...]
) -> None:
    settings.LANGUAGE_CODE = language
    letter = invite(melati)
    read = " ".join(letter.text.split())
    assert [one for one in words if one not in read] == []
    assert "Klinik Melati" in letter.subject
    assert "[[" not in letter.text


def test_the_link_is_under_our_own_address_and_hidden_in_what_stays(melati: Clinic, settings: Any) -> None:
    settings.PUBLIC_URL = "https://janji.example"
    letter = invite(melati)
    assert "https://janji.example/j/•••" in letter.text
    assert f"https://janji.example/j/{letter.secrets['join']}/".encode() in bytes(letter.mime or b"").replace(
        b"=\n", b""
    )


def test_taking_back_stops_the_letter_that_has_not_left(melati: Clinic) -> None:
    letter = invite(melati)
    made = Invitation.objects.get(pk=letter.true_if["invitation"])
    assert announce.take_back_invitation(made, now=NOW) == 1
    letter.refresh_from_db()
    assert letter.state == "cancelled"
