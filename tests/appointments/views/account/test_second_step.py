"""The pages on which somebody sets up, renames and removes their second step, and a manager resets a colleague's."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.models import AuditEntry, AuthenticatorApp, Passkey
from tests.clock import NOW, minutes
from tests.factories import clinic
from tests.factories.people import colleague
from tests.factories.second_steps import Device, Phone, with_app, with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]
PASSWORD = "sunny-garden-gate"
PAGE, APP, NEW_PASSKEY = (reverse(name) for name in ("second-step", "second-step-app", "new-passkey"))
CONFIRM = reverse("confirm-password")


@pytest.fixture
def budi() -> Iterator[User]:
    clinic()
    with time_machine.travel(NOW, tick=False):
        yield colleague(roles.MANAGERS, username="budi", first_name="Budi")


@pytest.fixture
def inside(client: Client, budi: User) -> Client:
    """Signed in with the password a moment ago."""
    client.post(reverse("sign-in"), {"username": "budi", "password": PASSWORD})
    return client


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found is not None
    return unescape(found[1])


def key_on(page: Any) -> str:
    found = re.search(r'class="key">([A-Z2-7 ]+)<', page.content.decode())
    assert found is not None
    return found[1].replace(" ", "")


def codes_on(page: Any) -> list[str]:
    return re.findall(r"<li>([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</li>", page.content.decode())


def add_passkey(client: Client, device: Device, name: str = "Budi's phone") -> Any:
    options = client.post(reverse("passkey-challenge")).json()
    return client.post(NEW_PASSKEY, {"name": name, "credential": json.dumps(device.join(options))})


def test_an_app_is_added_and_its_codes_are_shown_once(inside: Client, budi: User) -> None:
    page = inside.get(APP)
    assert b"<svg" in page.content
    assert "no-store" in page.headers["Cache-Control"]
    form = {"sealed": hidden(page, "sealed"), "code": Phone(key_on(page)).code()}
    answer = inside.post(APP, form)
    assert (answer.status_code, len(codes_on(answer))) == (200, 10)
    assert AuthenticatorApp.objects.get().user == budi
    again = inside.post(APP, form)  # sent twice
    assert (again.status_code, codes_on(again), b"There is an app already" in again.content) == (422, [], True)
    shown = inside.get(PAGE).content.decode()
    assert "added Mon 23 Nov, 09:00 WIB" in shown
    assert "not used yet" in shown
    assert "10 of 10 codes on paper are left." in shown


def test_a_wrong_code_keeps_the_picture(inside: Client) -> None:
    page = inside.get(APP)
    answer = inside.post(APP, {"sealed": hidden(page, "sealed"), "code": "000000"})
    assert (answer.status_code, key_on(answer)) == (422, key_on(page))
    assert not AuthenticatorApp.objects.exists()


@pytest.mark.parametrize("sealed", ["", "x", "a" * 400])
def test_a_picture_that_is_none_of_ours_is_replaced(inside: Client, sealed: str) -> None:
    answer = inside.post(APP, {"sealed": sealed, "code": "123456"})
    assert (answer.status_code, b"Scan the new picture below" in answer.content) == (422, True)


def test_a_key_of_somebody_else_is_not_taken(inside: Client, budi: User) -> None:
    page = inside.get(APP)
    form = {"sealed": hidden(page, "sealed"), "code": Phone(key_on(page)).code()}
    other = Client()
    colleague(roles.FRONT_DESK, username="sari")
    other.post(reverse("sign-in"), {"username": "sari", "password": PASSWORD})
    assert other.post(APP, form).status_code == 422
    assert not AuthenticatorApp.objects.exists()


def test_a_passkey_is_added_renamed_and_removed(inside: Client, budi: User) -> None:
    answer = add_passkey(inside, Device())
    assert (answer.status_code, len(codes_on(answer))) == (200, 10)
    pk = Passkey.objects.get().pk
    assert inside.post(reverse("passkey", args=[pk]), {"name": "<b>Old</b> phone"}).headers["Location"] == PAGE
    shown = inside.get(PAGE).content.decode()
    assert "&lt;b&gt;Old&lt;/b&gt; phone" in shown
    assert "<b>Old" not in shown
    second = add_passkey(inside, Device(id=b"device-2"), "Key")
    assert second.headers["Location"] == PAGE
    inside.post(reverse("remove-passkey", args=[pk]))
    assert Passkey.objects.get().name == "Key"


@pytest.mark.parametrize("name", ["", "x" * 61, "a\x00b"])
def test_a_passkey_has_a_name(inside: Client, name: str) -> None:
    assert add_passkey(inside, Device(), name).status_code == 422
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("credential", ["", "x", "{}", "[]", '{"response": {}}'])
def test_what_no_device_says_adds_nothing(inside: Client, credential: str) -> None:
    inside.post(reverse("passkey-challenge"))
    answer = inside.post(NEW_PASSKEY, {"name": "Phone", "credential": credential})
    assert (answer.status_code, b'role="alert"' in answer.content) == (422, True)
    assert not Passkey.objects.exists()


def test_without_the_challenge_of_this_browser_nothing_is_added(inside: Client, budi: User) -> None:
    options = inside.post(reverse("passkey-challenge")).json()
    form = {"name": "Phone", "credential": json.dumps(Device().join(options))}
    other = Client()
    other.post(reverse("sign-in"), {"username": "budi", "password": PASSWORD})
    assert other.post(NEW_PASSKEY, form).status_code == 422
    assert not Passkey.objects.exists()


def test_other_ones_are_not_found(inside: Client, budi: User) -> None:
    sari = colleague(roles.FRONT_DESK, username="sari")
    with_passkey(sari)
    pk = Passkey.objects.get().pk
    assert inside.get(reverse("passkey", args=[pk])).status_code == 404
    inside.post(reverse("remove-passkey", args=[pk]))
    assert Passkey.objects.filter(pk=pk).exists()


def test_new_codes_are_shown_in_the_answer_only(inside: Client, budi: User) -> None:
    first = codes_on(add_passkey(inside, Device()))
    second = codes_on(inside.post(reverse("recovery-codes")))
    assert (len(second), set(first) & set(second)) == (10, set())
    assert codes_on(inside.get(PAGE)) == []


def test_changing_anything_asks_for_the_password_again(inside: Client, budi: User) -> None:
    with time_machine.travel(NOW + minutes(10), tick=False):
        for address in (APP, NEW_PASSKEY):
            assert inside.get(address).headers["Location"] == f"{CONFIRM}?next={address.replace('/', '%2F')}"
        for name in ("recovery-codes", "remove-app"):
            assert inside.post(reverse(name)).headers["Location"].startswith(CONFIRM)
        assert inside.post(reverse("passkey-challenge")).status_code == 403
        wrong = inside.post(CONFIRM, {"password": "guess", "next": APP})
        assert (wrong.status_code, b"This is not your password" in wrong.content) == (422, True)
        assert inside.post(CONFIRM, {"password": PASSWORD, "next": APP}).headers["Location"] == APP
        assert inside.get(APP).status_code == 200


def test_nobody_guesses_the_password_there(inside: Client, budi: User) -> None:
    said = [inside.post(CONFIRM, {"password": "guess"}).status_code for _try in range(9)]
    assert said == [422] * 7 + [429] * 2
    assert inside.post(CONFIRM, {"password": PASSWORD}).status_code == 429


def test_the_only_one_stays_where_one_is_required(inside: Client, budi: User, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    add_passkey(inside, Device())
    pk = Passkey.objects.get().pk
    assert reverse("remove-passkey", args=[pk]) not in inside.get(PAGE).content.decode()
    inside.post(reverse("remove-passkey", args=[pk]))
    assert b"This is the only one, and your role needs one." in inside.get(PAGE).content
    assert Passkey.objects.exists()


def test_where_there_can_be_no_passkeys_an_app_is_offered(inside: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "http://192.168.1.5"
    page = inside.get(PAGE).content.decode()
    assert "Passkeys need an https address" in page
    assert NEW_PASSKEY not in page
    assert APP in page
    assert inside.post(reverse("passkey-challenge")).status_code == 409


def test_another_site_cannot_change_anything(budi: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(budi)
    for name in ("second-step-app", "new-passkey", "passkey-challenge", "remove-app", "recovery-codes"):
        assert strict.post(reverse(name)).status_code == 403
    assert strict.post(CONFIRM, {"password": PASSWORD}).status_code == 403


def test_a_manager_resets_a_colleagues_with_a_reason(inside: Client, budi: User) -> None:
    sari = colleague(roles.FRONT_DESK, username="sari", first_name="Sari", last_name="Wulandari")
    with_app(sari)
    with_passkey(sari)
    page = inside.get(reverse("colleague", args=[sari.pk])).content.decode()
    address = reverse("reset-second-step", args=[sari.pk])
    assert "authenticator app, 1 passkey" in page
    assert address in page
    assert inside.post(address, {"why": ""}).status_code == 422
    assert AuthenticatorApp.objects.exists()
    assert inside.post(address, {"why": "Phone lost"}).headers["Location"] == reverse("colleague", args=[sari.pk])
    assert not AuthenticatorApp.objects.exists()
    assert AuditEntry.objects.latest("pk").after["why"] == "Phone lost"
    twice = inside.post(address, {"why": "Phone lost"})
    assert (twice.status_code, b"Sari Wulandari has no second step." in twice.content) == (422, True)


def test_a_reset_asks_for_the_password_again(client: Client, budi: User) -> None:
    sari = colleague(roles.FRONT_DESK, username="sari")
    with_app(sari)
    client.force_login(budi)
    address = reverse("reset-second-step", args=[sari.pk])
    assert client.post(address, {"why": "Phone lost"}).headers["Location"].startswith(CONFIRM)
    assert AuthenticatorApp.objects.exists()
