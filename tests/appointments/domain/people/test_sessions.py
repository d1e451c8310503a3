"""Where somebody is signed in."""

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from appointments.domain.people import sessions
from appointments.models import AuditEntry
from tests.clock import NOW, days

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_everywhere_is_everywhere_but_here_and_nobody_else(budi: User, sari: User) -> None:
    here, there, other = signed_in(sari), signed_in(sari), signed_in(budi)
    assert sessions.end_all(sari, but=str(here.session.session_key)) == 1
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert kept == {here.session.session_key, other.session.session_key}
    assert there.get("/waiting/").status_code == 302
    assert sessions.end_all(sari) == 1


def test_the_list_says_where_since_when_and_by_what(sari: User, budi: User) -> None:
    with time_machine.travel(NOW, tick=False):
        old = signed_in(sari)
    with time_machine.travel(NOW + days(1), tick=False):
        here, other = signed_in(sari), signed_in(budi)
        bare = SessionStore()
        bare["_auth_user_id"] = str(sari.pk)
        bare.create()
    assert old.session.session_key != here.session.session_key != other.session.session_key
    found = sessions.of(sari, here=str(here.session.session_key), now=NOW + days(1))
    assert [(one.at, one.is_here) for one in found] == [(NOW + days(1), True), (NOW, False), (None, False)]
    assert sessions.of(sari, here="", now=NOW + days(40)) == []


def test_signing_out_elsewhere_is_written_down(sari: User) -> None:
    here, _there = signed_in(sari), signed_in(sari)
    assert sessions.sign_out_elsewhere(sari, here=str(here.session.session_key), now=NOW) == 1
    assert AuditEntry.objects.get().action == "signed_out"


def test_what_a_browser_calls_itself_is_kept_within_reason() -> None:
    kept = sessions.arrival(address=None, device="x" * 5000, now=NOW)
    assert (kept["at"], kept["address"], kept["device"]) == (NOW.isoformat(), "", "x" * 300)
