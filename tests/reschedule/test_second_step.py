"""Signing in with something beside the password, by every door; who has to have it; and nobody gets round it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.domain.people import passwords
from appointments.models import AuditEntry, Passkey
from notifications.models import Message
from reschedule.settings import BASE_DIR
from tests.clock import NOW, minutes
from tests.factories import UserFactory, clinic
from tests.factories.people import colleague, invited
from tests.factories.second_steps import with_app, with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]  # races are in tests.reliability, on both
PASSWORD = "sunny-garden-gate"
SIGN_IN, STEP = "/accounts/sign-in/", "/accounts/sign-in/second-step/"
SET_UP = "/accounts/second-step/"
WRONG_FOR_NAME = 8
LATER = NOW + minutes(5)


@pytest.fixture
def budi() -> Iterator[User]:
    clinic()
    with time_machine.travel(NOW, tick=False) as clock:
        user = colleague(roles.MANAGERS, username="budi", first_name="Budi", email="budi@melati.example")
        clock.shift(minutes(5))
        yield user


@pytest.fixture
def _required(settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True


def password(client: Client, name: str = "budi", *, door: str = SIGN_IN, **more: Any) -> Any:
    return client.post(door, {"username": name, "password": PASSWORD, **more})


def show(client: Client, code: str, how: str = "app") -> Any:
    return client.post(STEP, {"how": how, "code": code})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("door", [SIGN_IN, "/admin/login/"])
def test_the_password_alone_signs_nobody_in_by_either_door(client: Client, budi: User, door: str) -> None:
    phone, _codes = with_app(budi, now=NOW)
    answer = password(client, door=door, next="/settings/people/")
    assert (answer.headers["Location"], is_in(client)) == (STEP, False)
    for closed in ("/", "/admin/", "/settings/people/", SET_UP):
        assert client.get(closed).status_code == 302
    assert show(client, phone.code(LATER)).headers["Location"] == "/settings/people/"
    assert client.get("/settings/people/").status_code == 200


def test_who_has_none_signs_in_as_before(client: Client, budi: User) -> None:
    assert password(client, next="/settings/").headers["Location"] == "/settings/"
    assert is_in(client)


def test_without_the_password_the_page_leads_back(client: Client, budi: User) -> None:
    phone, _codes = with_app(budi)
    for answer in (client.get(STEP), show(client, phone.code(LATER))):
        assert answer.headers["Location"] == SIGN_IN
    assert not is_in(client)


@pytest.mark.parametrize(("waited", "opens"), [(timedelta(minutes=10, seconds=-1), True), (minutes(10), False)])
def test_between_password_and_code_ten_minutes_may_pass(
    client: Client, budi: User, waited: timedelta, opens: bool
) -> None:
    phone, _codes = with_app(budi)
    password(client)
    with time_machine.travel(LATER + waited, tick=False):
        show(client, phone.code(LATER + waited))
    assert is_in(client) is opens


def test_a_new_password_meanwhile_ends_the_waiting(client: Client, budi: User) -> None:
    phone, _codes = with_app(budi)
    password(client)
    passwords.change(budi, "quiet-river-stone", here="", now=LATER)
    assert show(client, phone.code(LATER)).headers["Location"] == SIGN_IN
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "000000", "x" * 41, "١٢٣٤٥٦", "12345\x00", "²²²²²²"])
def test_what_is_not_the_code_opens_nothing_and_says_so(client: Client, budi: User, code: str) -> None:
    with_app(budi)
    password(client)
    answer = show(client, code)
    assert (answer.status_code, is_in(client), b'role="alert"' in answer.content) == (422, False, True)


def test_a_code_opens_once(budi: User) -> None:
    phone, _codes = with_app(budi)
    opened = []
    for _browser in range(2):
        client = Client()
        password(client)
        show(client, phone.code(LATER))
        opened.append(is_in(client))
    assert opened == [True, False]


def test_a_recovery_code_opens_once_and_says_how_many_are_left(budi: User) -> None:
    _phone, codes = with_app(budi)
    client, other = Client(), Client()
    password(client)
    answer = show(client, codes[0].lower().replace("-", " "), "recovery")
    assert (answer.headers["Location"], is_in(client)) == (SET_UP, True)
    assert "Codes left: 9." in client.get(SET_UP).content.decode()
    entry = AuditEntry.objects.filter(action="new_factor").latest("pk")
    assert (entry.actor, entry.after) == (budi, {"used": "codes", "left": 9})
    password(other)
    assert show(other, codes[0], "recovery").status_code == 422


def test_wrong_codes_count_with_wrong_passwords_there_and_nowhere_else(budi: User) -> None:
    phone, _codes = with_app(budi)
    here, there = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="198.51.100.20")
    password(here)
    said = [show(here, "000000").status_code for _try in range(WRONG_FOR_NAME)]
    assert said == [422] * (WRONG_FOR_NAME - 1) + [429]
    assert show(here, phone.code(LATER)).status_code == 429
    assert password(here).status_code == 429
    password(there)
    show(there, phone.code(LATER))
    assert is_in(there)


def test_the_password_alone_clears_no_wrong_codes(budi: User) -> None:
    phone, _codes = with_app(budi)
    client = Client(REMOTE_ADDR="203.0.113.7")
    password(client)
    for _try in range(3):
        show(client, "000000")
        password(client, door="/admin/login/")
    assert AccessAttempt.objects.get(username="budi").failures_since_start == 3
    show(client, phone.code(LATER))
    assert is_in(client)
    assert not AccessAttempt.objects.filter(username="budi").exists()


def test_the_right_password_is_no_wrong_one_though_nobody_goes_on(budi: User) -> None:
    phone, _codes = with_app(budi)
    client = Client(REMOTE_ADDR="203.0.113.7")
    for _try in range(WRONG_FOR_NAME * 2):
        assert password(client).headers["Location"] == STEP
    assert not AccessAttempt.objects.exists()
    show(client, phone.code(LATER))
    assert is_in(client)


def test_a_blank_after_the_name_makes_a_right_password_no_wrong_one(budi: User) -> None:
    with_app(budi)
    client = Client(REMOTE_ADDR="203.0.113.7")
    for _try in range(WRONG_FOR_NAME * 2):
        told = password(client, "budi ")
        assert told.headers["Location"] == STEP
    assert not AccessAttempt.objects.exists()


def test_who_has_the_password_guesses_no_more_codes_by_typing_it_again(budi: User) -> None:
    with_app(budi)
    client, said = Client(REMOTE_ADDR="203.0.113.7"), []
    for _try in range(WRONG_FOR_NAME):
        password(client)
        said.append(show(client, "000000").status_code)
    assert said == [422] * (WRONG_FOR_NAME - 1) + [429]
    assert password(client).status_code == 429


def test_wrong_passwords_before_the_right_one_go_on_counting(budi: User) -> None:
    with_app(budi)
    client = Client(REMOTE_ADDR="203.0.113.7")
    for _try in range(3):
        client.post(SIGN_IN, {"username": "budi", "password": "wrong"})
        password(client)
    assert AccessAttempt.objects.get(username="budi").failures_since_start == 3


def test_a_new_password_by_a_link_does_not_skip_it(client: Client, budi: User) -> None:
    with_app(budi)
    Message.objects.all().delete()
    passwords.forgotten(budi.email, now=LATER)
    key = Message.objects.get(kind="new_password").secrets["new_password"]
    client.post(reverse("new-password", args=[key]), {"password": "quiet-river-stone", "again": "quiet-river-stone"})
    answer = client.post(SIGN_IN, {"username": "budi", "password": "quiet-river-stone"})
    assert (answer.headers["Location"], is_in(client)) == (STEP, False)


def test_whoever_was_signed_in_without_it_is_so_no_longer(client: Client, budi: User) -> None:
    client.force_login(budi)
    assert client.get("/settings/").status_code == 200
    with_app(budi)
    client.force_login(budi)  # by a door that does not know of it
    answer = client.get("/settings/")
    assert (answer.status_code, is_in(client)) == (302, False)
    assert answer.headers["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site(client: Client, budi: User, wanted: str) -> None:
    phone, _codes = with_app(budi)
    password(client, next=wanted)
    assert show(client, phone.code(LATER)).headers["Location"] == "/"
    client.get(SIGN_IN)
    answer = client.post(reverse("confirm-password"), {"password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == SET_UP


def test_another_site_cannot_send_the_forms(budi: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("sign-in-second-step", "sign-in-passkey", "sign-in-challenge"):
        assert strict.post(reverse(name)).status_code == 403


@pytest.mark.usefixtures("_required")
class TestRequired:
    """In production."""

    @pytest.mark.parametrize("role", [roles.MANAGERS, roles.AUDITORS])
    def test_nothing_opens_before_it_is_set_up(self, client: Client, budi: User, role: str) -> None:
        colleague(role, username="ratna")
        password(client, "ratna")
        for closed in ("/", "/settings/", "/admin/", "/accounts/password/", reverse("remove-app")):
            assert client.get(closed).headers["Location"] == SET_UP
        assert client.post("/settings/people/invite/", {}).headers["Location"] == SET_UP
        scripted = client.get("/", headers={"hx-request": "true"})
        assert (scripted.status_code, scripted.headers["HX-Redirect"]) == (401, SET_UP)
        page = client.get(SET_UP)
        assert (page.status_code, b"Your role needs one" in page.content) == (200, True)
        assert client.get(reverse("second-step-app")).status_code == 200
        client.post(reverse("sign-out"))
        assert not is_in(client)

    def test_so_it_is_for_who_runs_the_installation(self, client: Client, budi: User) -> None:
        UserFactory(username="wati", is_staff=True, is_superuser=True)
        password(client, "wati")
        assert client.get("/admin/").headers["Location"] == SET_UP

    @pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.LEADS])
    def test_others_choose_for_themselves(self, client: Client, budi: User, role: str) -> None:
        colleague(role, username="sari")
        password(client, "sari")
        assert client.get(reverse("waiting")).status_code == 200

    def test_who_is_invited_as_a_manager_sets_it_up_first(self, client: Client, budi: User) -> None:
        _made, token = invited(budi, role=roles.MANAGERS, now=LATER)
        form = {"name": "Dewi", "username": "dewi", "password": "quiet-river-stone", "again": "quiet-river-stone"}
        client.post(reverse("join", args=[token]), form)
        assert is_in(client)
        assert client.get("/").headers["Location"] == SET_UP
        assert client.get(reverse("second-step-app")).status_code == 200  # the password was typed a moment ago


@pytest.mark.parametrize("page", [SIGN_IN, "/nothing/is/here/", "/privacy/", SET_UP])
def test_before_it_is_set_up_no_page_shows_the_desk(
    client: Client, budi: User, _required: None, page: str, settings: Any
) -> None:
    """On pages that anybody may see either, and where there is none."""
    password(client)
    shown = client.get(page).content.decode()
    assert 'class="top-nav"' not in shown
    assert "limbo" not in shown
    settings.SECOND_STEP_REQUIRED = False
    assert ('class="top-nav"' in client.get(SET_UP).content.decode()) is True


def test_who_has_not_shown_it_sees_no_desk_where_nothing_is(client: Client, budi: User) -> None:
    with_app(budi)
    client.force_login(budi)
    assert 'class="top-nav"' not in client.get("/nothing/is/here/").content.decode()


def challenge(client: Client) -> Any:
    return client.post(reverse("sign-in-challenge")).json()


def test_a_passkey_is_a_second_step(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi)
    password(client, next="/settings/")
    options = challenge(client)
    assert [one["id"] for one in options["allowCredentials"]] == [Passkey.objects.get().credential_id]
    signed = json.dumps(device.sign(options))
    answer = client.post(STEP, {"how": "passkey", "credential": signed})
    assert (answer.headers["Location"], is_in(client)) == ("/settings/", True)


def test_a_passkey_alone_signs_in(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi)
    options = challenge(client)
    assert (options["userVerification"], options.get("allowCredentials")) == ("required", None)
    form = {"credential": json.dumps(device.sign(options)), "next": "/settings/"}
    assert client.post(reverse("sign-in-passkey"), form).headers["Location"] == "/settings/"
    assert is_in(client)
    other = Client()
    challenge(other)
    other.post(reverse("sign-in-passkey"), form)
    assert not is_in(other)


def test_who_only_asks_for_challenges_leaves_no_rows(client: Client, budi: User) -> None:
    for _time in range(30):
        assert Client().post(reverse("sign-in-challenge")).status_code == 200
        assert client.post(reverse("sign-in-challenge")).status_code == 200
    assert not Session.objects.exists()
    kept = client.cookies["passkey_challenge"]
    assert (kept["httponly"], kept["samesite"], kept["path"], kept["max-age"]) == (True, "Strict", SIGN_IN, 300)


def test_a_signature_that_was_kept_opens_nothing_after_later_ones(client: Client, budi: User) -> None:
    """The browser that was asked keeps what it was asked, so the passkey itself remembers when it was last used."""
    device, _codes = with_passkey(budi)
    first = challenge(client)
    kept, signed = client.cookies["passkey_challenge"].value, json.dumps(device.sign(first))
    client.post(reverse("sign-in-passkey"), {"credential": signed})
    assert is_in(client)
    with time_machine.travel(LATER + minutes(1), tick=False):
        later = Client()
        later.post(reverse("sign-in-passkey"), {"credential": json.dumps(device.sign(challenge(later)))})
        assert is_in(later)
    with time_machine.travel(LATER + minutes(2), tick=False):
        thief = Client()
        thief.cookies["passkey_challenge"] = kept
        Passkey.objects.update(signatures=0)  # of a device that does not count
        thief.post(reverse("sign-in-passkey"), {"credential": signed})
        assert not is_in(thief)


def test_who_goes_back_from_the_second_step_comes_in_with_the_passkey_alone(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi)
    password(client)
    client.post(reverse("sign-in-passkey"), {"credential": json.dumps(device.sign(challenge(client)))})
    assert is_in(client)


def test_a_passkey_alone_does_not_confirm_the_password(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi)
    client.post(reverse("sign-in-passkey"), {"credential": json.dumps(device.sign(challenge(client)))})
    answer = client.get(reverse("second-step-app"))
    assert answer.headers["Location"].startswith(reverse("confirm-password"))


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "null", "x", '{"id": 5}', '{"id": "AA", "rawId": "AA", "response": {}}', "[" * 9000]
)
def test_what_no_device_says_opens_nothing(client: Client, budi: User, said: str) -> None:
    with_passkey(budi)
    challenge(client)
    assert client.post(reverse("sign-in-passkey"), {"credential": said}).headers["Location"] == SIGN_IN
    password(client)
    challenge(client)
    assert client.post(STEP, {"how": "passkey", "credential": said}).status_code == 422
    assert not is_in(client)


def test_passkeys_that_open_nothing_are_slowed_from_there(budi: User) -> None:
    device, _codes = with_passkey(budi)
    here, there = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="198.51.100.20")
    said = []
    for _try in range(9):
        challenge(here)
        said.append(here.post(reverse("sign-in-passkey"), {"credential": "{}"}).status_code)
    assert said == [302] * WRONG_FOR_NAME + [429]
    there.post(reverse("sign-in-passkey"), {"credential": json.dumps(device.sign(challenge(there)))})
    assert is_in(there)


def test_a_challenge_holds_for_five_minutes(client: Client, budi: User) -> None:
    device, _codes = with_passkey(budi)
    signed = json.dumps(device.sign(challenge(client)))
    with time_machine.travel(LATER + minutes(5), tick=False):
        client.post(reverse("sign-in-passkey"), {"credential": signed})
    assert not is_in(client)


@pytest.mark.parametrize("url", ["http://192.168.1.5:8000", "http://clinic.lan", "https://203.0.113.7"])
def test_where_browsers_know_no_passkeys_none_is_asked_for(client: Client, budi: User, settings: Any, url: str) -> None:
    settings.PUBLIC_URL = url
    assert client.post(reverse("sign-in-challenge")).status_code == 409
    assert b"Sign in with a passkey" not in client.get(SIGN_IN).content


@pytest.mark.parametrize(
    ("said", "required"),
    [
        ({"PUBLIC_URL": "https://clinic.example", "ALLOWED_HOSTS": "clinic.example"}, True),
        ({"PUBLIC_URL": "http://192.168.1.5", "ALLOWED_HOSTS": "192.168.1.5"}, True),
        ({"PUBLIC_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]"}, False),
        ({"PUBLIC_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1", "EMBEDDED": "false"}, True),
        ({"PUBLIC_URL": "https://clinic.example", "ALLOWED_HOSTS": "clinic.example", "DEMO": "true"}, False),
        ({"PUBLIC_URL": "http://127.0.0.1:8000", "SECOND_STEP_REQUIRED": "true"}, True),
    ],
)
def test_in_production_one_is_required_when_nobody_says(tmp_path: Path, said: dict[str, str], required: bool) -> None:
    usual = {"EMBEDDED": "true", "DEMO": "false", "DEBUG": "false", "RESCHEDULE_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "from reschedule import settings; print(settings.SECOND_STEP_REQUIRED)"],
        env={**os.environ, **usual, **said}, cwd=BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(required)
