"""What a session remembers, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing

from appointments.domain.second_step import memory
from tests.clock import NOW, minutes

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)


def test_who_waits_is_known_for_ten_minutes(budi: User) -> None:
    session: dict[str, Any] = {}
    assert memory.waiting(session, now=NOW) is None
    memory.wait(session, budi, wanted="/settings/", now=NOW)
    assert memory.waiting(session, now=NOW + minutes(10) - A_SECOND) == memory.Waiting(budi, "/settings/")
    assert memory.waiting(session, now=NOW + minutes(10)) is None


def test_nobody_waits_with_another_password_or_after_they_left(budi: User) -> None:
    session: dict[str, Any] = {}
    memory.wait(session, budi, wanted="/", now=NOW)
    User.objects.filter(pk=budi.pk).update(is_active=False)
    assert memory.waiting(session, now=NOW) is None
    User.objects.filter(pk=budi.pk).update(is_active=True)
    assert memory.waiting(session, now=NOW) is not None
    User.objects.filter(pk=budi.pk).update(password="!")
    assert memory.waiting(session, now=NOW) is None


def test_who_came_in_waits_no_more(budi: User) -> None:
    session: dict[str, Any] = {}
    memory.wait(session, budi, wanted="/", now=NOW)
    assert not memory.has_shown(session)
    memory.came_in(session, by="app")
    assert memory.has_shown(session)
    assert memory.waiting(session, now=NOW) is None


def test_the_password_holds_for_ten_minutes() -> None:
    session: dict[str, Any] = {}
    assert not memory.is_confirmed(session, now=NOW)
    memory.confirm(session, now=NOW)
    assert memory.is_confirmed(session, now=NOW + minutes(10) - A_SECOND)
    assert not memory.is_confirmed(session, now=NOW + minutes(10))
    assert not memory.is_confirmed(session, now=NOW - A_SECOND)


def test_a_challenge_is_taken_once_within_five_minutes() -> None:
    session: dict[str, Any] = {}
    memory.challenge(session, {"challenge": "x"}, now=NOW)
    assert memory.take_challenge(session, now=NOW + minutes(5) - A_SECOND) == {"challenge": "x"}
    assert memory.take_challenge(session, now=NOW) is None
    memory.challenge(session, {"challenge": "x"}, now=NOW)
    assert memory.take_challenge(session, now=NOW + minutes(5)) is None


def test_a_challenge_that_a_browser_keeps_holds_for_five_minutes_and_cannot_be_changed() -> None:
    kept = memory.sealed({"challenge": "abc"}, now=NOW)
    assert memory.unsealed(kept, now=NOW + minutes(5) - A_SECOND) == {"challenge": "abc"}
    assert memory.unsealed(kept, now=NOW + minutes(5)) is None
    for other in ("", "x", kept[:-1], f"x{kept}", signing.dumps({"state": {}, "at": NOW.isoformat()}, salt="other")):
        assert memory.unsealed(other, now=NOW) is None
