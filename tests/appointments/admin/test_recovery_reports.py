"""What we gave and what complaints came of, as managers read it and as files."""

import csv
import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.clock import NOW
from tests.factories import AppointmentFactory, RecoveryCaseFactory, clinic
from tests.factories.compensation import compensation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
REPORTS = ("given-report", "complaints-report")


@pytest.fixture
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_what_we_gave_stands_by_month_on_the_page_and_in_the_file(browser_of_manager: Client) -> None:
    compensation(clinic().offered().appointment)
    page = browser_of_manager.get(reverse("admin:given-report")).content.decode()
    assert "November 2026" in page
    assert "50,000" in page
    found = lines(browser_of_manager.get(reverse("admin:given-report-file", args=["csv"])))
    assert [line[0:4] for line in found[1:]] == [
        ["November 2026", "1", "50000.00", "0"], ["All together", "1", "50000.00", "0"],
    ]  # fmt: skip


def test_complaints_stand_by_cause_on_the_page_and_in_the_file(browser_of_manager: Client) -> None:
    RecoveryCaseFactory(appointment=AppointmentFactory(occupies=False), mood_before="upset")
    page = browser_of_manager.get(reverse("admin:complaints-report")).content.decode()
    assert "Not found yet" in page
    assert "How customers felt at first, and once it was settled" in page
    found = lines(browser_of_manager.get(reverse("admin:complaints-report-file", args=["csv"])))
    assert [line[:4] for line in found[1:]] == [["not found yet", "1", "0", ""], ["All together", "1", "0", ""]]


@pytest.mark.parametrize("name", REPORTS)
def test_an_empty_time_says_so_and_a_wrong_one_is_refused(browser_of_manager: Client, name: str) -> None:
    address = reverse(f"admin:{name}")
    empty = browser_of_manager.get(address).content.decode()
    assert "Choose a longer period." in empty
    wrong = browser_of_manager.get(address, {"start": "2026-11-24", "end": "2026-11-23"})
    assert (wrong.status_code, "The first day is after the last one." in wrong.content.decode()) == (400, True)
    assert browser_of_manager.get(reverse(f"admin:{name}-file", args=["exe"])).status_code == 404
