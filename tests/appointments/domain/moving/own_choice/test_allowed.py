"""How often and until when a customer moves by themselves: their wishes count, what we caused never does."""

from datetime import datetime

import pytest

from appointments.domain import actors, booking
from appointments.domain.affected import WhatIsMissing, declare
from appointments.domain.moving import answers
from appointments.domain.moving.own_choice import choice, way_back
from appointments.domain.moving.own_choice.allowed import (
    WORTH_SAYING,
    Allowed,
    WhyNot,
    after_move,
    allowed,
    must_be_allowed,
    stays_open,
)
from appointments.domain.schedule.slots import slot_at
from appointments.enums import AppointmentState, DisruptionScope, Family, Fault, RequestState
from appointments.errors import MoveRefused
from appointments.models import Appointment
from tests.clock import NOW, at, hours, minutes
from tests.factories import ReasonFactory, RescheduleRequestFactory, clinic

pytestmark = pytest.mark.django_db

START = "2026-11-26 10:00"
LAST = at("2026-11-25 10:00")


def moved(appointment: Appointment, number: int, family: Family, state: RequestState = RequestState.ACCEPTED) -> None:
    fault = Fault.CUSTOMER if family == Family.CUSTOMER else Fault.OURS
    reason = ReasonFactory(family=family, fault=fault)
    RescheduleRequestFactory(appointment=appointment, round=number, state=state, reason=reason, closed_at=NOW)


def test_the_limits_are_those_of_the_service() -> None:
    appointment = clinic(max_moves=3, move_notice_hours=24).booked(START)
    assert allowed(appointment, now=NOW) == Allowed(LAST, 3, 3)


@pytest.mark.parametrize(
    ("now", "why_not"), [(LAST - minutes(1), None), (LAST, WhyNot.LATE), (LAST + hours(24), WhyNot.OVER)]
)
def test_it_is_possible_until_so_many_hours_before(now: datetime, why_not: WhyNot | None) -> None:
    appointment = clinic(move_notice_hours=24).booked(START)
    may = allowed(appointment, now=now)
    assert (may.why_not, may.can_move, may.can_cancel) == (why_not, why_not is None, why_not is None)


@pytest.mark.parametrize(
    ("family", "state", "left"),
    [
        (Family.CUSTOMER, RequestState.ACCEPTED, 1),
        (Family.CUSTOMER, RequestState.KEPT, 2),  # taken back
        (Family.CUSTOMER, RequestState.CANCELLED, 2),
        (Family.OPERATIONAL, RequestState.ACCEPTED, 2),
        (Family.OUTSIDE, RequestState.ACCEPTED, 2),
    ],
)
def test_only_what_the_customer_wished_is_counted(family: Family, state: RequestState, left: int) -> None:
    appointment = clinic(max_moves=2).booked(START)
    moved(appointment, 1, family, state)
    assert allowed(appointment, now=NOW).moves_left == left


def test_who_has_moved_as_often_as_they_may_can_still_cancel() -> None:
    appointment = clinic(max_moves=2).booked(START)
    for number in (1, 2):
        assert allowed(appointment, now=NOW).can_move
        moved(appointment, number, Family.CUSTOMER)
    may = allowed(appointment, now=NOW)
    assert (may.moves_left, may.can_move, may.can_cancel) == (0, False, True)
    must_be_allowed(appointment, to_move=False, now=NOW)
    with pytest.raises(MoveRefused, match="as often as this service allows"):
        must_be_allowed(appointment, to_move=True, now=NOW)


def test_while_we_are_moving_it_nobody_else_does() -> None:
    round_ = clinic(rooms=2).offered()
    assert allowed(round_.appointment, now=NOW).why_not == WhyNot.WITH_US
    with pytest.raises(MoveRefused, match="We are looking after this appointment"):
        must_be_allowed(round_.appointment, to_move=False, now=NOW)


def test_what_is_hit_by_something_waits_for_us() -> None:
    world = clinic()
    appointment = world.booked(START)
    missing = WhatIsMissing(
        scope=DisruptionScope.PLACE, location=world.location, starts_at=at("2026-11-26 08:00"),
        ends_at=at("2026-11-26 17:00"),
    )  # fmt: skip
    declare(missing, reason=world.reason, by=actors.SYSTEM, now=NOW)
    assert allowed(appointment, now=NOW).why_not == WhyNot.WITH_US


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.MISSED, AppointmentState.COMPLETED])
def test_what_does_not_come_is_over(state: AppointmentState) -> None:
    appointment = clinic().booked(START, state=state)
    assert allowed(appointment, now=NOW).why_not == WhyNot.OVER
    with pytest.raises(MoveRefused, match="over already"):
        must_be_allowed(appointment, to_move=False, now=NOW)


