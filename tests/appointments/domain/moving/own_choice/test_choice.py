"""A booked customer moves, cancels or asks by themselves: once, within the limits, told in writing."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain.limbo import in_limbo
from appointments.domain.moving.own_choice import choice
from appointments.domain.moving.own_choice.times import nearest
from appointments.domain.moving.reminders import ask_all
from appointments.domain.schedule.slots import Wishes
from appointments.enums import ActorKind, AnswerKind, AppointmentState, PromiseKind, RequestState
from appointments.errors import MoveRefused, NotOffered, RoundOver, SlotTaken
from appointments.models import Answer, Appointment, AppointmentEvent, Occupancy, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, clinic
from tests.reliability import invariants

pytestmark = pytest.mark.django_db

START = "2026-11-26 10:00"
NEW = at("2026-11-27 14:00")


def a_clinic(**service: Any) -> Clinic:
    return clinic(rooms=2, **{"grid": 30, "max_moves": 2, "move_notice_hours": 24} | service)


def move(appointment: Appointment, to: datetime = NEW, *, nonce: str = "tap", now: datetime = NOW) -> Answer:
    wanted = to, appointment.provider_id
    return choice.move(appointment, wanted, seen=appointment.sequence, nonce=nonce, now=now)


def test_a_free_time_is_theirs_at_once_and_confirmed_in_writing() -> None:
    world = a_clinic()
    appointment = world.booked(START)
    move(appointment)
    moved = Appointment.objects.get()
    assert (moved.starts_at, moved.provider, moved.sequence, moved.uid) == (NEW, world.provider, 1, appointment.uid)
    round_ = RescheduleRequest.objects.get()
    assert (round_.state, round_.was_starts_at, round_.is_by_themselves) == ("accepted", appointment.starts_at, True)
    (letter,) = Message.objects.all()
    assert (letter.kind, letter.context["by_us"], letter.context["follow"]) == ("confirmation", False, False)
    assert letter.context["own"] == {"until": (NEW - hours(24)), "can_move": True}
    invariants.check(NOW)


def test_the_history_says_who_did_it_and_not_that_we_offered_anything() -> None:
    appointment = a_clinic().booked(START)
    move(appointment)
    events = AppointmentEvent.objects.order_by("pk").values_list("kind", "actor_kind")
    assert list(events) == [("moved", ActorKind.CUSTOMER), ("answered", ActorKind.CUSTOMER)]


def test_the_same_form_again_is_the_same_move() -> None:
    appointment = a_clinic().booked(START)
    first = move(appointment)
    again = choice.move(Appointment.objects.get(), (NEW, None), seen=0, nonce="tap", now=NOW + days(9))
    assert (again, Message.objects.count(), Appointment.objects.get().sequence) == (first, 1, 1)


def test_a_form_of_somebody_elses_page_is_none_of_theirs() -> None:
    world = a_clinic()
    move(world.booked(START))
    other = world.booked("2026-11-28 10:00", customer=CustomerFactory())
    for act in (lambda: move(other), lambda: choice.cancel(other, seen=other.sequence, nonce="tap", now=NOW)):
        with pytest.raises(NotOffered, match="does not belong to this page"):
            act()


def test_an_old_page_changes_nothing() -> None:
    appointment = a_clinic().booked(START)
    move(appointment)
    with pytest.raises(RoundOver, match="has changed since you opened that page"):
        move(appointment, at("2026-11-27 15:00"), nonce="other")
    assert Appointment.objects.get().starts_at == NEW


def test_so_often_and_not_once_more() -> None:
    appointment = a_clinic(max_moves=2).booked(START)
    for number, hour in enumerate(("14:00", "15:00")):
        move(Appointment.objects.get(), at(f"2026-11-27 {hour}"), nonce=f"tap {number}")
    with pytest.raises(MoveRefused, match="as often as this service allows"):
        move(Appointment.objects.get(), at("2026-11-27 16:00"), nonce="tap 3")
    assert Appointment.objects.get().sequence == 2
    assert appointment.requests.count() == 2


def test_what_somebody_else_has_is_taken_and_leaves_no_trace() -> None:
    world = a_clinic()
    appointment = world.booked(START)
    world.booked(NEW, customer=CustomerFactory())
    with pytest.raises(SlotTaken):
        move(appointment)
    assert (RescheduleRequest.objects.count(), Message.objects.count(), Answer.objects.count()) == (0, 0, 0)


def test_when_it_is_taken_between_the_look_and_the_lock_nothing_is_left_either(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_clinic()
    appointment = world.booked(START)
    slot = choice.slot_for(appointment, (NEW, world.provider.pk), now=NOW)
    world.booked(NEW, customer=CustomerFactory())
    monkeypatch.setattr(choice, "slot_for", lambda *_args, **_options: slot)
    with pytest.raises(SlotTaken):
        move(appointment)
    assert (RescheduleRequest.objects.count(), Message.objects.count(), Answer.objects.count()) == (0, 0, 0)


def test_cancelled_is_told_once_and_frees_the_time_but_for_the_way_back() -> None:
    appointment = a_clinic().booked(START)
    answer = choice.cancel(appointment, seen=appointment.sequence, nonce="end", words="Recovered.", now=NOW)
    assert (answer.kind, answer.words) == (AnswerKind.CANCEL, "Recovered.")
    assert Appointment.objects.get().state == AppointmentState.CANCELLED
    assert list(Message.objects.values_list("kind", flat=True)) == ["cancellation"]
    assert choice.cancel(appointment, seen=appointment.sequence, nonce="end", now=NOW) == answer
    assert choice.cancel(appointment, seen=appointment.sequence, nonce="from another page", now=NOW) == answer
    assert not Occupancy.objects.filter(request__isnull=True).exists()
    invariants.check(NOW)


@pytest.mark.parametrize("seen", [None, 0])
def test_an_old_page_cancels_nothing_and_asks_for_nothing(seen: int | None) -> None:
    appointment = a_clinic().booked(START)
    move(appointment)
    with pytest.raises(RoundOver, match="has changed since"):
        choice.cancel(appointment, seen=seen, nonce="end", now=NOW)
    with pytest.raises(RoundOver, match="has changed since"):
        choice.ask_other_times(appointment, Wishes(), seen=seen, nonce="ask", now=NOW)
    assert Appointment.objects.get().state == AppointmentState.BOOKED


@pytest.mark.parametrize(("before", "state"), [(hours(24) + minutes(1), "cancelled"), (hours(24), "booked")])
def test_the_last_moment_to_cancel(before: Any, state: str) -> None:
    appointment = a_clinic().booked(START)
    now = appointment.starts_at - before
    if state == "booked":
        with pytest.raises(MoveRefused, match=r"possible here until Wed 25 Nov"):
            choice.cancel(appointment, seen=appointment.sequence, nonce="end", now=now)
    else:
        choice.cancel(appointment, seen=appointment.sequence, nonce="end", now=now)
    assert Appointment.objects.get().state == state


def test_in_a_round_of_ours_cancelling_ends_that_round_whatever_the_limits_say() -> None:
    world = a_clinic()
    round_ = world.offered(world.booked("2026-11-23 14:00"))
    choice.cancel(round_.appointment, seen=round_.appointment.sequence, nonce="end", now=NOW)
    assert list(RescheduleRequest.objects.values_list("pk", "state")) == [(round_.pk, "cancelled")]


def test_whom_we_cancelled_has_nothing_to_cancel() -> None:
    appointment = a_clinic().booked(START, state=AppointmentState.CANCELLED)
    with pytest.raises(RoundOver):
        choice.cancel(appointment, seen=appointment.sequence, nonce="end", now=NOW)


def test_who_finds_nothing_is_offered_what_fits_and_keeps_their_time() -> None:
    appointment = a_clinic().booked(START)
    choice.ask_other_times(appointment, Wishes(parts=frozenset({"afternoon"})), seen=0, nonce="ask", now=NOW)
    round_ = appointment.requests.get(state=RequestState.OPEN)
    assert (round_.wished, round_.can_keep, round_.reason.is_wish) == (True, True, True)
    assert round_.offers.count() >= 2
    assert Appointment.objects.get().sequence == 0
    invariants.check(NOW)


def test_where_nothing_fits_a_named_colleague_owes_an_answer_by_an_hour() -> None:
    world = a_clinic()
    appointment = world.booked(START)
    choice.ask_other_times(appointment, Wishes(parts=frozenset({"evening"})), seen=0, nonce="ask", now=NOW)
    promise = Promise.objects.open().get()
    assert promise.kind == PromiseKind.FIND_TIMES
    assert appointment.requests.get().state == RequestState.WITH_US
    assert promise.owner in (world.staff, world.manager)
    assert promise.due_at > NOW
    assert list(in_limbo(NOW)) == []
    invariants.check(NOW)


def test_who_may_not_move_it_any_more_asks_a_person() -> None:
    appointment = a_clinic(max_moves=0).booked(START)
    with pytest.raises(MoveRefused):
        choice.ask_other_times(appointment, Wishes(), seen=0, nonce="ask", now=NOW)
    assert appointment.requests.count() == 0


def test_words_about_what_nobody_has_moved_have_a_round_to_stand_in() -> None:
    world = a_clinic()
    appointment = world.booked(START)
    round_ = choice.thread(appointment, now=NOW)
    assert (round_.state, choice.thread(appointment, now=NOW)) == (RequestState.KEPT, round_)
    assert (Message.objects.count(), Appointment.objects.get().sequence) == (0, 0)
    with pytest.raises(RoundOver):
        choice.thread(world.booked("2026-11-20 10:00"), now=NOW)


def test_nobody_asks_how_we_handled_what_they_did_by_themselves() -> None:
    appointment = a_clinic().booked(START)
    move(appointment)
    Appointment.objects.update(state=AppointmentState.COMPLETED)
    assert ask_all(now=NEW + hours(3)) == 0


def test_staff_can_offer_times_afterwards_and_nothing_of_it_is_in_the_way() -> None:
    world = a_clinic()
    appointment = world.booked(START)
    move(appointment)
    moved = Appointment.objects.get()
    round_ = world.offered(moved, now=NOW + minutes(10))
    assert round_.round == 2
    assert set(Occupancy.objects.filter(request__isnull=False).values_list("request", flat=True)) == {round_.pk}
    invariants.check(NOW + minutes(10))


def test_the_nearest_time_that_is_shown_can_be_had() -> None:
    appointment = a_clinic().booked(START)
    first = nearest(appointment, now=NOW)[0].slot
    choice.move(appointment, first.when_and_whom, seen=0, nonce="tap", now=NOW)
    assert Appointment.objects.get().starts_at == first.starts_at
