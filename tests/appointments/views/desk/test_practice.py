"""Practising at the desk: scored at once, kept nowhere, and nothing of it leaves."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain.recovery.practice import scenarios
from appointments.models import PracticeRun
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic, UserFactory

pytestmark = pytest.mark.django_db
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


def page(browser: Client, name: str, *args: Any, expect: int = 200, **data: Any) -> str:
    url = reverse(name, args=args)
    response: Any = browser.post(url, data) if data else browser.get(url)
    assert response.status_code == expect
    return str(response.content.decode())


def example(code: str) -> str:
    found = scenarios.scenario(code, "en")
    assert found is not None
    return found.example


def test_a_good_letter_is_all_right_and_only_the_result_is_kept(desk: Client, melati: Clinic) -> None:
    melati.booked()
    with CaptureQueriesContext(connection) as queries:
        shown = page(desk, "practise", "flooded", text=example("flooded"))

    assert "7 of 7 right" in shown
    kept = [(one.colleague, one.scenario, one.right, one.of, one.at) for one in PracticeRun.objects.all()]
    assert kept == [(melati.staff, "flooded", 7, 7, NOW)]
    touched = {found[1] for one in queries if (found := WRITES.match(one["sql"]))}
    assert touched - {"django_session"} == {"appointments_practicerun"}
    assert not Message.objects.exists()


def test_what_was_wrong_is_explained_and_what_was_typed_stays(desk: Client) -> None:
    shown = page(desk, "practise", "nobody-there", text="Dr. Arini has typhus.")

    assert "speaks of a colleague’s health" in shown
    assert "It does not say until when." in shown
    assert "Dr. Arini has typhus.</textarea>" in shown
    assert "An example of what would do" in shown


def test_before_one_has_tried_there_is_no_example(desk: Client) -> None:
    shown = page(desk, "practise", "nobody-there")

    assert "An example of what would do" not in shown
    assert not PracticeRun.objects.exists()


def test_a_complaint_is_worked_through_on_one_page(desk: Client) -> None:
    one = scenarios.scenario("late-at-night", "en")
    assert one is not None
    said: dict[str, Any] = {"point3": "on", "reply3": one.replies[0], "point4": "on", "reply4": one.replies[1]}
    rest: dict[str, Any] = {"cost": one.cost, "apology": "3", "cause": "operational", "learned": one.learned}

    assert "5 of 5 right" in page(desk, "practise", "late-at-night", **said, **rest)
    without = page(desk, "practise", "late-at-night", cost="x")
    assert "0 of 5 right" in without
    assert [one.right for one in PracticeRun.objects.order_by("pk")] == [5, 0]


def test_results_are_ones_own(desk: Client, client: Client, melati: Clinic) -> None:
    page(desk, "practise", "flooded", text="Hello")
    mine = page(desk, "practice")
    client.force_login(melati.manager)
    theirs = page(client, "practice")

    assert ("best so far" in mine, "have practised" in mine) == (True, False)
    assert ("best so far" in theirs, "1 of 2 at the desk have practised" in theirs) == (False, True)
    assert melati.staff.get_full_name() not in theirs


def test_in_indonesian_one_practises_in_indonesian(desk: Client) -> None:
    desk.cookies["django_language"] = "id"

    assert "Jalan terendam" in page(desk, "practise", "flooded")


def test_others_and_unknown_situations_find_nothing(client: Client, desk: Client) -> None:
    page(desk, "practise", "unheard-of", expect=404)
    client.force_login(UserFactory())
    page(client, "practice", expect=404)
    page(client, "practise", "flooded", expect=404, text="x")
