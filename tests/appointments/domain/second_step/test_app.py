"""Codes of an app: the right ones, around now, each once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from appointments.domain.second_step import app
from appointments.errors import DomainError
from appointments.models import AuthenticatorApp, RecoveryCode
from tests.clock import NOW, minutes
from tests.factories.second_steps import Phone, with_app

pytestmark = pytest.mark.django_db
LATER = NOW + minutes(5)
HALF_A_MINUTE = timedelta(seconds=30)


def test_the_first_code_of_the_app_adds_it_and_brings_ten_codes(budi: User) -> None:
    offered = app.offer(budi)
    codes = app.add(budi, offered, Phone(offered.key).code(), here="", now=NOW)
    assert len(set(codes)) == 10
    assert RecoveryCode.objects.filter(user=budi, used_at=None).count() == 10
    own = AuthenticatorApp.objects.get()
    assert (own.user, own.added_at, own.used_at) == (budi, NOW, None)
    assert offered.key not in own.sealed


def test_a_wrong_code_adds_nothing(budi: User) -> None:
    with pytest.raises(DomainError, match="This code is not right"):
        app.add(budi, app.offer(budi), "000000", here="", now=NOW)
    assert not AuthenticatorApp.objects.exists()


def test_there_is_one_app(budi: User) -> None:
    with_app(budi)
    with pytest.raises(DomainError, match="There is an app already"):
        with_app(budi)


def test_what_is_offered_is_what_is_scanned_and_typed(budi: User) -> None:
    offered = app.offer(budi)
    assert offered.address.startswith("otpauth://totp/")
    assert f"secret={offered.key}" in offered.address
    assert ":budi?" in offered.address
    assert offered.typed.replace(" ", "") == offered.key
    assert offered.picture.path.startswith("M")
    assert offered.picture.box.startswith("0 0 ")


def test_what_was_offered_comes_back_for_twenty_minutes_and_to_its_owner(budi: User, sari: User) -> None:
    offered = app.offer(budi)
    assert app.offered(budi, offered.sealed, now=NOW + minutes(20)) == offered
    assert app.offered(budi, offered.sealed, now=NOW + minutes(20) + timedelta(seconds=1)) is None
    assert app.offered(sari, offered.sealed, now=NOW) is None
    assert app.offered(budi, "x", now=NOW) is None


@pytest.mark.parametrize(("apart", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_wrong(budi: User, apart: int, opens: bool) -> None:
    phone, _codes = with_app(budi)
    assert app.accept(budi, phone.code(LATER + apart * HALF_A_MINUTE), now=LATER) is opens


def test_a_code_opens_once_and_no_earlier_one_opens_after_it(budi: User) -> None:
    phone, _codes = with_app(budi)
    first, second = phone.code(LATER), phone.code(LATER + HALF_A_MINUTE)
    assert app.accept(budi, second, now=LATER)
    assert not app.accept(budi, second, now=LATER)
    assert not app.accept(budi, first, now=LATER)
    assert AuthenticatorApp.objects.get().used_at == LATER


def test_the_code_that_added_it_is_used(budi: User) -> None:
    phone, _codes = with_app(budi)
    assert not app.accept(budi, phone.code(NOW), now=NOW)


def test_blanks_in_a_code_do_no_harm(budi: User) -> None:
    phone, _codes = with_app(budi)
    code = phone.code(LATER)
    assert app.accept(budi, f" {code[:3]} {code[3:]} ", now=LATER)


def test_the_code_of_another_one_opens_nothing(budi: User, sari: User) -> None:
    phone, _codes = with_app(budi)
    with_app(sari)
    assert not app.accept(sari, phone.code(LATER), now=LATER)


def test_without_the_key_it_was_sealed_with_it_opens_nothing_and_the_log_says_why(
    budi: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    phone, _codes = with_app(budi)
    settings.SECRET_KEY = "another-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
    assert not app.accept(budi, phone.code(LATER), now=LATER)
    assert "SECRET_KEY is not the one it was added under" in caplog.text


@pytest.mark.parametrize("wrong", [{"sealed": ""}, {"last_period": 0}])
def test_the_database_refuses_what_is_no_app(budi: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuthenticatorApp.objects.create(**{"user": budi, "sealed": "x", "last_period": 1, "added_at": NOW} | wrong)
    assert not connection.needs_rollback
