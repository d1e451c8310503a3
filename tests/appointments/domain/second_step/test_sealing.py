"""What is kept sealed: for one person, with the key of this installation."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain.second_step import sealing
from tests.clock import NOW, minutes

pytestmark = pytest.mark.django_db
OTHER_KEY = "another-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"


def test_what_is_sealed_is_read_by_its_owner_only(budi: User, sari: User) -> None:
    sealed = sealing.seal("SECRET", of=budi)
    assert "SECRET" not in sealed
    assert sealing.unseal(sealed, of=budi) == "SECRET"
    with pytest.raises(sealing.NotOurs):
        sealing.unseal(sealed, of=sari)


@pytest.mark.parametrize("sealed", ["", "x", "é", "gAAAAA==", "\ud800", "a" * 5000])
def test_what_nobody_sealed_is_not_ours(budi: User, sealed: str) -> None:
    with pytest.raises(sealing.NotOurs):
        sealing.unseal(sealed, of=budi)


def test_another_key_opens_nothing_unless_the_one_before_is_kept(budi: User, settings: Any) -> None:
    sealed, before = sealing.seal("SECRET", of=budi), settings.SECRET_KEY
    settings.SECRET_KEY = OTHER_KEY
    with pytest.raises(sealing.NotOurs):
        sealing.unseal(sealed, of=budi)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert sealing.unseal(sealed, of=budi) == "SECRET"


@pytest.mark.parametrize(("later", "opens"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_what_has_to_be_recent_ends(budi: User, later: timedelta, opens: bool) -> None:
    sealed, now = sealing.seal("SECRET", of=budi), NOW + minutes(20) + later
    try:
        opened = sealing.unseal_recent(sealed, of=budi, within=minutes(20), now=now) == "SECRET"
    except sealing.NotOurs:
        opened = False
    assert opened is opens
