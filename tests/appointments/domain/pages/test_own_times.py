"""What a booked customer's page knows of limits, of the way back and of the times to choose from."""

from datetime import date
from typing import Any

import pytest

from appointments.domain.moving.own_choice import choice
from appointments.domain.pages.own_times import by_themselves, own_times, somebody
from appointments.models import Appointment
from tests.clock import NOW, at, hours
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db


def booked(**service: Any) -> tuple[Clinic, Appointment]:
    world = clinic(rooms=2, **{"grid": 30, "max_moves": 2, "move_notice_hours": 24} | service)
    return world, world.booked("2026-11-26 10:00")


def test_the_nearest_stand_in_the_order_of_time_each_with_a_person() -> None:
    _world, appointment = booked()
    shown = own_times(appointment, first=None, now=NOW)
    assert shown is not None
    starts = [one.slot.starts_at for one, _person in shown["nearest"]]
    assert (len(starts), starts) == (6, sorted(starts))
    assert {person.name for _one, person in shown["nearest"]} <= {"Dr. Ratna", "Dr. Budi"}
    assert (shown["days"], shown["by_day"], shown["today"]) == ([], False, date(2026, 11, 23))


def test_the_days_stand_with_whom_it_is_now_before_others() -> None:
    _world, appointment = booked()
    shown = own_times(appointment, first=date(2026, 11, 26), now=NOW)
    assert shown is not None
    assert [day.day.day for day in shown["days"]] == [26, 27, 28]
    assert [group.person.name for group in shown["days"][0].groups if group.person] == ["Dr. Ratna", "Dr. Budi"]
    assert (shown["nearest"], shown["later"]) == ([], date(2026, 11, 29))


def test_at_the_end_nothing_comes_later() -> None:
    _world, appointment = booked(horizon_days=5)
    shown = own_times(appointment, first=date(2026, 11, 28), now=NOW)
    assert shown is not None
    assert (len(shown["days"]), shown["later"]) == (1, None)


@pytest.mark.parametrize(("first", "is_said"), [(date(2026, 11, 24), True), (date(2026, 11, 25), False)])
def test_what_is_too_near_to_be_moved_again_is_known(first: date, is_said: bool) -> None:
    _world, appointment = booked(move_notice_hours=24)
    shown = own_times(appointment, first=first, now=NOW)
    assert shown is not None
    assert shown["too_near"] == (NOW + hours(24) if is_said else None)


def test_who_may_not_move_it_sees_no_times() -> None:
    _world, appointment = booked(max_moves=0)
    assert own_times(appointment, first=None, now=NOW) is None


def test_the_page_knows_what_they_may_and_where_they_can_go_back_to() -> None:
    _world, appointment = booked()
    before = by_themselves(appointment, None, now=NOW)
    assert (before["own"].moves_left, before["back"], before["was_cancelled"]) == (2, None, False)
    choice.move(appointment, (at("2026-11-27 14:00"), appointment.provider_id), seen=0, nonce="tap", now=NOW)
    appointment = Appointment.objects.get()
    after = by_themselves(appointment, appointment.requests.get(), now=NOW)
    assert (after["own"].moves_left, after["back"].to.starts_at, after["was_cancelled"]) == (
        1, at("2026-11-26 10:00"), False,
    )  # fmt: skip
    choice.cancel(appointment, seen=appointment.sequence, nonce="end", now=NOW)
    appointment = Appointment.objects.get()
    ended = by_themselves(appointment, appointment.requests.get(round=2), now=NOW)
    assert (ended["own"], ended["back"].to.starts_at, ended["was_cancelled"]) == (None, at("2026-11-27 14:00"), True)


def test_while_we_are_moving_it_the_page_of_that_round_holds() -> None:
    world, appointment = booked()
    round_ = world.offered(appointment, can_keep=True)
    assert by_themselves(appointment, round_, now=NOW)["own"] is None


def test_somebody_answers_whom_nobody_has_been_in_touch_with() -> None:
    world, _appointment = booked()
    assert somebody() in (world.staff.get_full_name(), world.manager.get_full_name())
