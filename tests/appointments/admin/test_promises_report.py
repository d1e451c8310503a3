"""What we promised, by kind, on a page and as a file."""

import csv
import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.enums import PromiseKind, PromiseState
from tests.clock import NOW, days, hours
from tests.factories import CallAttemptFactory, PromiseFactory

pytestmark = pytest.mark.django_db
AFTERWARDS = NOW + days(1)


@pytest.fixture
def owed() -> None:
    kept = {"state": PromiseState.KEPT, "settled_at": NOW + hours(1)}
    PromiseFactory(due_at=NOW + hours(1), **kept)
    PromiseFactory(due_at=NOW + hours(1), slipped_at=NOW, **kept)
    broken = PromiseFactory(kind=PromiseKind.REPLY, due_at=NOW + hours(1))
    CallAttemptFactory(promise=broken, at=NOW + hours(1), outcome="no_answer")
    PromiseFactory(due_at=NOW + days(2))


@time_machine.travel(AFTERWARDS, tick=False)
def test_each_kind_says_what_became_of_its_promises(browser_of_manager: Client, owed: None) -> None:
    response = browser_of_manager.get(reverse("admin:promises-report"))
    rows = {row.kind: (row.kept, row.slipped, row.broken, row.tries) for row in response.context["rows"]}
    assert rows == {PromiseKind.CALL: (1, 1, 0, 0), PromiseKind.REPLY: (0, 0, 1, 1)}
    total = response.context["total"]
    assert (total.kept, total.slipped, total.broken, total.tries) == (1, 1, 1, 1)
    assert "50\u00a0%" in response.content.decode()


@time_machine.travel(AFTERWARDS, tick=False)
def test_the_file_says_the_same(browser_of_manager: Client, owed: None) -> None:
    response: Any = browser_of_manager.get(reverse("admin:promises-report-file", args=["csv"]))
    lines = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [line[1:] for line in lines[1:]] == [
        ["1", "50.0", "1", "0", "0"], ["0", "0.0", "0", "1", "1"], ["1", "33.3", "1", "1", "1"],
    ]  # fmt: skip


@time_machine.travel(AFTERWARDS, tick=False)
@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ({"start": "2026-11-23", "end": "2026-11-23"}, 200, "By what was promised"),
        ({"start": "2026-11-24", "end": "2026-11-25"}, 200, "Nothing that we promised fell due in this time"),
        ({"start": "2027-01-01", "end": "2027-02-01"}, 200, "Nothing that we promised fell due in this time"),
        ({"start": "2026-11-24", "end": "2026-11-23"}, 400, "The first day is after the last one."),
    ],
)
def test_days_are_those_of_the_place(
    browser_of_manager: Client, owed: None, query: dict[str, str], status: int, sentence: str
) -> None:
    response = browser_of_manager.get(reverse("admin:promises-report"), query)
    assert response.status_code == status
    assert sentence in response.content.decode()


def test_there_is_no_file_of_another_kind(browser_of_manager: Client) -> None:
    assert browser_of_manager.get(reverse("admin:promises-report-file", args=["exe"])).status_code == 404
