"""Where an appointment stands, and what can be done next."""

from typing import Any

import pytest

from appointments.domain import actors, affected, promises
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import answers, chasing, rounds
from appointments.domain.moving.rounds import Later
from appointments.domain.pages import situation
from appointments.enums import AppointmentState, DisruptionScope, OfferState, PromiseKind
from appointments.models import RescheduleRequest
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def situation_at(melati: Clinic, now: str, **fields: Any) -> situation.Situation:
    appointment = melati.booked("2026-11-24 10:00", **fields)
    return situation.situation_of(appointment, now=at(now))


@pytest.mark.parametrize(
    ("now", "key", "proposes", "missed"),
    [
        ("2026-11-24 09:59", "booked", True, False),
        ("2026-11-24 10:00", "begun", True, True),
        ("2026-11-24 10:29", "begun", True, True),
        ("2026-11-24 10:30", "begun", False, True),
    ],
)
def test_a_booking_begins_and_ends(melati: Clinic, now: str, key: str, proposes: bool, missed: bool) -> None:
    found = situation_at(melati, now)
    assert (found.key, found.can_propose, found.can_be_missed, found.can_cancel) == (key, proposes, missed, True)
    assert (found.can_undo, found.offers, found.owed) == (False, [], None)


@pytest.mark.parametrize(
    ("state", "missed"),
    [(AppointmentState.COMPLETED, True), (AppointmentState.MISSED, False), (AppointmentState.CANCELLED, False)],
)
def test_what_is_over_is_called_by_its_end(melati: Clinic, state: AppointmentState, missed: bool) -> None:
    found = situation_at(melati, "2026-11-24 12:00", state=state)
    assert (found.key, found.can_propose, found.can_cancel, found.can_be_missed) == (state, False, False, missed)
    assert found.word == situation.WORDS[state][0]


def test_a_round_waits_for_the_customer_and_then_for_us(melati: Clinic) -> None:
    round_ = melati.offered()
    found = situation.situation_of(round_.appointment, now=NOW)
    assert (found.key, found.tone, found.owed, found.can_undo) == ("waiting", "held", None, True)
    assert [offer.position for offer in found.offers] == [1, 2, 3]
    assert not situation.situation_of(round_.appointment, now=NOW + minutes(1)).can_undo
    answers.call_me(round_, nonce="c", now=NOW)
    found = situation.situation_of(round_.appointment, now=NOW)
    assert (found.key, found.tone) == ("with_us", "warn")
    assert found.owed
    assert found.owed.kind == PromiseKind.CALL


def test_after_its_time_a_round_that_is_open_can_still_be_moved_and_nobody_missed_it(melati: Clinic) -> None:
    round_ = melati.offered()
    found = situation.situation_of(round_.appointment, now=at("2026-11-25 10:00"))
    assert (found.can_propose, found.can_be_missed) == (True, False)


def test_silence_is_owed_a_call_only_once_it_has_come_to_that(melati: Clinic) -> None:
    round_ = melati.offered()
    assert situation.situation_of(round_.appointment, now=NOW).owed is None
    chasing.chase_answers(now=NOW + hours(2))
    owed = situation.situation_of(round_.appointment, now=NOW + hours(2)).owed
    assert owed
    assert owed.kind == PromiseKind.ANSWER_OR_CALL


def test_the_most_urgent_promise_comes_first(melati: Clinic) -> None:
    round_ = melati.offered()
    promises.owe(PromiseKind.REPLY, round_, owner=melati.staff, until=NOW + hours(2), now=NOW)
    promises.owe(PromiseKind.CALL, round_, owner=melati.staff, until=NOW + hours(1), now=NOW)
    owed = situation.situation_of(round_.appointment, now=NOW).owed
    assert owed
    assert owed.kind == PromiseKind.CALL


def test_only_what_can_be_chosen_is_shown(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.offers.filter(position=2).update(state=OfferState.GONE)
    assert [one.position for one in situation.situation_of(round_.appointment, now=NOW).offers] == [1, 3]


def test_a_situation_costs_two_queries(melati: Clinic, django_assert_num_queries: Any) -> None:
    round_ = melati.offered()
    with django_assert_num_queries(2):
        found = situation.situation_of(round_.appointment, now=NOW)
        assert (found.key, found.owed, found.can_undo) == ("waiting", None, True)


def begins_later(melati: Clinic) -> RescheduleRequest:
    later = Later(at("2026-11-24 09:20"), melati.reason, melati.staff)
    return rounds.open_standing([(melati.booked("2026-11-24 10:00"), later)], by=actors.staff(melati.staff), now=NOW)[0]


@pytest.mark.parametrize(
    ("now", "key", "tone"), [("2026-11-24 09:59", "later", "good"), ("2026-11-24 10:00", "begun", "good")]
)
def test_a_later_hour_stands_until_it_comes(melati: Clinic, now: str, key: str, tone: str) -> None:
    found = situation.situation_of(begins_later(melati).appointment, now=at(now))
    assert (found.key, found.tone) == (key, tone)


def test_a_later_hour_that_cannot_be_kept_has_to_move(melati: Clinic) -> None:
    round_ = begins_later(melati)
    room = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, NOW, None, (melati.room.pk,))
    affected.declare(room, reason=melati.reason, by=actors.staff(melati.staff), now=NOW + minutes(1))
    assert situation.situation_of(round_.appointment, now=NOW + minutes(2)).key == "must_move"
