"""The steps of the first day: done is what is there."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain.setup import checklist
from appointments.models import Setup
from tests.clock import NOW
from tests.factories import BusinessFactory, LocationFactory, clinic

pytestmark = pytest.mark.django_db


def states() -> dict[str, bool]:
    return {one.code: one.is_done for one in checklist.checklist().steps}


def test_nothing_is_done_in_an_empty_database() -> None:
    found = checklist.checklist()

    assert [one.code for one in found.steps] == ["business", "places", "people", "services", "reasons", "bring"]
    assert found.done == 0
    assert found.next == found.steps[0]


def test_each_step_is_done_by_what_it_brings_about() -> None:
    BusinessFactory()
    LocationFactory()
    assert [code for code, done in states().items() if done] == ["business", "places"]


def test_all_is_done_once_somebody_is_booked_and_messages_can_leave(settings: Any) -> None:
    settings.EMAIL_URL = ""
    world = clinic()
    BusinessFactory()
    assert checklist.checklist().next == checklist.checklist().step("bring")
    world.booked()
    assert checklist.checklist().next == checklist.checklist().step("bring")

    settings.EMAIL_URL = "smtp://mail.example"
    assert checklist.checklist().done == 6
    assert checklist.checklist().next is None


def test_what_is_switched_off_does_not_count() -> None:
    LocationFactory(is_active=False)

    assert not states()["places"]


def test_people_need_a_place_and_services_need_people() -> None:
    found = checklist.checklist()
    assert [(one.code, one.needs) for one in found.steps if one.needs] == [("people", "places"), ("services", "people")]
    LocationFactory()

    assert checklist.checklist().step("people").needs == ""


@pytest.mark.parametrize("code", checklist.DONE)
def test_each_step_can_be_left_out_and_is_not_the_next_any_more(code: str) -> None:
    checklist.leave_out(code)
    checklist.leave_out(code)

    assert Setup.current().left_out == [code]
    found = checklist.checklist()
    assert found.step(code).is_left_out
    assert found.next != found.step(code)


def test_the_step_after_the_last_is_none() -> None:
    found = checklist.checklist()

    assert (found.after("business"), found.after("bring")) == ("places", "")


def test_the_board_shows_it_until_it_is_done_or_put_away(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example"
    assert checklist.on_the_board() is None
    Setup.objects.create(pk=1, claimed_at=NOW)
    assert checklist.on_the_board() == checklist.checklist()

    checklist.put_away(now=NOW)
    assert checklist.on_the_board() is None
    Setup.objects.update(put_away_at=None)
    clinic().booked()
    BusinessFactory()
    assert checklist.on_the_board() is None
    assert User.objects.exists()
