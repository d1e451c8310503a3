"""Several appointments of one customer are moved at once, and one message speaks of all of them."""

import itertools
from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.messages import sent
from appointments.domain.moving import answers, chasing, rounds
from appointments.enums import RequestState
from appointments.errors import DomainError
from appointments.models import Appointment, Link, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, letters_have_left

pytestmark = pytest.mark.django_db


def together(melati: Clinic, *appointments: Appointment, now: datetime = NOW, **drafts: Any) -> list[RescheduleRequest]:
    moves = [(one, melati.draft(one, now=now, guaranteed=False, **drafts)) for one in appointments]
    return rounds.open_together(moves, by=actors.staff(melati.staff), now=now)


@pytest.fixture
def two(melati: Clinic) -> list[RescheduleRequest]:
    return together(melati, melati.booked("2026-11-25 14:00"), melati.booked("2026-11-24 10:00"))


def test_one_message_speaks_of_both_the_soonest_first(two: list[RescheduleRequest]) -> None:
    late, soon = two
    message = Message.objects.get()
    late.refresh_from_db()

    assert (message.key, message.true_if["request"]) == (f"offer:request:{soon.pk}", soon.pk)
    assert late.told_with == soon
    [beside] = message.context["besides"]
    assert (beside["request"], len(beside["offers"])) == (late.pk, 3)
    assert beside["page_url"].endswith(f"/r/[[link_{late.pk}]]/")
    assert {offer["url"].split("?")[0] for offer in beside["offers"]} == {beside["page_url"]}


def test_each_has_a_link_of_its_own(two: list[RescheduleRequest]) -> None:
    message = Message.objects.get()
    assert set(message.secrets) == {"link", f"link_{two[0].pk}"}
    assert {link.appointment for link in Link.objects.all()} == {one.appointment for one in two}


def test_the_message_is_found_with_either_of_them(two: list[RescheduleRequest]) -> None:
    message = Message.objects.get()
    for one in RescheduleRequest.objects.all():
        assert sent.openings([one]) == {one.pk: message}
        assert sent.has_left(one)
        assert sent.about(one.appointment, newest=5) == [message]
        assert sent.positions_told(one) == {1, 2, 3}


def test_once_it_has_left_both_are_told(two: list[RescheduleRequest]) -> None:
    assert not any(sent.has_told_of_a_move(one.appointment) for one in two)
    letters_have_left()
    assert all(sent.has_told_of_a_move(one.appointment) for one in two)


@pytest.mark.parametrize("first", [0, 1])
def test_when_one_is_taken_back_unsent_the_other_is_told_by_itself(two: list[RescheduleRequest], first: int) -> None:
    gone, left = (RescheduleRequest.objects.get(pk=two[place].pk) for place in (first, 1 - first))

    rounds.undo(gone, by=actors.staff(gone.contact), now=NOW + minutes(0.1))

    left.refresh_from_db()
    waiting = Message.objects.get(state="queued")
    assert (waiting.key, waiting.context["besides"]) == (f"offer:request:{left.pk}:again", [])
    assert (left.told_with, left.state, sent.has_left(left)) == (None, RequestState.OPEN, True)


def test_of_three_the_other_two_stay_together(melati: Clinic) -> None:
    first, second, third = together(
        melati, *(melati.booked(f"2026-11-24 {hour}:00") for hour in (10, 11, 12)), respond_by=at("2026-11-23 12:00")
    )
    rounds.undo(first, by=actors.staff(melati.staff), now=NOW + minutes(0.1))

    waiting = Message.objects.get(state="queued")
    assert (waiting.true_if["request"], [one["request"] for one in waiting.context["besides"]]) == (
        second.pk,
        [third.pk],
    )


@pytest.mark.parametrize("goes", list(itertools.permutations(range(3), 2)))
def test_whoever_is_left_of_three_is_told_however_the_others_went(melati: Clinic, goes: tuple[int, int]) -> None:
    three = together(melati, *(melati.booked(f"2026-11-24 {hour}:00") for hour in (10, 11, 12)))
    for seconds, place in enumerate(goes):
        gone = RescheduleRequest.objects.get(pk=three[place].pk)
        assert rounds.undo(gone, by=actors.staff(melati.staff), now=NOW + minutes(seconds / 60))

    left = RescheduleRequest.objects.live().get()
    waiting = Message.objects.get(state="queued")
    assert (waiting.true_if["request"], waiting.context["besides"]) == (left.pk, [])
    assert (sent.has_left(left), sent.openings([left])) == (True, {left.pk: waiting})


