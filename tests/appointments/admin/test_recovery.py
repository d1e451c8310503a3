"""Managers read what went wrong for whom and what we change; nobody types there."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from appointments.domain import actors
from appointments.domain.recovery import cases, final_check
from appointments.enums import CaseOrigin
from appointments.models import RecoveryCase
from tests.appointments.admin.pages import page
from tests.clock import NOW
from tests.factories import Clinic, clinic
from tests.factories.recovery import work_through


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic()


@pytest.fixture
def case(place: Clinic) -> RecoveryCase:
    appointment, by = place.offered().appointment, actors.SYSTEM
    found = cases.take_up(appointment, CaseOrigin.TOLD, key="answer:1", words="Who pays?", now=NOW, by=by)
    assert found is not None
    return work_through(found, by=place.staff, cause=place.reason, now=NOW)


def test_a_complaint_stands_there_whole(browser_of_manager: Client, case: RecoveryCase) -> None:
    html = browser_of_manager.get(page("recoverycase", "change", case.pk)).content.decode()
    for said in (case.number, "Who pays?", "We do.", "You took a day off for nothing.", "Say it the day before."):
        assert said in html
    assert 'name="_save"' not in html


def test_the_list_says_whether_it_helped(browser_of_manager: Client, case: RecoveryCase) -> None:
    def listed() -> str:
        return str(browser_of_manager.get(page("recoverycase")).content.decode())

    assert '<td class="field-solved_word">–</td>' in listed()
    final_check.say(case.appointment, solved=True, now=NOW)
    assert '<td class="field-solved_word">yes</td>' in listed()


def test_the_list_is_taken_home(browser_of_manager: Client, case: RecoveryCase) -> None:
    response = browser_of_manager.get(page("recoverycase", "export", "csv"))
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert case.number in text
    assert "Say it the day before." in text


def test_a_cause_leads_to_its_complaints(browser_of_manager: Client, case: RecoveryCase) -> None:
    address = page("recoverycase") + f"?cause__id__exact={case.cause_id}"
    assert case.number in browser_of_manager.get(address).content.decode()
    assert case.number not in browser_of_manager.get(page("recoverycase") + "?stage__exact=hear").content.decode()