def test_a_time_of_ours_that_came_too_near_leaves_the_notice_of_the_service() -> None:
    """In the morning we offer them this afternoon: a day before, nobody could have said anything."""
    world = clinic(rooms=2, move_notice_hours=24, notice_minutes=120)
    appointment = world.booked("2026-11-24 10:00")
    offer = world.offered(appointment).offers.order_by("starts_at")[0]
    answers.accept(offer, nonce="tap", now=NOW + minutes(5))
    appointment = Appointment.objects.get()
    assert appointment.starts_at - hours(24) < NOW, "else this story tells nothing"
    until = appointment.starts_at - hours(2)
    assert allowed(appointment, now=until - minutes(1)) == Allowed(until, 2, 2, moved_at=NOW + minutes(5))
    assert allowed(appointment, now=until).why_not == WhyNot.LATE
    round_ = appointment.requests.get()
    round_.appointment = appointment
    assert after_move(round_, now=NOW + minutes(5)) == allowed(appointment, now=NOW + minutes(5))


@pytest.mark.parametrize(("by_wish", "why_not"), [(True, WhyNot.LATE), (False, None)])
def test_a_time_of_their_own_choice_that_is_near_stays_theirs(by_wish: bool, why_not: WhyNot | None) -> None:
    world = clinic(rooms=2, move_notice_hours=24)
    appointment = world.booked("2026-11-24 10:00")
    wish = ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    round_ = world.offered(appointment, reason=wish if by_wish else world.reason)
    answers.accept(round_.offers.order_by("starts_at")[0], nonce="tap", now=NOW + minutes(5))
    assert allowed(Appointment.objects.get(), now=NOW + minutes(6)).why_not == why_not


def test_what_we_move_without_a_word_counts_as_ours_too() -> None:
    world = clinic(move_notice_hours=24)
    appointment = world.booked("2026-11-26 10:00")
    to = slot_at(appointment, starts_at=at("2026-11-24 08:00"), provider_id=world.provider.pk, now=NOW)
    booking.move(appointment, to=to, by=actors.staff(world.staff), now=NOW)
    assert allowed(Appointment.objects.get(), now=NOW).can_move


def test_after_a_move_what_is_left_is_said_without_asking_again() -> None:
    world = clinic(rooms=2, max_moves=2)
    appointment = world.booked("2026-12-01 10:00")
    moved(appointment, 1, Family.CUSTOMER)
    wish = ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    round_ = world.offered(appointment, reason=wish)
    answers.accept(round_.offers.order_by("-starts_at")[0], nonce="tap", now=NOW)
    round_ = appointment.requests.get(round=2)
    assert after_move(round_, now=NOW).moves_left == 0
    assert allowed(round_.appointment, now=NOW) == after_move(round_, now=NOW)


def test_a_time_they_choose_too_near_was_never_theirs_to_move() -> None:
    """What they read then is not that it was possible until yesterday."""
    appointment = clinic(rooms=2, grid=30, move_notice_hours=24).booked(START)
    near, far = stays_open(appointment, now=NOW), stays_open(appointment, now=NOW) + minutes(30)
    for start, was_possible in ((near, False), (far, True)):
        choice.move(appointment, (start, appointment.provider_id), seen=appointment.sequence, nonce=str(start), now=NOW)
        appointment = Appointment.objects.get()
        may = allowed(appointment, now=NOW)
        assert (may.was_possible, may.can_cancel) == (was_possible, was_possible)
        if not was_possible:
            way_back.take(appointment, nonce="back", now=NOW)
            appointment = Appointment.objects.get()


@pytest.mark.parametrize(("ahead", "said"), [(WORTH_SAYING, True), (WORTH_SAYING - minutes(1), False)])
def test_a_message_does_not_speak_of_an_hour_that_is_over_when_it_is_read(ahead: object, said: bool) -> None:
    may = Allowed(NOW + ahead, 0, 2)  # type: ignore[operator]
    assert may.in_message(now=NOW) == ({"until": may.until, "can_move": False} if said else None)
