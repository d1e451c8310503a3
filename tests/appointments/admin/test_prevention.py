"""A change we make: late until it works, and then compared with the time before."""

import pytest
import time_machine
from django.test import Client

from appointments.models import CorrectiveAction
from tests.appointments.admin.pages import page
from tests.clock import NOW, days
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic()


def test_what_is_late_is_said_and_what_works_is_compared(browser_of_manager: Client, place: Clinic) -> None:
    today = NOW.date()
    action = CorrectiveAction.objects.create(
        cause=place.reason, what="Service the machine", owner=place.staff, due_on=today - days(1)
    )
    with time_machine.travel(NOW):
        assert "late" in browser_of_manager.get(page("correctiveaction")).content.decode()
        CorrectiveAction.objects.update(works_since=today - days(5))
        html = browser_of_manager.get(page("correctiveaction", "change", action.pk)).content.decode()
    assert "Did it help?" in html
    assert "cannot tell yet" in html
