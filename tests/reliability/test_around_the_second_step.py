"""Ways round the second step that somebody has tried, and what breaks at the doors to it."""

import json
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode

from appointments import roles
from appointments.domain.people import ranks
from appointments.domain.second_step import app as apps
from appointments.domain.second_step import removing
from appointments.errors import DomainError
from appointments.models import Passkey
from reschedule.sign_in import WRONG_CODES
from tests.clock import NOW, minutes
from tests.factories import clinic
from tests.factories.people import colleague
from tests.factories.second_steps import with_app, with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]
PASSWORD = "sunny-garden-gate"
SIGN_IN, STEP, PASSKEY = "/accounts/sign-in/", "/accounts/sign-in/second-step/", "/accounts/sign-in/passkey/"
LATER = NOW + minutes(5)


@pytest.fixture
def budi() -> Iterator[User]:
    clinic()
    with time_machine.travel(NOW, tick=False) as clock:
        user = colleague(roles.MANAGERS, username="budi", first_name="Budi")
        clock.shift(minutes(5))
        yield user


def password(client: Client, name: str = "budi", **more: Any) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": PASSWORD, **more})


def show(client: Client, code: str, **more: Any) -> Any:
    return client.post(STEP, {"how": "app", "code": code}, **more)


def by_passkey(client: Client, device: Any) -> Any:
    options = client.post(f"{PASSKEY}challenge/").json()
    return client.post(PASSKEY, {"credential": json.dumps(device.sign(options))})


def opens(client: Client) -> bool:
    return bool(client.get(reverse("people")).status_code == 200)


def test_what_was_shown_is_not_worth_more_than_what_is_set_up(client: Client, settings: Any, budi: User) -> None:
    settings.SECOND_STEP_REQUIRED = True
    desi = colleague(roles.FRONT_DESK, username="desi")
    phone, _codes = with_app(desi, now=NOW)
    password(client, "desi")
    show(client, phone.code(LATER))
    removing.remove(desi, here=str(client.session.session_key), now=LATER)
    ranks.give(desi, role=roles.MANAGERS, places=[], by=budi, now=LATER)

    assert client.get(reverse("people")).headers["Location"] == reverse("second-step")


def test_six_digits_are_not_guessed_from_many_machines(client: Client, budi: User) -> None:
    phone, _codes = with_app(budi, now=NOW)
    password(client)
    answers = [show(client, "000000", REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(WRONG_CODES + 2)]
    assert answers == [422] * WRONG_CODES + [429] * 2
    assert show(client, phone.code(LATER), REMOTE_ADDR="203.0.113.200").status_code == 429


def test_who_gets_it_right_begins_anew(client: Client, budi: User) -> None:
    phone, _codes = with_app(budi, now=NOW)
    password(client)
    for n in range(WRONG_CODES - 1):
        show(client, "000000", REMOTE_ADDR=f"203.0.113.{n}")
    assert show(client, phone.code(LATER), REMOTE_ADDR="203.0.113.200").status_code == 302
    password(client)
    assert show(client, "000000", REMOTE_ADDR="203.0.113.201").status_code == 422


def test_a_page_that_is_none_is_asked_for_and_the_code_is_not_lost(client: Client, budi: User) -> None:
    phone, _codes = with_app(budi, now=NOW)
    password(client, next="foo")
    assert show(client, phone.code(LATER)).status_code == 302
    assert "_auth_user_id" in client.session
    assert client.post(f"{reverse('confirm-password')}?next=foo", {"password": PASSWORD}).status_code == 302


OPTIONS = json.dumps({"type": "webauthn.get", "challenge": "AAAA", "origin": "http://localhost:8000"}).encode()


@pytest.mark.parametrize(
    ("client_data", "of_device"),
    [
        (b'{"type":"webauthn.get","challenge":"AA","origin":"a","x":' + b"[" * 6000, b"\0" * 37),
        (OPTIONS, b"\0" * 32 + bytes([0x85]) + b"\0" * 4 + b"\x81" * 9000),
        (OPTIONS, b"\0" * 32 + bytes([0x85]) + b"\0" * 4 + b"\x19"),
        (OPTIONS, b"\0" * 32 + bytes([0x85]) + b"\0" * 4 + b"\x1b\0"),
    ],
    ids=["deep words", "deep data", "cut off", "cut off later"],
)
def test_nonsense_at_the_door_of_passkeys_is_refused(
    client: Client, budi: User, client_data: bytes, of_device: bytes
) -> None:
    own = websafe_encode(b"x")
    response = {"clientDataJSON": websafe_encode(client_data), "authenticatorData": websafe_encode(of_device)}
    said = {"id": own, "rawId": own, "type": "public-key", "response": {**response, "signature": own}}
    client.post(f"{PASSKEY}challenge/")
    assert client.post(PASSKEY, {"credential": json.dumps(said)}).headers["Location"] == SIGN_IN


def test_nobody_shuts_the_door_of_passkeys_for_others(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi, now=NOW)
    stranger = Client()
    for _try in range(10):
        stranger.post(f"{PASSKEY}challenge/")
        stranger.post(PASSKEY, {"credential": "{}"})
    assert by_passkey(client, device).status_code == 302
    assert opens(client)


def test_a_device_that_was_lost_is_signed_out_with_its_passkey(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi, now=NOW)
    with_app(budi, now=NOW)
    thief = Client()
    by_passkey(thief, device)
    assert opens(thief)
    removing.remove(budi, passkey=Passkey.objects.get().pk, here="", now=LATER)
    assert not opens(thief)


def test_a_copied_session_has_not_shown_what_is_set_up_in_it(client: Client, budi: User) -> None:
    password(client)
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    offered = apps.offer(budi)
    code = pyotp.TOTP(offered.key).at(LATER)
    assert client.post(reverse("second-step-app"), {"sealed": offered.sealed, "code": code}).status_code == 200
    assert opens(client)
    assert not opens(copied)


def test_the_password_is_not_guessed_where_one_changes_it(client: Client, budi: User) -> None:
    password(client)
    new = {"password": "a-new-sunny-gate-9", "again": "a-new-sunny-gate-9"}
    answers = [client.post(reverse("own-password"), {"now": f"wrong{n}", **new}).status_code for n in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_passkey_has_a_name_of_bearable_length(budi: User) -> None:
    with pytest.raises(DomainError):
        with_passkey(budi, now=NOW, id=b"x" * 1024)
    with_passkey(budi, now=NOW, id=b"x" * 1000)
    assert Passkey.objects.count() == 1


def test_on_the_machine_one_says_why(budi: User) -> None:
    with_app(budi, now=NOW)
    with pytest.raises(CommandError):
        call_command("reset_second_step", "budi", why="  ")
