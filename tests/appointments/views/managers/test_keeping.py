"""The page on which managers read what is kept, and say for how long."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.domain.privacy.periods import periods
from appointments.domain.privacy.purging import purge
from appointments.enums import DataKind
from appointments.models import AuditEntry, RetentionPeriod
from notifications.models import Message
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.people import colleague
from tests.factories.privacy import over

pytestmark = pytest.mark.django_db
PAGE = "/settings/keeping/"


def chosen(**other: int) -> dict[str, str]:
    return {kind.value: str(one.days) for kind, one in periods().items()} | {
        kind: str(days_) for kind, days_ in other.items()
    }


@pytest.fixture
def old(melati: Clinic) -> None:
    """A message of a hundred days ago, about something that took place."""
    melati.offered(melati.booked("2026-11-24 10:00"))
    over()
    Message.objects.update(state="cancelled", secrets={}, mime=None, created_at=NOW - days(200))


def test_it_says_what_goes_what_stays_how_much_there_is_and_what_has_gone(office: Client, old: None) -> None:
    page = office.get(PAGE).content.decode()
    assert page.count("<h2>") >= len(DataKind)
    assert "Texts of messages" in page
    assert "not yet" in page
    Message.objects.update(created_at=NOW - days(400))
    purge(now=NOW)
    page = office.get(PAGE).content.decode()
    section = page.partition('id="messages"')[2].partition('id="words"')[0]
    assert re.findall(r"<dd>(.*?)</dd>", section) == ["0", "Mon 23 Nov, 09:00 WIB", "1"]


def test_longer_is_saved_at_once(office: Client, budi: User) -> None:
    assert office.post(PAGE, chosen(messages=730)).status_code == 302
    assert RetentionPeriod.objects.get().days == 730
    assert AuditEntry.objects.get().actor == budi


def test_shorter_is_saved_once_somebody_has_read_how_much_goes(office: Client, old: None) -> None:
    answer = office.post(PAGE, chosen(messages=90))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "3 months instead of 1 year" in page
    assert "1 entry goes" in page
    assert not RetentionPeriod.objects.exists()
    agreed = page.partition('name="agreed" value="')[2].partition('"')[0]
    # It was for other kinds, and for other days, that it was agreed to.
    assert office.post(PAGE, {**chosen(messages=90, words=90), "agreed": agreed}).status_code == 409
    assert office.post(PAGE, {**chosen(messages=90), "agreed": agreed}).status_code == 302
    assert RetentionPeriod.objects.get().days == 90
    assert purge(now=NOW)[DataKind.MESSAGES] == 1


@pytest.mark.parametrize("wrong", ["0", "89", "9999", "", "x"])
def test_what_cannot_be_chosen_is_said(office: Client, wrong: str) -> None:
    assert office.post(PAGE, {**chosen(), "messages": wrong}).status_code == 422
    assert not RetentionPeriod.objects.exists()


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.LEADS, roles.AUDITORS])
def test_for_others_it_does_not_exist(client: Client, melati: Clinic, role: str) -> None:
    client.force_login(colleague(role))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, chosen(messages=730)).status_code == 404


def test_customers_read_the_same_periods(office: Client, client: Client) -> None:
    def read() -> str:
        page = client.get(reverse("policy")).content.decode()
        return page.partition('id="kept"')[2].partition("<h2")[0]

    assert "after 1 year." in read()
    assert "goes 2 years after" in read()
    assert "3 years after your last appointment" in read()
    office.post(PAGE, chosen(messages=1825, words=1825, customers=3650))
    assert "after 5 years." in read()
    assert "goes 5 years after" in read()
    assert "10 years after your last appointment" in read()
