"""Codes on paper."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from appointments.domain.second_step import recovery_codes
from appointments.models import RecoveryCode
from tests.clock import NOW

pytestmark = pytest.mark.django_db


def test_ten_that_can_be_read_and_are_not_kept(budi: User) -> None:
    codes = recovery_codes.make(budi, now=NOW)
    assert (len(set(codes)), recovery_codes.left(budi)) == (10, 10)
    assert all(len(one) == 14 and not set(one) & set("01OI") for one in codes)
    kept = " ".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)


def test_each_opens_once_however_it_is_typed(budi: User) -> None:
    first, second, *_rest = recovery_codes.make(budi, now=NOW)
    typed = f" {first.lower().replace('-', '')} "
    assert [recovery_codes.accept(budi, typed, now=NOW) for _again in range(2)] == [True, False]
    assert recovery_codes.accept(budi, second, now=NOW)
    assert recovery_codes.left(budi) == 8


@pytest.mark.parametrize("code", ["", "-", "AAAA-AAAA-AAAA", "\x00", "é" * 40])
def test_others_open_nothing(budi: User, code: str) -> None:
    recovery_codes.make(budi, now=NOW)
    assert not recovery_codes.accept(budi, code, now=NOW)


def test_they_are_one_persons(budi: User, sari: User) -> None:
    code = recovery_codes.make(budi, now=NOW)[0]
    recovery_codes.make(sari, now=NOW)
    assert not recovery_codes.accept(sari, code, now=NOW)


def test_new_ones_replace_those_before(budi: User) -> None:
    before = recovery_codes.make(budi, now=NOW)[0]
    recovery_codes.make(budi, now=NOW)
    assert not recovery_codes.accept(budi, before, now=NOW)
    assert recovery_codes.left(budi) == 10


def test_they_hold_while_the_key_before_is_kept(budi: User, settings: Any) -> None:
    first, second, *_rest = recovery_codes.make(budi, now=NOW)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-0123456789-abcdefghijklmnopqrstuvwxyz"
    assert not recovery_codes.accept(budi, first, now=NOW)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert recovery_codes.accept(budi, second, now=NOW)


def test_the_database_refuses_none_and_the_same_twice(budi: User) -> None:
    RecoveryCode.objects.create(user=budi, code_hash="a", made_at=NOW)
    for wrong in ("", "a"):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryCode.objects.create(user=budi, code_hash=wrong, made_at=NOW)
