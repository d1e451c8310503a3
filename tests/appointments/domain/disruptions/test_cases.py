"""What became of everybody who was hit, each in the way it went."""

from typing import Any

import pytest

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import cases, known
from appointments.domain.disruptions.cases import Became, Case
from appointments.domain.moving import answers, rounds
from appointments.domain.schedule.slots import Slot, Wishes
from appointments.enums import AppointmentState, CallOutcome, PromiseKind
from appointments.models import Appointment, Disruption
from notifications.enums import Channel
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import CallAttemptFactory, Clinic, letters_have_left
from tests.factories.disruptions import booked_in_a_row, provider_away


def case_of(disruption: Disruption, appointment: Appointment) -> Case:
    (found,) = [one for one in cases.of(disruption) if one.row.appointment == appointment]
    return found


def slot(world: Clinic, start: str, *, provider: Any = None) -> Slot:
    who = provider or world.provider
    return Slot(at(start), at(start) + minutes(30), who.pk, (who.pk, world.room.pk))


def test_each_becomes_what_the_facts_say(melati: Clinic) -> None:
    chose, moved, kept, cancelled, choosing, with_us, to_move = booked_in_a_row(melati, 7)
    disruption, staff = provider_away(melati), actors.staff(melati.staff)
    answers.accept(melati.offered(chose).offers.get(position=1), nonce="p", now=NOW)
    booking.move(moved, to=slot(melati, "2026-11-27 16:00"), by=staff, now=NOW)
    affected.keep(kept, by=staff, now=NOW)
    booking.cancel(cancelled, by=staff, now=NOW)
    melati.offered(choosing)
    melati.told(with_us)
    assert [one.became for one in cases.of(disruption)] == [
        Became.CHOSE, Became.MOVED, Became.KEPT, Became.CANCELLED, Became.CHOOSING, Became.WITH_US, Became.TO_MOVE,
    ]  # fmt: skip
    assert case_of(disruption, to_move).known is None


def test_a_time_that_came_without_a_word_is_over(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    Appointment.objects.filter(pk=hit.pk).update(state=AppointmentState.COMPLETED)
    assert case_of(disruption, hit).became == Became.OVER


def test_after_a_false_alarm_all_take_place_but_whoever_chose(melati: Clinic) -> None:
    chose, untold = booked_in_a_row(melati, 2)
    disruption = provider_away(melati)
    answers.accept(melati.offered(chose).offers.get(position=1), nonce="p", now=NOW)
    affected.call_off(disruption, now=NOW)
    assert case_of(disruption, chose).became == Became.CHOSE
    assert case_of(disruption, untold).became == Became.KEPT


def test_asking_for_other_times_is_one_case(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    first = melati.offered(hit)
    letters_have_left(now=NOW + minutes(1))
    answers.ask_other_times(first, wishes=Wishes(), words="", nonce="o", now=NOW + hours(1))
    second = melati.offered(hit, now=NOW + hours(2))
    found = case_of(disruption, hit)
    assert [one.pk for one in found.rounds] == list(hit.requests.order_by("round").values_list("pk", flat=True))
    assert found.rounds[-1].pk == second.pk != first.pk
    assert (found.became, found.took_to_tell) == (Became.CHOOSING, minutes(1))


def test_what_came_before_and_what_came_after_is_another_story(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    rounds.withdraw(melati.offered(hit), by=actors.staff(melati.staff), now=NOW)
    disruption = provider_away(melati, now=NOW + minutes(1))
    own = melati.offered(hit, now=NOW + minutes(2))
    answers.accept(own.offers.get(position=1), nonce="p", now=NOW + minutes(3))
    hit.refresh_from_db()
    melati.offered(hit, now=NOW + minutes(4))
    found = case_of(disruption, hit)
    assert ([one.pk for one in found.rounds], found.became) == ([own.pk], Became.CHOSE)


def test_what_moved_before_it_was_hit_has_still_to_move(melati: Clinic) -> None:
    early, late = booked_in_a_row(melati, 2, since="2026-11-26 08:00")
    booking.move(late, to=slot(melati, "2026-11-24 10:00"), by=actors.SYSTEM, now=NOW)
    disruption = provider_away(melati)
    affected.add(disruption, [early], now=NOW)
    assert [case_of(disruption, one).became for one in (early, late)] == [Became.TO_MOVE, Became.TO_MOVE]


def test_who_was_being_moved_already_goes_on(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    earlier = melati.offered(hit)
    letters_have_left(now=NOW)
    disruption = provider_away(melati, now=NOW + hours(1))
    found = case_of(disruption, hit)
    assert (found.became, [one.pk for one in found.rounds]) == (Became.CHOOSING, [earlier.pk])
    assert found.took_to_tell == hours(0), "they have known for longer than we"


def test_where_the_time_went(melati: Clinic) -> None:
    same, other = booked_in_a_row(melati, 2)
    disruption, staff = provider_away(melati), actors.staff(melati.staff)
    booking.move(same, to=slot(melati, "2026-11-25 08:00"), by=staff, now=NOW + hours(1))
    booking.move(other, to=slot(melati, "2026-11-24 06:30", provider=melati.colleague), by=staff, now=NOW + hours(3))
    found = [case_of(disruption, same), case_of(disruption, other)]
    assert [one.took_to_place for one in found] == [hours(1), hours(3)]
    moves = [one.move for one in found if one.move]
    assert [one.delay for one in moves] == [hours(24), hours(-2)]
    assert [one.has_another_person for one in moves] == [False, True]
    assert [one.was.start for one in found] == [at("2026-11-24 08:00"), at("2026-11-24 08:30")]


def test_in_time_is_up_to_the_hour_that_the_service_names(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1, since="2026-11-23 12:00")
    disruption = provider_away(melati, day="2026-11-23")
    melati.offered(hit, guaranteed=False)
    for left, in_time in ((at("2026-11-23 10:00"), True), (at("2026-11-23 10:01"), False)):
        Message.objects.update(state="sent", sent_at=left, secrets={}, mime=None)
        found = case_of(disruption, hit)
        assert (found.latest_useful, found.is_in_time) == (at("2026-11-23 10:00"), in_time)


def test_calls_are_counted(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    promise = melati.offered(hit).promises.get(kind=PromiseKind.ANSWER_OR_CALL)
    CallAttemptFactory(promise=promise)
    CallAttemptFactory(promise=promise, outcome=CallOutcome.SETTLED, at=NOW + hours(1))
    found = case_of(disruption, hit)
    assert (found.calls, found.known) == (2, known.Known(NOW + hours(1), Channel.CALL))


@pytest.mark.parametrize("count", [1, 17])
def test_many_are_asked_like_one(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    booked = booked_in_a_row(melati, count)
    disruption = provider_away(melati)
    for number, one in enumerate(booked):
        booking.move(
            one, to=slot(melati, f"2026-11-{25 + number // 8} {9 + number % 8:02}:00"), by=actors.SYSTEM, now=NOW
        )
    with django_assert_num_queries(4):
        assert len(cases.of(disruption)) == count
