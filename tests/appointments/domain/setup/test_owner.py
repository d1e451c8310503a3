"""The owner's account: one, for whoever has the code, and only while nobody has any."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments import roles
from appointments.domain.setup import owner
from appointments.domain.setup.owner import NotTheCode
from appointments.models import AuditEntry, Setup
from tests.clock import NOW, hours
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

WHO: dict[str, Any] = {
    "username": "dewi",
    "email": "dewi@melati.example",
    "first_name": "Dewi",
    "last_name": "",
    "password": "hujan-sore-di-teras",
    "country": "ID",
}


def test_whoever_has_the_code_is_the_owner_and_may_do_everything() -> None:
    code = owner.new_code(now=NOW)
    made = owner.make(code=code, **WHO, now=NOW)

    assert made.is_superuser
    assert made.is_staff
    assert [group.name for group in made.groups.all()] == [roles.MANAGERS]
    assert made.check_password("hujan-sore-di-teras")
    assert Setup.current().country == "ID"
    assert Setup.current().claimed_at == NOW


def test_the_code_may_be_typed_small_and_without_its_strokes() -> None:
    code = owner.new_code(now=NOW)

    assert owner.make(code=f" {code.lower().replace('-', ' ')} ", **WHO, now=NOW).username == "dewi"


def test_the_code_is_long_enough_that_nobody_guesses_it_and_is_not_kept() -> None:
    code = owner.new_code(now=NOW)

    assert len(code.replace("-", "")) == 12
    assert code not in Setup.current().code
    assert set(code) <= {*owner.LETTERS, "-"}


@pytest.mark.parametrize("wrong", ["", "-", "AAAA-AAAA-AAAA"])
def test_another_code_opens_nothing(wrong: str) -> None:
    owner.new_code(now=NOW)
    with pytest.raises(NotTheCode):
        owner.make(code=wrong, **WHO, now=NOW)

    assert not User.objects.exists()
    assert owner.is_awaited()


def test_a_code_from_before_opens_nothing_once_there_is_a_newer_one() -> None:
    old = owner.new_code(now=NOW)
    owner.new_code(now=NOW + hours(1))

    with pytest.raises(NotTheCode):
        owner.make(code=old, **WHO, now=NOW)


def test_a_second_owner_cannot_be_made() -> None:
    code = owner.new_code(now=NOW)
    owner.make(code=code, **WHO, now=NOW)

    with pytest.raises(NotTheCode):
        owner.make(code=code, **{**WHO, "username": "other"}, now=NOW)
    assert User.objects.count() == 1
    assert owner.new_code(now=NOW) == ""
    assert not owner.is_awaited()


def test_where_somebody_has_an_account_no_code_is_given_and_none_works() -> None:
    code = owner.new_code(now=NOW)
    UserFactory()

    assert not owner.is_awaited()
    assert owner.new_code(now=NOW) == ""
    with pytest.raises(NotTheCode):
        owner.make(code=code, **WHO, now=NOW)
    assert User.objects.count() == 1


def test_before_a_code_was_given_nobody_is_awaited() -> None:
    assert not owner.is_awaited()


def test_a_code_that_was_used_opens_nothing_even_when_its_account_is_gone() -> None:
    code = owner.new_code(now=NOW)
    Setup.objects.update(claimed_at=NOW)

    assert not owner.is_awaited()
    with pytest.raises(NotTheCode):
        owner.make(code=code, **WHO, now=NOW)
    assert not User.objects.exists()


def test_that_the_owner_came_is_written_down() -> None:
    made = owner.make(code=owner.new_code(now=NOW), **WHO, now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.noun, entry.key, entry.actor) == ("joined", "colleague", str(made.pk), made)
