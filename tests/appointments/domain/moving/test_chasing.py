"""A customer who does not answer is reminded twice and then phoned."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, chasing, offers
from appointments.enums import EventKind, PromiseKind, PromiseState, RequestState
from appointments.models import Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_silence_is_nudged_twice_and_ends_in_a_call(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    kinds = []
    for passed in (60, 65, 100, 105, 121, 125):
        chasing.chase_answers(now=NOW + minutes(passed))
        kinds.append(sorted(Message.objects.exclude(kind="offer").values_list("kind", flat=True)))
    assert kinds == [
        ["nudge"], ["nudge"], ["nudge", "nudge"], ["nudge", "nudge"],
        ["expiry", "nudge", "nudge"], ["expiry", "nudge", "nudge"],
    ]  # fmt: skip
    round_.refresh_from_db()
    assert (round_.state, round_.holds_lapsed) == (RequestState.WITH_US, True)
    assert list(Promise.objects.to_work_on()) == [round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL)]
    assert in_limbo(NOW + minutes(125)).count() == 0
    offer = offers.takeable(round_, now=NOW + minutes(125))[0]
    answers.accept(offer, nonce="late", now=NOW + minutes(126))
    appointment.refresh_from_db()
    assert appointment.starts_at == offer.starts_at
    assert Promise.objects.open().count() == 0


def test_a_worker_that_slept_promises_no_hour_that_has_passed(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-26 10:00"))
    late = NOW + hours(24)
    chasing.chase_answers(now=late)
    owed = Promise.objects.open().get(request=round_, kind=PromiseKind.CALL)
    assert owed.due_at > late
    assert round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL).state == PromiseState.BROKEN
    assert datetime.fromisoformat(str(Message.objects.get(kind="expiry").context["call_by"])) == owed.due_at


def told_since(round_: RescheduleRequest, *passed: int) -> list[list[str]]:
    """What the customer has been told besides the offer, after so many minutes each."""
    found = []
    for minute in passed:
        chasing.chase_answers(now=NOW + minutes(minute))
        found.append(sorted(Message.objects.exclude(kind="offer").values_list("kind", flat=True)))
    return found


def test_reminders_come_at_half_and_at_four_fifths_of_the_time(melati: Clinic) -> None:
    assert told_since(melati.offered(), 59, 60, 95, 96, 119, 120) == [
        [], ["nudge"], ["nudge"], ["nudge", "nudge"], ["nudge", "nudge"], ["expiry", "nudge", "nudge"],
    ]  # fmt: skip


def test_a_worker_that_slept_reminds_nobody_whose_time_is_over(melati: Clinic) -> None:
    assert told_since(melati.offered(), 120) == [["expiry"]]


def test_nobody_is_chased_while_the_offer_can_be_taken_back(melati: Clinic) -> None:
    round_ = melati.offered()
    RescheduleRequest.objects.update(undo_until=NOW + minutes(70))
    assert told_since(round_, 69, 70) == [[], ["nudge"]]


def test_who_has_answered_is_left_in_peace(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    assert told_since(round_, 60, 120) == [["acknowledgement"], ["acknowledgement"]]
    assert chasing.nudge(round_, turn=1, now=NOW + hours(1)) is False
    assert chasing.expire(round_, now=NOW + hours(3)) is False


def test_each_reminder_is_sent_once_however_many_workers_there_are(melati: Clinic) -> None:
    round_ = melati.offered()
    assert [chasing.nudge(round_, turn=turn, now=NOW) for turn in (2, 1, 1, 2, 2)] == [False, True, False, True, False]
    round_.refresh_from_db()
    assert round_.nudges == 2
    assert round_.appointment.events.filter(kind=EventKind.NUDGED).count() == 2


def test_the_time_to_answer_ends_when_it_says_and_once(melati: Clinic) -> None:
    round_ = melati.offered()
    passed = (119, 120, 121)
    assert [chasing.expire(round_, now=NOW + minutes(one)) for one in passed] == [False, True, False]
    round_.refresh_from_db()
    assert (round_.state, round_.expired_at) == (RequestState.WITH_US, NOW + minutes(120))
    assert not round_.holds.exists()


def test_what_stands_already_is_the_call_that_the_customer_is_told_of(melati: Clinic) -> None:
    round_ = melati.offered()
    chasing.expire(round_, now=NOW + hours(2))
    assert not Promise.objects.filter(kind=PromiseKind.CALL).exists()
    told = datetime.fromisoformat(str(Message.objects.get(kind="expiry").context["call_by"]))
    assert told == at("2026-11-23 13:00")


@pytest.mark.parametrize(("late", "broken"), [("2026-11-23 12:59", False), ("2026-11-23 13:00", True)])
def test_a_call_whose_hour_has_come_is_followed_by_one_that_can_be_kept(
    melati: Clinic, late: str, broken: bool
) -> None:
    round_ = melati.offered()
    chasing.expire(round_, now=at(late))
    owed = Promise.objects.open().filter(kind=PromiseKind.CALL).first()
    assert (owed is not None) == broken
    if owed:
        assert owed.due_at == at("2026-11-23 15:00")


def test_without_a_standing_promise_a_call_is_owed(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.promises.filter(kind=PromiseKind.ANSWER_OR_CALL).delete()
    chasing.expire(round_, now=NOW + hours(2))
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert (owed.due_at, owed.owner) == (at("2026-11-23 13:00"), melati.staff)


def test_rounds_that_are_over_cost_nothing(melati: Clinic, django_assert_num_queries: Any) -> None:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    with django_assert_num_queries(2):
        assert chasing.chase_answers(now=NOW + hours(1)) == 0
    with django_assert_num_queries(2):
        assert chasing.chase_answers(now=NOW + hours(3)) == 0


@pytest.mark.parametrize(("passed", "state"), [(119, RequestState.OPEN), (120, RequestState.KEPT)])
def test_a_time_that_stands_by_itself_ends_the_round_when_it_comes(melati: Clinic, passed: int, state: str) -> None:
    round_ = melati.offered()
    RescheduleRequest.objects.update(stands_by_itself=True)
    Promise.objects.all().delete()
    assert told_since(round_, 60, 100, passed) == [[], [], []]
    round_.refresh_from_db()
    assert (round_.state, round_.nudges) == (state, 0)
    assert chasing.let_stand(round_, now=NOW + minutes(130)) is (state == RequestState.OPEN)
