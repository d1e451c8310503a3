"""A new password: by a letter, by a link handed over, by oneself."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from appointments import roles
from appointments.domain.links import DeadLink
from appointments.domain.messages import again
from appointments.domain.messages.kinds import why_stale
from appointments.domain.people import passwords
from appointments.errors import DomainError
from appointments.models import AuditEntry
from notifications import outbox
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db
NEW = "quiet-river-stone"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def key_for(user: User) -> str:
    passwords.forgotten(user.email, now=NOW)
    letter = Message.objects.filter(kind="new_password", about=f"user:{user.pk}").latest("pk")
    return str(letter.secrets["new_password"])


def test_the_letter_brings_a_link_and_says_what_one_signs_in_as(sari: User) -> None:
    assert passwords.forgotten(sari.email.upper(), now=NOW) == 1
    letter = Message.objects.get(kind="new_password")
    outbox.prepare(letter)
    assert (letter.email, letter.not_after) == (sari.email, NOW + hours(2))
    assert "You sign in there as sari." in " ".join(letter.text.split())
    assert "until Monday, 23 November 2026 at 11:00 WIB" in " ".join(letter.text.split())
    assert letter.secrets["new_password"] not in letter.text + letter.html


def test_nobody_is_written_to_who_cannot_sign_in(sari: User) -> None:
    assert passwords.forgotten("nobody@melati.example", now=NOW) == 0
    assert passwords.forgotten("", now=NOW) == 0
    User.objects.filter(pk=sari.pk).update(is_active=False)
    assert passwords.forgotten(sari.email, now=NOW) == 0
    User.objects.filter(pk=sari.pk).update(is_active=True, password="!")
    assert passwords.forgotten(sari.email, now=NOW) == 0
    assert not Message.objects.exists()


def test_three_letters_an_hour_and_no_more(sari: User) -> None:
    said = [passwords.forgotten(sari.email, now=NOW + minutes(number)) for number in range(4)]
    assert said == [1, 1, 1, 0]
    assert passwords.forgotten(sari.email, now=NOW + minutes(60)) == 1


def test_a_link_opens_once_and_signs_out_everywhere(sari: User) -> None:
    browser = Client()
    browser.force_login(sari)
    key = key_for(User.objects.get(pk=sari.pk))
    passwords.choose(key, NEW, now=NOW)
    sari.refresh_from_db()
    assert sari.check_password(NEW)
    assert not Session.objects.exists()
    entry = AuditEntry.objects.get(action="new_password")
    assert (entry.actor, entry.before, entry.after) == (sari, {}, {})
    for _again in range(2):
        with pytest.raises(DeadLink):
            passwords.choose(key, "another-river-stone", now=NOW)
    sari.refresh_from_db()
    assert sari.check_password(NEW)


def test_a_link_is_open_for_two_hours(sari: User) -> None:
    key = key_for(sari)
    with time_machine.travel(NOW + hours(2), tick=False):
        assert passwords.read(key) == sari
    with time_machine.travel(NOW + hours(2) + minutes(1), tick=False), pytest.raises(DeadLink):
        passwords.read(key)


@pytest.mark.parametrize("key", ["", ".", "x", "x.y", "MQ.x", "é.é", "a" * 4000, "LTE.x", "OTk5OTk5OTk5OTk5OTk5OTk5.x"])
def test_what_is_no_link_is_dead(sari: User, key: str) -> None:
    with pytest.raises(DeadLink):
        passwords.read(key)


def test_the_link_of_somebody_else_or_of_somebody_who_left_is_dead(sari: User, budi: User) -> None:
    his, hers = key_for(budi), key_for(sari)
    mixed = f"{hers.partition('.')[0]}.{his.partition('.')[2]}"
    with pytest.raises(DeadLink):
        passwords.read(mixed)
    User.objects.filter(pk=sari.pk).update(is_active=False)
    with pytest.raises(DeadLink):
        passwords.read(hers)


def test_a_letter_does_not_leave_once_they_have_got_in(sari: User) -> None:
    key_for(sari)
    letter = Message.objects.get()
    assert why_stale("new_password", letter.true_if, now=NOW) is None
    User.objects.filter(pk=sari.pk).update(last_login=NOW)
    assert why_stale("new_password", letter.true_if, now=NOW) is not None


def test_a_letter_that_failed_is_not_written_again_with_a_dead_link(sari: User) -> None:
    key_for(sari)
    assert again.tell_again(Message.objects.get(), now=NOW) is None


def test_a_manager_hands_over_a_link_and_that_is_written_down(budi: User, sari: User) -> None:
    key = passwords.link_for(sari, by=budi, now=NOW)
    assert passwords.read(key) == sari
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.noun, entry.name) == ("new_link", budi, "colleague", "Sari Wulandari")
    assert key not in str(entry.after)


def test_nobody_makes_a_link_for_who_may_do_more_or_is_retired_or_is_themselves(
    melati: Clinic, budi: User, sari: User
) -> None:
    for user, by in ((melati.manager, budi), (budi, colleague(roles.LEADS)), (budi, budi)):
        with pytest.raises(DomainError, match="may do more than you"):
            passwords.link_for(user, by=by, now=NOW)
    User.objects.filter(pk=sari.pk).update(is_active=False)
    with pytest.raises(DomainError, match="is retired already"):
        passwords.link_for(sari, by=budi, now=NOW)


def test_whoever_changes_their_own_stays_signed_in_here_only(sari: User) -> None:
    here, there = Client(), Client()
    for one in (here, there):
        one.force_login(sari)
    passwords.change(sari, NEW, here=str(here.session.session_key), now=NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == [here.session.session_key]
    assert AuditEntry.objects.get().action == "new_password"
