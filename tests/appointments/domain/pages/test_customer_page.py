"""How things stand for the customer."""

from datetime import datetime

import pytest

from appointments.domain import actors, booking, promises
from appointments.domain.moving import answers, chasing, rounds
from appointments.domain.pages.customer_page import CustomerState, customer_situation, in_words
from appointments.enums import PromiseKind
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, StaffFactory

pytestmark = pytest.mark.django_db


def test_the_page_names_who_has_taken_over(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    successor = StaffFactory(first_name="Zoe", last_name="Wibowo")
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    promises.hand_over(owed, to=successor, by=actors.staff(melati.staff), now=NOW)
    situation = customer_situation(round_.appointment, now=NOW)
    assert in_words(situation, language="en", now=NOW)["contact"] == "Zoe Wibowo"


SECOND = minutes(1) / 60


def state(appointment: Appointment, *, now: datetime = NOW) -> CustomerState:
    return customer_situation(Appointment.objects.get(pk=appointment.pk), now=now).state


def says(round_: RescheduleRequest, what: str, *, now: datetime) -> bool:
    situation = customer_situation(Appointment.objects.get(pk=round_.appointment_id), now=now)
    return bool(in_words(situation, language="en", now=now)[what])


def test_there_is_something_to_choose_until_the_hour_to_answer_and_then_we_are_asked(melati: Clinic) -> None:
    round_ = melati.offered()
    assert state(round_.appointment, now=round_.respond_by - SECOND) == CustomerState.CHOOSE
    assert state(round_.appointment, now=round_.respond_by) == CustomerState.WITH_US


def test_whoever_asked_to_be_called_waits_for_us_though_times_are_left(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    assert state(round_.appointment) == CustomerState.WITH_US


def test_without_a_time_that_is_left_it_is_our_turn(melati: Clinic) -> None:
    round_ = melati.offered()
    Offer.objects.update(state="gone")
    assert state(round_.appointment) == CustomerState.WITH_US


def test_the_page_says_when_a_time_is_kept_for_less_than_there_is_to_answer(melati: Clinic) -> None:
    round_ = melati.offered()
    first = round_.offers.get(position=1)
    first.kept_until = NOW + minutes(15)
    first.save()
    assert says(round_, "some_shorter", now=first.kept_until - SECOND)
    assert not says(round_, "some_shorter", now=first.kept_until)


def test_the_original_time_can_be_kept_until_it_begins_where_we_said_so(melati: Clinic) -> None:
    round_, other = melati.offered(can_keep=True), melati.offered(melati.booked("2026-12-01 15:00"))
    begins = round_.was_starts_at
    assert says(round_, "can_keep", now=begins - SECOND)
    assert not says(round_, "can_keep", now=begins)
    assert not says(other, "can_keep", now=NOW)


def test_only_what_was_chosen_is_called_the_new_time(melati: Clinic) -> None:
    chosen, kept = melati.offered(), melati.offered(melati.booked("2026-12-01 15:00"), can_keep=True)
    answers.accept(chosen.offers.get(position=1), nonce="a", now=NOW)
    answers.keep(kept, nonce="k", now=NOW)
    assert state(chosen.appointment) == CustomerState.BOOKED
    assert state(kept.appointment) == CustomerState.STANDS
    taken = chosen.offers.get(state="taken")
    assert state(chosen.appointment, now=taken.ends_at) == CustomerState.OVER
    booking.cancel(kept.appointment, by=actors.SYSTEM, now=NOW)
    assert state(kept.appointment) == CustomerState.CANCELLED


def test_the_page_speaks_of_silence_only_when_it_has_come_to_that(melati: Clinic) -> None:
    round_ = melati.offered()
    assert customer_situation(round_.appointment, now=NOW).promises == ()
    chasing.chase_answers(now=round_.respond_by)
    (owed,) = customer_situation(round_.appointment, now=round_.respond_by).promises
    assert owed.kind == PromiseKind.ANSWER_OR_CALL
    # What an earlier round was owed for its silence is not news of this one.
    by = actors.staff(melati.staff)
    again = melati.offered(round_.appointment, now=round_.respond_by, count=2)
    Promise.objects.filter(pk=owed.pk).update(state="open", settled_at=None)
    assert customer_situation(again.appointment, now=round_.respond_by).promises == ()
    assert rounds.undo(again, by=by, now=round_.respond_by)


def test_the_newest_answer_in_writing_stands_there(melati: Clinic) -> None:
    round_ = melati.offered()
    written = []
    for turn in range(2):
        at = NOW + hours(turn)
        answers.tell(round_, words=f"Question {turn}", nonce=f"t{turn}", now=at)
        promise = Promise.objects.open().get(kind=PromiseKind.REPLY)
        Promise.objects.filter(pk=promise.pk).update(
            state="kept", settled_at=at, reply=f"Answer {turn}", due_at=NOW + hours(9 - turn)
        )
        written.append(promise.pk)
    reply = customer_situation(round_.appointment, now=NOW + hours(2)).reply
    assert reply is not None
    assert reply.pk == written[1]
