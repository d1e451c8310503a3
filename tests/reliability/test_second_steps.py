"""What is shown beside the password opens once, however many send it in the same moment; and the last way stays."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.domain.second_step import app, passkeys, removing, standing
from appointments.errors import DomainError
from appointments.models import AuthenticatorApp, Passkey, RecoveryCode
from tests.clock import NOW, minutes
from tests.factories import clinic
from tests.factories.people import colleague
from tests.factories.second_steps import Phone, with_app, with_passkey
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LATER = NOW + minutes(5)
TRIES = 8
PASSWORD = "sunny-garden-gate"


@pytest.fixture
def budi() -> Iterator[User]:
    clinic()
    with time_machine.travel(LATER, tick=False):
        yield colleague(roles.MANAGERS, username="budi")


def waiting_browsers() -> list[Client]:
    """Each from another address, each past the password."""
    found = [Client(REMOTE_ADDR=f"203.0.113.{number + 1}") for number in range(TRIES)]
    for one in found:
        one.post(reverse("sign-in"), {"username": "budi", "password": PASSWORD})
    return found


def show(form: dict[str, str]) -> Callable[[Client], bool]:
    def run(client: Client) -> bool:
        try:
            client.post(reverse("sign-in-second-step"), form)
            return "_auth_user_id" in client.session
        finally:
            connection.close()

    return run


def test_of_many_who_send_one_code_of_an_app_one_gets_in(budi: User) -> None:
    phone, _codes = with_app(budi, now=NOW)
    opened = all_at_once(show({"how": "app", "code": phone.code(LATER)}), waiting_browsers())
    assert sorted(opened) == [False] * (TRIES - 1) + [True]


def test_of_many_who_send_one_recovery_code_one_gets_in(budi: User) -> None:
    _phone, codes = with_app(budi, now=NOW)
    opened = all_at_once(show({"how": "recovery", "code": codes[0]}), waiting_browsers())
    assert sorted(opened) == [False] * (TRIES - 1) + [True]
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_of_many_who_send_one_signature_one_gets_in(budi: User) -> None:
    device, _codes = with_passkey(budi, now=NOW)
    options, state = passkeys.begin_signing_in(None, now=LATER)
    said = device.sign(options)
    opened = all_at_once(_closing(lambda: passkeys.accept(said, state=state, user=None, now=LATER)), range(TRIES))
    assert (opened.count(budi), opened.count(None)) == (1, TRIES - 1)


def test_a_form_that_is_sent_twice_adds_one_app(budi: User) -> None:
    offered = app.offer(budi)
    code = Phone(offered.key).code(LATER)
    made = all_at_once(_closing(lambda: app.add(budi, offered, code, here="", now=LATER)), range(TRIES))
    assert sorted(isinstance(one, list) for one in made) == [False] * (TRIES - 1) + [True]
    assert (AuthenticatorApp.objects.count(), RecoveryCode.objects.count()) == (1, 10)


def test_two_ways_removed_at_once_leave_one_where_one_is_required(budi: User, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    with_app(budi, now=NOW)
    with_passkey(budi, now=NOW)
    found = [None, Passkey.objects.get().pk]
    all_at_once(lambda pk: _closing(lambda: removing.remove(budi, passkey=pk, here="", now=LATER))(pk), found)
    assert standing.of(budi).ways == 1


def _closing(act: Callable[[], Any]) -> Callable[[Any], Any]:
    def run(_number: Any) -> Any:
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    return run
