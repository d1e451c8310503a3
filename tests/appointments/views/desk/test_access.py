"""Who gets to see the desk, and how one signs in."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import AppointmentEvent
from tests.factories import Clinic, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "sunny-garden-gate"


def pages(melati: Clinic) -> list[str]:
    appointment = melati.booked()
    return [
        reverse("home"),
        reverse("board-today", args=["melati"]),
        reverse("board", args=["melati", "2026-11-24"]),
        reverse("appointment", args=[appointment.pk]),
        reverse("cancel-appointment", args=[appointment.pk]),
        reverse("search"),
    ]


def test_a_stranger_is_asked_to_sign_in_first(client: Client, melati: Clinic) -> None:
    for page in pages(melati):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{reverse('sign-in')}?next={page}")


def test_for_somebody_without_the_role_there_is_no_desk_and_we_note_it(
    client: Client, melati: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = UserFactory()
    client.force_login(visitor)
    for page in pages(melati):
        caplog.clear()
        with caplog.at_level(logging.WARNING, logger="appointments.access"):
            answer = client.get(page)
        assert answer.status_code == 404
        assert [one.getMessage() for one in caplog.records if one.name == "appointments.access"] == [
            f"Refused '{page}' to user {visitor.pk}, who does not work at the desk"
        ]
        assert b"Waiting without an answer" not in answer.content


def test_somebody_without_the_role_changes_nothing(client: Client, melati: Clinic) -> None:
    appointment = melati.booked()
    client.force_login(UserFactory())

    answers = [
        client.post(reverse("cancel-appointment", args=[appointment.pk]), {"whose": "ours", "note": "no"}),
        client.post(reverse("mark-missed", args=[appointment.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    appointment.refresh_from_db()
    assert appointment.state == "booked"
    assert not AppointmentEvent.objects.exists()


def test_a_desk_page_is_kept_by_no_browser(desk: Client) -> None:
    answer = desk.get(reverse("search"))

    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, melati: Clinic) -> None:
    wanted = reverse("board", args=["melati", "2026-11-24"])

    answer = client.post(reverse("sign-in"), {"username": melati.staff.username, "password": PASSWORD, "next": wanted})

    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)


def test_signing_in_never_leads_to_another_site(client: Client, melati: Clinic) -> None:
    answer = client.post(
        reverse("sign-in"),
        {"username": melati.staff.username, "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert answer.headers["Location"] == reverse("home")


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong(client: Client, melati: Clinic) -> None:
    known, unknown = (
        client.post(reverse("sign-in"), {"username": name, "password": "guess"}).content.decode()
        for name in (melati.staff.username, "nobody")
    )

    assert "Name or password is wrong." in known
    assert "Name or password is wrong." in unknown


def test_whoever_guesses_on_is_locked_out_for_a_while(client: Client, melati: Clinic) -> None:
    name = melati.staff.username
    for _ in range(8):
        answer = client.post(reverse("sign-in"), {"username": name, "password": "guess"})
    right = client.post(reverse("sign-in"), {"username": name, "password": PASSWORD})

    assert (answer.status_code, right.status_code) == (429, 429)
    assert "You can try again in 15 minutes." in right.content.decode()


def test_signing_out_takes_a_post(desk: Client) -> None:
    assert desk.get(reverse("sign-out")).status_code == 405
    assert desk.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")
    assert desk.get(reverse("search")).status_code == 302


def test_the_language_is_switched_and_the_page_stays(desk: Client) -> None:
    here = reverse("board", args=["melati", "2026-11-24"])

    answer = desk.post(reverse("set_language"), {"language": "id", "next": here}, follow=True)

    assert answer.redirect_chain == [(here, 302)]
    assert "Selasa, 24 November 2026" in answer.content.decode()
