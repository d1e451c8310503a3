"""The page that says who changed what."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from appointments import roles
from appointments.domain import actors, audit
from appointments.enums import AuditAction
from appointments.models import AuditEntry
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db
PAGE = "/audit/"


def written(by: User, name: str = "Massage") -> AuditEntry:
    said: dict[str, Any] = {"before": {"role": "Leads"}, "after": {"role": "Managers"}}
    return audit.record(AuditAction.CHANGED, by=actors.staff(by), now=NOW, noun="service", name=name, **said)


def test_it_says_who_did_what_when_before_and_after(office: Client, budi: User) -> None:
    written(budi)
    page = office.get(PAGE).content.decode()
    for words in (
        "Budi Santoso",
        "Mon 23 Nov, 09:00 WIB",
        "changed · Service",
        "Massage",
        "<del>lead</del>",
        "manager",
    ):
        assert words in page


@pytest.mark.parametrize("role", [roles.MANAGERS, roles.AUDITORS])
def test_managers_and_auditors_read_it(client: Client, melati: Clinic, role: str) -> None:
    client.force_login(colleague(role))
    assert client.get(PAGE).status_code == 200
    assert client.get(reverse("settings")).status_code == 200


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.LEADS])
def test_for_others_it_does_not_exist(client: Client, melati: Clinic, role: str) -> None:
    client.force_login(colleague(role))
    for address in (PAGE, reverse("audit-file", args=["csv"])):
        assert client.get(address).status_code == 404
    assert not AuditEntry.objects.exists()


def test_nobody_posts_to_it(office: Client) -> None:
    assert office.post(PAGE).status_code == 405


@pytest.mark.parametrize("count", [1, 30])
def test_a_long_list_asks_no_more_than_a_short_one(
    office: Client, budi: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        written(budi)
    with django_assert_max_num_queries(12):
        assert office.get(PAGE).content.decode().count("changed · Service") == count


def test_older_ones_are_a_page_away_and_keep_what_was_asked(office: Client, budi: User) -> None:
    for number in range(51):
        written(budi, name=f"Massage {number:02}.")
    page = office.get(PAGE, {"words": "massage"}).content.decode()
    assert "Massage 00." not in page
    older = page.partition('class="pager"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "words=massage" in older
    second = office.get(older).content.decode()
    assert "Massage 00." in second
    assert "Massage 01." not in second
    assert "To the newest" in second


@pytest.mark.parametrize(
    "query",
    [
        {"person": "x"}, {"person": "99999999999999999999"}, {"noun": "secrets"}, {"since": "2026-13-01"},
        {"before": "1~1"}, {"before": "(a+)+$"}, {"words": "a\x00"}, {"words": "x" * 101}, {"until": "0"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(office: Client, budi: User, query: dict[str, str]) -> None:
    written(budi)
    answer = office.get(PAGE, query)
    assert answer.status_code == 400
    assert "Massage" not in answer.content.decode()
    assert office.get(reverse("audit-file", args=["csv"]), query).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"actor__password__startswith": "p"}, {"since": "0001-01-01"}, {"until": "9999-12-31"},
        {"before": "999999999999.000000~1"},
    ],
)  # fmt: skip
def test_what_is_odd_is_answered(office: Client, budi: User, query: dict[str, str]) -> None:
    written(budi)
    assert office.get(PAGE, query).status_code == 200


def test_days_are_those_of_the_readers_clock(office: Client, budi: User) -> None:
    written(budi)  # 09:00 in Jakarta on the 23rd
    for query, is_there in (
        ({"since": "2026-11-23", "until": "2026-11-23"}, True),
        ({"since": "2026-11-24"}, False),
        ({"until": "2026-11-22"}, False),
    ):
        assert ("Massage" in office.get(PAGE, query).content.decode()) is is_there


def test_a_file_is_safe_and_is_written_down_itself(office: Client, budi: User) -> None:
    written(budi, name="=HYPERLINK(1)")
    answer = office.get(reverse("audit-file", args=["csv"]), {"noun": "service"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[1] == [
        "2026-11-23 09:00", "Asia/Jakarta", "Budi Santoso", "changed", "Service", "", "'=HYPERLINK(1)",
        "role: lead", "role: manager",
    ]  # fmt: skip
    entry = AuditEntry.objects.get(action="exported")
    assert (entry.actor, entry.noun, entry.name) == (budi, "report", "audit-2026-11-23.csv")


def test_hostile_names_are_text(office: Client, budi: User) -> None:
    written(budi, name="<script>alert(1)</script>")
    assert b"<script>alert" not in office.get(PAGE).content


def test_nothing_yet_says_what_will_stand_here(office: Client) -> None:
    assert "Nothing has been changed yet" in office.get(PAGE).content.decode()
    assert "Nothing fits" in office.get(PAGE, {"words": "x"}).content.decode()
