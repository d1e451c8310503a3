"""Taking something away: by its owner, by a manager, on the machine."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from appointments import roles
from appointments.domain.second_step import removing, standing
from appointments.errors import DomainError
from appointments.models import AuditEntry, Passkey, RecoveryCode
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.people import colleague
from tests.factories.second_steps import with_app, with_passkey

pytestmark = pytest.mark.django_db


def test_the_last_one_goes_with_its_codes_where_nobody_has_to_have_one(sari: User) -> None:
    with_app(sari)
    removing.remove(sari, here="", now=NOW)
    assert not standing.of(sari).is_set_up
    assert not RecoveryCode.objects.exists()


def test_the_last_one_stays_where_one_is_required(budi: User, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    with_app(budi)
    with pytest.raises(DomainError, match="This is the only one"):
        removing.remove(budi, here="", now=NOW)
    with_passkey(budi)
    removing.remove(budi, here="", now=NOW)
    assert (standing.of(budi).ways, standing.of(budi).codes_left) == (1, 10)
    with pytest.raises(DomainError, match="This is the only one"):
        removing.remove(budi, passkey=Passkey.objects.get().pk, here="", now=NOW)


def test_twice_is_once_and_another_ones_is_not_there(budi: User, sari: User) -> None:
    with_passkey(budi)
    with_app(sari)
    pk = Passkey.objects.get().pk
    removing.remove(sari, passkey=pk, here="", now=NOW)
    with pytest.raises(Passkey.DoesNotExist):
        removing.rename(sari, passkey=pk, name="Mine", now=NOW)
    assert Passkey.objects.get().name == "Budi's phone"
    for _again in range(2):
        removing.remove(budi, passkey=pk, here="", now=NOW)
    assert AuditEntry.objects.filter(after__removed="passkey").count() == 1


def test_the_same_name_again_is_no_change(budi: User) -> None:
    with_passkey(budi)
    removing.rename(budi, passkey=Passkey.objects.get().pk, name="Budi's phone", now=NOW)
    assert AuditEntry.objects.count() == 1


def test_codes_stand_in_for_something(sari: User) -> None:
    with pytest.raises(DomainError, match="Add an app or a passkey first"):
        removing.new_codes(sari, now=NOW)
    _phone, before = with_app(sari)
    made = removing.new_codes(sari, now=NOW)
    assert len(made) == 10
    assert not set(made) & set(before)


def test_a_manager_takes_everything_away_and_signs_out(budi: User, sari: User) -> None:
    with_app(sari)
    with_passkey(sari)
    Client().force_login(sari)
    removing.reset(sari, why="Phone lost", by=budi, now=NOW)
    assert not standing.of(sari).is_set_up
    assert not RecoveryCode.objects.exists()
    assert not Session.objects.exists()
    with pytest.raises(DomainError, match="has no second step"):
        removing.reset(sari, why="Phone lost", by=budi, now=NOW)


def test_nobody_resets_their_own_or_that_of_who_may_do_more(melati: Clinic, budi: User) -> None:
    for user, by in ((melati.manager, budi), (budi, colleague(roles.LEADS)), (budi, budi)):
        if not standing.of(user).is_set_up:
            with_app(user)
        with pytest.raises(DomainError, match=r"may do more than you|Nobody does this for themselves"):
            removing.reset(user, why="Phone lost", by=by, now=NOW)
        assert standing.of(user).is_set_up


def test_the_last_manager_is_let_in_on_the_machine(budi: User) -> None:
    with_app(budi)
    said = StringIO()
    call_command("reset_second_step", "budi", "--why", "Phone in the river", stdout=said)
    assert "budi signs in with the password alone now." in said.getvalue()
    assert not standing.of(budi).is_set_up
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor_kind, entry.actor) == ("system", None)
    assert entry.after["why"] == "Phone in the river"
    assert Message.objects.filter(kind="second_step").count() == 2


@pytest.mark.parametrize(("name", "said"), [("nobody", "Nobody signs in as nobody"), ("budi", "has no second step")])
def test_the_command_says_what_it_cannot_do(budi: User, name: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("reset_second_step", name, "--why", "x")