def test_a_round_that_stands_once_more_is_told_as_often_as_it_does(melati: Clinic) -> None:
    first = melati.offered()
    for seconds in (2, 4, 6):
        at_once = NOW + minutes(seconds / 60)
        newer = melati.offered(first.appointment, now=at_once)
        assert rounds.undo(newer, by=actors.staff(melati.staff), now=at_once)
        assert Message.objects.get(state="queued").true_if["request"] == first.pk


def test_what_ends_after_it_has_left_writes_nothing_anew(two: list[RescheduleRequest]) -> None:
    letters_have_left()
    rounds.withdraw(two[1], by=actors.staff(two[1].contact), now=NOW + minutes(30))
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["kept", "offer"]


def test_what_there_are_times_for_speaks_first(melati: Clinic) -> None:
    soon, late = melati.booked("2026-11-24 10:00"), melati.booked("2026-11-25 10:00")
    moves = [(soon, melati.draft(soon, count=0, without_times=True)), (late, melati.draft(late, guaranteed=False))]
    rounds.open_together(moves, by=actors.staff(melati.staff), now=NOW)

    message = Message.objects.get()
    [beside] = message.context["besides"]
    assert (message.kind, message.true_if["request"]) == ("offer", late.requests.get().pk)
    assert (beside["offers"], beside["request"]) == ([], soon.requests.get().pk)


def test_where_nothing_is_to_be_had_for_any_that_is_said(melati: Clinic) -> None:
    together(melati, melati.booked("2026-11-24 10:00"), melati.booked("2026-11-25 10:00"), count=0, without_times=True)
    message = Message.objects.get()
    assert (message.kind, len(message.context["besides"])) == ("no_time", 1)


def test_the_same_forms_again_are_the_same_rounds(melati: Clinic) -> None:
    appointment = melati.booked()
    first = together(melati, appointment, nonce="plan:1")
    assert together(melati, appointment, nonce="plan:1") == first
    assert Message.objects.count() == 1


def test_all_of_them_or_none(melati: Clinic) -> None:
    fine, over = melati.booked("2026-11-24 10:00"), melati.booked("2026-11-24 12:00", state="cancelled")
    moves = [(fine, melati.draft(fine)), (over, melati.draft(fine))]
    with pytest.raises(DomainError):
        rounds.open_together(moves, by=actors.staff(melati.staff), now=NOW)
    assert (RescheduleRequest.objects.count(), Message.objects.count()) == (0, 0)


def test_a_reminder_speaks_of_what_is_still_open(two: list[RescheduleRequest]) -> None:
    letters_have_left()
    lead = RescheduleRequest.objects.get(pk=two[1].pk)
    chasing.nudge(lead, turn=1, now=NOW + minutes(60))
    assert [one["request"] for one in Message.objects.get(kind="nudge").context["besides"]] == [two[0].pk]


def test_what_was_chosen_is_not_spoken_of_again(two: list[RescheduleRequest]) -> None:
    letters_have_left()
    answers.accept(two[0].offers.all()[0], nonce="tap", now=NOW + minutes(30))
    chasing.nudge(RescheduleRequest.objects.get(pk=two[1].pk), turn=1, now=NOW + minutes(60))
    assert Message.objects.get(kind="nudge").context["besides"] == []


def test_a_colleague_tells_it_where_nothing_is_to_be_written(melati: Clinic) -> None:
    together(melati, melati.booked(), by_phone=True)
    message = Message.objects.get()
    assert (message.channel, message.channels) == ("call", ["call"])


def test_one_reminder_speaks_of_both_until_the_first_is_answered(two: list[RescheduleRequest]) -> None:
    letters_have_left()
    half_way = NOW + minutes(90)
    assert chasing.chase_answers(now=half_way) == 1
    assert [one["request"] for one in Message.objects.get(kind="nudge").context["besides"]] == [two[0].pk]

    answers.accept(two[1].offers.all()[0], nonce="tap", now=half_way)
    assert chasing.chase_answers(now=half_way) == 1
    assert Message.objects.filter(kind="nudge", true_if__request=two[0].pk).count() == 1
