"""Whatever changes is written down and told, and no secret is in either."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation

from appointments.domain.pages import audit as page
from appointments.domain.second_step import changes, removing
from appointments.models import AuditEntry
from notifications import outbox
from notifications.models import Message
from tests.clock import NOW
from tests.factories.second_steps import with_app, with_passkey

pytestmark = pytest.mark.django_db


def letters() -> list[str]:
    found = list(Message.objects.filter(kind="second_step").order_by("pk"))
    for one in found:
        outbox.prepare(one)
    return [" ".join(one.text.split()) for one in found]


def test_an_app_and_a_passkey_are_written_down_and_told(budi: User) -> None:
    phone, codes = with_app(budi)
    device, _codes = with_passkey(budi)
    removing.rename(budi, passkey=budi.passkeys.get().pk, name="Old phone", now=NOW)
    removing.remove(budi, passkey=budi.passkeys.get().pk, here="", now=NOW)
    removing.new_codes(budi, now=NOW)
    entries = list(AuditEntry.objects.order_by("pk"))
    assert {(one.action, one.actor, one.noun, one.name) for one in entries} == {
        ("new_factor", budi, "colleague", "Budi Santoso")
    }
    assert [one.after for one in entries] == [
        {"added": "app"},
        {"added": "passkey", "name": "Budi's phone"},
        {"renamed": "passkey", "name": "Old phone"},
        {"removed": "passkey", "name": "Old phone"},
        {"added": "codes"},
    ]
    told = letters()
    for words, letter in zip(
        (
            "An authenticator app was added to your account",
            "The passkey “Budi's phone” was added",
            "The passkey “Old phone” was removed",
            "Ten new recovery codes were made",
        ),
        told,
        strict=True,
    ):
        assert words in letter
        assert "on Monday, 23 November 2026 at 09:00 WIB" in letter
    everything = f"{told}{[(one.before, one.after) for one in entries]}"
    assert not any(secret in everything for secret in (phone.key, device.id.decode(), *codes))


def test_readers_of_the_changes_read_words(budi: User) -> None:
    with_app(budi)
    entry = AuditEntry.objects.get()
    assert page.changes_of(entry) == [("added", "", "authenticator app")]
    with translation.override("id"):
        assert page.changes_of(entry) == [("ditambahkan", "", "aplikasi autentikator")]


def test_a_reset_says_by_whom_and_why(budi: User, sari: User) -> None:
    with_app(sari)
    removing.reset(sari, why="Phone stolen", by=budi, now=NOW)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.name) == (budi, "Sari Wulandari")
    assert entry.after == {"removed": "everything", "ways": 1, "why": "Phone stolen"}
    assert "Budi Santoso has removed every second step of your account" in letters()[-1]
    assert Message.objects.latest("pk").email == sari.email


def test_who_has_no_address_gets_no_letter(budi: User) -> None:
    User.objects.filter(pk=budi.pk).update(email="")
    with_app(User.objects.get(pk=budi.pk))
    assert letters() == []


def test_other_browsers_sign_in_anew_when_something_is_added(budi: User, sari: User) -> None:
    for user in (budi, sari):
        Client().force_login(user)
    with_app(budi)
    (left,) = Session.objects.all()
    assert left.get_decoded()["_auth_user_id"] == str(sari.pk)


def test_kinds_have_their_names(budi: User) -> None:
    with_app(budi)
    with_passkey(budi)
    assert changes.kind_of(budi.authenticator_app) == "app"
    assert changes.kind_of(budi.passkeys.get()) == "passkey"
