"""Managers see what the playbook holds, what it was used for and whether it helped."""

import pytest
from django.test import Client

from appointments.enums import RequestState
from appointments.models import SolutionUse, SolutionVersion
from tests.appointments.admin.pages import page
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory, RescheduleRequestFactory, clinic
from tests.factories.playbook import solution


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic()


def used(place: Clinic, version: SolutionVersion, ends: list[RequestState]) -> None:
    for number, end in enumerate(ends, start=2):
        where = place.booked(NOW + days(number), customer=CustomerFactory(name=f"Customer {number}"))
        round_ = RescheduleRequestFactory(appointment=where, state=end, closed_at=NOW)
        SolutionUse.objects.create(version=version, round=round_, by=place.staff, at=NOW)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([RequestState.ACCEPTED, RequestState.ACCEPTED, RequestState.KEPT], "helped 2 of 3"),
        ([RequestState.ACCEPTED, RequestState.ACCEPTED], "What it was used for"),
    ],
)
def test_what_it_was_used_for_and_from_three_on_how_often_it_helped(
    browser_of_manager: Client, place: Clinic, ends: list[RequestState], said: str
) -> None:
    version = solution(place.manager)
    used(place, version, ends)
    html = browser_of_manager.get(page("solution", "change", version.solution_id)).content.decode()

    assert said in html
    assert "Customer 2" in html


def test_the_list_says_what_each_is_called_now(browser_of_manager: Client, place: Clinic) -> None:
    first = solution(place.manager)
    solution(place.manager, of=first.solution, says={"title": {"en": "Somebody else"}})
    html = browser_of_manager.get(page("solution")).content.decode()

    assert ("Somebody else" in html, "Another colleague" in html) == (True, False)
