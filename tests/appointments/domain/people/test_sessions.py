"""Where somebody is signed in."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from appointments.domain.people import sessions

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
