"""A password that contains its owner's name is refused at every door where passwords are set."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments import roles
from appointments.demo.logins import SAMPLE_PASSWORDS
from tests.factories import UserFactory, clinic
from tests.factories.people import colleague, invited

pytestmark = pytest.mark.django_db
SAID = "The password must not contain your name, your login or your e-mail address."
WITH_NAME, WITHOUT = "my-sari-2026-garden", "lantern-2026-garden"


def somebody(**named: str) -> User:
    return User(
        **{
            "username": "sari.w",
            "first_name": "Sári",
            "last_name": "Ayu Wulandari-Putri",
            "email": "frontdesk_melati9@clinic.example",
            **named,
        }
    )


@pytest.mark.parametrize(
    "password",
    [
        "sari-2026-garden",
        "garden-2026-SARI",
        "xxSaRixx-2026-yy",
        "sárí-2026-garden",
        "my ayu is the best",
        "quiet.wulandari.lake",
        "PUTRIputri2026x",
        "lamp-frontdesk-7",
        "melati-blossom-77",
        "\uff53\uff41\uff52\uff49-2026-garden",  # in full width
    ],
)
def test_a_password_with_a_part_of_the_name_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, somebody())
    assert SAID in refused.value.messages


@pytest.mark.parametrize("password", [WITHOUT, "sa-ri-2026-garden", "clinic-example-2026", "w-tower-2026-lake"])
def test_other_passwords_are_taken(password: str) -> None:
    validate_password(password, somebody())


def test_parts_of_two_letters_are_no_names_and_of_three_are() -> None:
    validate_password("the-delicate-lake-7", somebody(first_name="Li"))
    with pytest.raises(ValidationError):
        validate_password("the-bananas-lake-7", somebody(first_name="Ana"))


def test_who_is_not_known_yet_has_no_name() -> None:
    validate_password(WITH_NAME)
    validate_password(WITH_NAME, User())


def test_whoever_is_invited_cannot_choose_it(client: Client) -> None:
    clinic()
    _made, token = invited(colleague(roles.MANAGERS), now=timezone.now())

    def join(password: str) -> Any:
        form = {"name": "Sari Wulandari", "username": "sari", "password": password, "again": password}
        return client.post(reverse("join", args=[token]), form)

    assert SAID in join(WITH_NAME).content.decode()
    assert not User.objects.filter(username="sari").exists()
    assert join(WITHOUT).status_code == 302


def test_the_admin_leads_to_the_page_of_ones_own_password(client: Client) -> None:
    """There every other browser is signed out, and it is written down."""
    sari = UserFactory(username="sari", is_staff=True)
    client.force_login(sari)
    form = {"old_password": "sunny-garden-gate", "new_password1": WITHOUT, "new_password2": WITHOUT}
    for answer in (client.get(reverse("admin:password_change")), client.post(reverse("admin:password_change"), form)):
        assert (answer.status_code, answer["Location"]) == (302, reverse("own-password"))
    sari.refresh_from_db()
    assert not sari.check_password(WITHOUT)
    assert reverse("admin:password_change") not in client.get(reverse("admin:index")).content.decode()


def test_changepassword_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sari = UserFactory(username="sari")
    monkeypatch.setattr("getpass.getpass", lambda prompt="": WITH_NAME)
    told = io.StringIO()
    with pytest.raises(CommandError, match="Aborting"):
        call_command("changepassword", "sari", stdout=told, stderr=told)
    assert SAID in told.getvalue()
    sari.refresh_from_db()
    assert sari.check_password("sunny-garden-gate")


def test_the_demo_may_still_set_its_own() -> None:
    for name, password in SAMPLE_PASSWORDS.items():
        assert User.objects.create_user(name, password=password).check_password(password)
