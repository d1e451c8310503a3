"""A forgotten password, a link, one's own; and where one is signed in."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.domain.people import passwords
from appointments.models import AuditEntry
from appointments.views.dead_links import MISSES
from notifications.models import Message
from reschedule.logs import without_keys
from tests.clock import NOW
from tests.factories import ManagerFactory, clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db
OLD, NEW = "sunny-garden-gate", "quiet-river-stone"
FORM = {"password": NEW, "again": NEW}
FORGOTTEN, SIGN_IN = "/accounts/forgotten/", "/accounts/sign-in/"


@pytest.fixture
def sari(db: None) -> Iterator[User]:
    clinic()
    with time_machine.travel(NOW, tick=False):
        yield colleague(roles.FRONT_DESK, username="sari", first_name="Sari", last_name="Wulandari")


@pytest.fixture
def page(sari: User) -> str:
    passwords.forgotten(sari.email, now=NOW)
    return reverse("new-password", args=[Message.objects.get(kind="new_password").secrets["new_password"]])


def main(content: bytes) -> str:
    return content.partition(b"<main")[2].partition(b"</main>")[0].decode()


def test_the_answer_is_the_same_whether_anybody_has_the_address(client: Client, sari: User) -> None:
    known, unknown = (client.post(FORGOTTEN, {"email": one}) for one in (sari.email, "nobody@melati.example"))
    assert known.status_code == unknown.status_code == 200
    assert main(known.content).replace(sari.email, "") == main(unknown.content).replace("nobody@melati.example", "")
    assert Message.objects.count() == 1


def test_who_keeps_asking_has_to_wait_and_what_was_typed_stays(client: Client, sari: User) -> None:
    answers = [client.post(FORGOTTEN, {"email": f"a{number}@x.example"}) for number in range(MISSES + 1)]
    assert [one.status_code for one in answers] == [200] * MISSES + [429]
    assert f'value="a{MISSES}@x.example"' in answers[-1].content.decode()
    assert client.get(reverse("new-password", args=["x" * 43])).status_code == 404  # counted apart


def test_links_in_letters_use_our_own_address_whatever_host_is_claimed(client: Client, sari: User) -> None:
    client.post(FORGOTTEN, {"email": sari.email}, headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    letter = Message.objects.get()
    assert "evil" not in letter.context["password_url"]


@pytest.mark.parametrize(
    "email", ["", "x", "a\x00@x.example", "a@x.example\nBcc: b@x.example", "x" * 400 + "@x.example"]
)
def test_what_is_no_address_is_said(client: Client, sari: User, email: str) -> None:
    assert client.post(FORGOTTEN, {"email": email}).status_code == 422
    assert not Message.objects.exists()


def test_a_new_password_by_the_link_is_one_to_sign_in_with(client: Client, page: str) -> None:
    shown = client.get(page)
    assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "same-origin")
    assert "no-store" in shown.headers["Cache-Control"]
    assert "sari" in main(shown.content)
    answer = client.post(page, FORM)
    assert answer.headers["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session
    assert client.post(SIGN_IN, {"username": "sari", "password": OLD}).status_code == 200
    assert client.post(SIGN_IN, {"username": "sari", "password": NEW}).status_code == 302
    assert client.post(page, FORM).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"again": "other-river-stone"}, "The two passwords are not the same."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "my-sari-2026-x", "again": "my-sari-2026-x"}, "must not contain your name"),
    ],
)
def test_a_bad_one_is_refused(client: Client, page: str, sari: User, change: dict[str, str], said: str) -> None:
    answer = client.post(page, FORM | change)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    sari.refresh_from_db()
    assert sari.check_password(OLD)


def test_another_site_cannot_send_the_forms(sari: User, page: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page, FORM).status_code == 403
    assert strict.post(FORGOTTEN, {"email": sari.email}).status_code == 403
    strict.force_login(sari)
    assert strict.post(reverse("own-password"), FORM | {"now": OLD}).status_code == 403
    assert strict.post(reverse("sign-out-elsewhere")).status_code == 403


def test_ones_own_is_changed_by_who_knows_the_one_before(client: Client, sari: User) -> None:
    client.force_login(sari)
    wrong = client.post(reverse("own-password"), FORM | {"now": "wrong"})
    assert (wrong.status_code, "This is not your password" in wrong.content.decode()) == (422, True)
    other = Client()
    other.force_login(sari)
    assert client.post(reverse("own-password"), FORM | {"now": OLD}).headers["Location"] == reverse("signed-in")
    assert client.get(reverse("waiting")).status_code == 200
    assert other.get(reverse("waiting")).status_code == 302
    sari.refresh_from_db()
    assert sari.check_password(NEW)


def test_where_one_is_signed_in_and_out_everywhere_else(client: Client, sari: User) -> None:
    phone = {"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/129.0 Safari/537.36"}
    there = Client(headers=phone, REMOTE_ADDR="203.0.113.9")
    for one in (client, there):
        assert one.post(SIGN_IN, {"username": "sari", "password": OLD}).status_code == 302
    shown = client.get(reverse("signed-in")).content.decode()
    for words in ("Chrome on Android", "203.0.113.9", "Mon 23 Nov, 09:00 WIB", "this browser"):
        assert words in shown
    assert str(there.session.session_key) not in shown
    client.post(reverse("sign-out-elsewhere"))
    assert there.get(reverse("waiting")).status_code == 302
    assert client.get(reverse("waiting")).status_code == 200
    assert AuditEntry.objects.filter(action="signed_out", actor=sari).count() == 1


def test_a_hostile_name_of_a_browser_is_text(client: Client, sari: User) -> None:
    Client(headers={"user-agent": "<script>alert(1)</script> Windows"}).post(
        SIGN_IN, {"username": "sari", "password": OLD}
    )
    client.force_login(sari)
    assert b"<script>alert" not in client.get(reverse("signed-in")).content


def test_somebody_without_any_role_looks_after_their_own_account(client: Client, sari: User) -> None:
    sari.groups.clear()
    client.force_login(sari)
    for name in ("signed-in", "own-password"):
        assert client.get(reverse(name)).status_code == 200


def test_a_manager_makes_a_link_that_is_shown_once(client: Client, sari: User) -> None:
    client.force_login(colleague(roles.MANAGERS))
    answer = client.post(reverse("password-link", args=[sari.pk]))
    key = re.search(r"/k/([^/]+)/", answer.content.decode())
    assert key is not None
    assert passwords.read(key[1]) == sari
    assert without_keys(f"GET /k/{key[1]}/") == "GET /k/•••/"
    other = ManagerFactory()  # may do more
    assert client.post(reverse("password-link", args=[other.pk])).headers["Location"] == reverse(
        "colleague", args=[other.pk]
    )
