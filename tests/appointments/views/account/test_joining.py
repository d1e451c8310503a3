"""Somebody takes an invitation up."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from appointments import roles
from tests.clock import NOW, days
from tests.factories import Clinic, UserFactory, clinic
from tests.factories.people import colleague, invited
from tests.reliability.letters import everything

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-river-stone"
FORM = {"name": "Dewi Lestari", "username": "dewi", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def melati(db: None) -> Iterator[Clinic]:
    with time_machine.travel(NOW, tick=False):
        yield clinic()


@pytest.fixture
def page(melati: Clinic) -> str:
    """The address that brings Dewi in."""
    _made, token = invited(colleague(roles.MANAGERS, first_name="Budi"))
    return reverse("join", args=[token])


def test_opening_the_link_changes_nothing(client: Client, page: str) -> None:
    before = everything()
    for method in (client.get, client.head, client.get):
        answer = method(page)
        assert answer.status_code == 200
    assert everything() == before
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_whoever_takes_it_up_is_signed_in_and_the_link_is_used(client: Client, page: str) -> None:
    assert client.post(page, FORM).headers["Location"] == reverse("home")
    assert client.get(reverse("waiting")).status_code == 200
    said = {"username": "dewi", "password": PASSWORD}
    assert Client().post(reverse("sign-in"), said).status_code == 302
    assert client.get(page).status_code == 404
    assert client.post(page, {**FORM, "username": "other"}).status_code == 404
    assert not User.objects.filter(username="other").exists()


def test_the_session_is_a_new_one(client: Client, page: str) -> None:
    stranger = client.session
    stranger["planted"] = "x"
    stranger.save()
    client.cookies["sessionid"] = str(stranger.session_key)
    client.post(page, FORM)
    assert client.session.session_key != stranger.session_key


def test_whoever_was_signed_in_here_is_not_any_more(client: Client, page: str) -> None:
    client.force_login(UserFactory(first_name="Sari", last_name="Wulandari"))
    assert "Sari Wulandari is signed in in this browser" in client.get(page).content.decode()
    client.post(page, FORM)
    assert client.session["_auth_user_id"] == str(User.objects.get(username="dewi").pk)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"again": "another-one-here"}, "The two passwords are not the same."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1", "again": "password1"}, "too common"),
        ({"password": "dewi-garden-2026", "again": "dewi-garden-2026"}, "must not contain your name"),
        ({"username": "TAKEN"}, "signs in with this name already"),
        ({"username": "de wi"}, "Enter a valid username"),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
        ({"username": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, page: str, change: dict[str, str], said: str
) -> None:
    UserFactory(username="taken")
    answer = client.post(page, {**FORM, **change})
    shown = answer.content.decode()
    assert (answer.status_code, said in shown) == (422, True)
    assert f'value="{change.get("username", "dewi")}"' in shown or not change.get("username", "dewi")
    assert PASSWORD not in shown
    assert User.objects.filter(username="dewi").count() == 0


def test_unknown_used_taken_back_and_run_out_look_alike(client: Client, page: str, melati: Clinic) -> None:
    _made, other = invited(melati.manager, email="x@melati.example", nonce="x")
    client.post(page, FORM)
    fresh = Client()
    with time_machine.travel(NOW + days(7), tick=False):
        late = fresh.get(reverse("join", args=[other]))
    answers = [late, fresh.get(page), fresh.get(reverse("join", args=["x" * 43]))]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content.partition(b"<main")[2].partition(b"</main>")[0] for one in answers}) == 1


def test_another_site_cannot_send_the_form(page: str) -> None:
    assert Client(enforce_csrf_checks=True).post(page, FORM).status_code == 403
    assert not User.objects.filter(username="dewi").exists()
