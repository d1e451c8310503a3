"""The live board: each customer in one column, with what is true of them and the one thing to do next."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import board
from appointments.domain.disruptions.board import Card, Column
from appointments.domain.moving import answers, chasing, rounds, undelivered
from appointments.domain.moving.phone import calls
from appointments.domain.moving.phone.calls import Call
from appointments.domain.schedule.slots import Wishes
from appointments.enums import CallOutcome, PromiseKind
from appointments.models import Appointment, Disruption, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, ServiceFactory, letters_have_left
from tests.factories.hits import closed_down, many_hit

TUESDAY = "2026-11-24 10:00"


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    return melati.booked(TUESDAY)


@pytest.fixture
def disruption(melati: Clinic, booked: Appointment) -> Disruption:
    return closed_down(melati)


@pytest.fixture
def told(melati: Clinic, booked: Appointment, disruption: Disruption) -> RescheduleRequest:
    """Offered three times; the message has left, and nobody has said that it arrived."""
    round_ = melati.offered(booked, disruption=disruption)
    letters_have_left()
    return round_


def card_of(disruption: Disruption, *, now: datetime = NOW) -> Card:
    """The only one. In every story here the head of all pages counts as untold what the board does."""
    (card,) = [card for cards in board.of(disruption, now=now).columns.values() for card in cards]
    assert affected.untold().filter(disruption=disruption).count() == (card.column == Column.UNTOLD)
    return card


def shown(disruption: Disruption, *, now: datetime = NOW) -> tuple[Column, str, bool]:
    """Where the only card stands, what is to be done, and whether there is an hour by which it has to be known."""
    card = card_of(disruption, now=now)
    return card.column, card.step, card.know_by is not None


def test_who_knows_nothing_is_to_be_told_before_it_is_too_late(melati: Clinic, disruption: Disruption) -> None:
    card = card_of(disruption)
    assert shown(disruption) == (Column.UNTOLD, "propose", True)
    assert (card.know_by, melati.service.lead_minutes) == (at("2026-11-24 08:00"), 120)
    assert (card.has_time, card.round_, card.message, card.promise) == (False, None, None, None)
    assert not card.is_late(at("2026-11-24 08:00"))
    assert card.is_late(at("2026-11-24 08:01"))


def test_who_was_told_may_not_know_until_there_is_proof(disruption: Disruption, told: RescheduleRequest) -> None:
    assert shown(disruption) == (Column.TOLD, "", True)
    Message.objects.update(state="delivered")
    assert shown(disruption) == (Column.TOLD, "", False)
    card = card_of(disruption)
    assert (card.open_times, card.round_, card.has_time) == (3, told, False)


def test_what_begins_cannot_be_chosen_any_more(disruption: Disruption, told: RescheduleRequest) -> None:
    first = min(offer.starts_at for offer in told.offers.all())
    assert card_of(disruption, now=first - minutes(1)).open_times == 3
    assert card_of(disruption, now=first).open_times == 2


def test_what_has_not_left_yet_is_on_its_way(melati: Clinic, booked: Appointment, disruption: Disruption) -> None:
    melati.offered(booked, disruption=disruption)
    assert shown(disruption) == (Column.TOLD, "", True)


def test_an_hour_before_it_is_too_late_nobody_waits_any_more(disruption: Disruption, told: RescheduleRequest) -> None:
    assert shown(disruption, now=at("2026-11-24 06:59")) == (Column.TOLD, "", True)
    assert shown(disruption, now=at("2026-11-24 07:00")) == (Column.TOLD, "call", True)
    Message.objects.update(state="delivered")
    assert shown(disruption, now=at("2026-11-24 07:00")) == (Column.TOLD, "", False)


def test_who_has_opened_the_page_knows(disruption: Disruption, told: RescheduleRequest) -> None:
    RescheduleRequest.objects.update(seen_at=NOW)
    assert shown(disruption) == (Column.OPENED, "", False)


def test_who_picks_has_a_new_time(booked: Appointment, disruption: Disruption, told: RescheduleRequest) -> None:
    offer = told.offers.get(position=1)
    answers.accept(offer, nonce="p", now=NOW + minutes(5))
    card = card_of(disruption)
    assert shown(disruption) == (Column.PICKED, "", False)
    assert (card.has_time, card.is_moved, card.was.start) == (True, True, at(TUESDAY))
    assert card.appointment.starts_at == offer.starts_at


def test_who_is_moved_again_for_another_reason_has_still_picked_here(
    melati: Clinic, booked: Appointment, disruption: Disruption, told: RescheduleRequest
) -> None:
    answers.accept(told.offers.get(position=1), nonce="p", now=NOW + minutes(5))
    booked.refresh_from_db()
    melati.told(booked, now=NOW + hours(1))
    assert shown(disruption, now=NOW + hours(1)) == (Column.PICKED, "", False)


def test_for_whom_nothing_fits_somebody_looks_for_other_times(
    disruption: Disruption, told: RescheduleRequest, melati: Clinic
) -> None:
    nowhere = Wishes(from_day=at("2027-06-01 00:00").date())
    answers.ask_other_times(told, wishes=nowhere, nonce="w", now=NOW + minutes(5))
    assert shown(disruption) == (Column.WISHES, "propose", False)


def test_who_was_told_without_times_needs_some(melati: Clinic, booked: Appointment, disruption: Disruption) -> None:
    melati.told(booked, disruption=disruption)
    letters_have_left()
    assert shown(disruption) == (Column.WISHES, "propose", True)
    assert card_of(disruption).open_times == 0


def test_new_times_to_choose_are_news_again(disruption: Disruption, told: RescheduleRequest) -> None:
    """A wish that was met makes another round; that its customer has answered before is the proof."""
    answers.ask_other_times(told, wishes=Wishes(parts=frozenset({"afternoon"})), nonce="w", now=NOW + minutes(5))
    assert shown(disruption) == (Column.TOLD, "", False)
    assert card_of(disruption).round_ == told.appointment.requests.latest("round") != told


def test_who_wants_to_be_phoned_or_stays_silent_is_phoned(disruption: Disruption, told: RescheduleRequest) -> None:
    late = told.respond_by
    chasing.expire(told, now=late)
    assert shown(disruption, now=late) == (Column.CALL, "call", True)
    answers.call_me(told, nonce="c", now=late)
    assert shown(disruption, now=late) == (Column.CALL, "call", False)
    assert getattr(card_of(disruption, now=late).promise, "kind", None) == PromiseKind.CALL


def test_a_call_comes_before_a_search_for_times(disruption: Disruption, told: RescheduleRequest) -> None:
    answers.ask_other_times(told, wishes=Wishes(from_day=at("2027-06-01 00:00").date()), nonce="w", now=NOW)
    answers.call_me(told, nonce="c", now=NOW + minutes(5))
    Promise.objects.filter(kind=PromiseKind.CALL).update(due_at=NOW + days(3))
    assert shown(disruption) == (Column.CALL, "call", False)


def test_who_writes_to_us_gets_an_answer(disruption: Disruption, told: RescheduleRequest) -> None:
    answers.tell(told, words="May I bring my son?", nonce="t", now=NOW + minutes(5))
    assert shown(disruption)[:2] == (Column.CALL, "answer")


def test_who_cancels_has_ended_it(disruption: Disruption, told: RescheduleRequest) -> None:
    answers.cancel(told, nonce="x", now=NOW + minutes(5))
    assert shown(disruption) == (Column.ENDED, "", False)
    assert not card_of(disruption).has_time


def test_what_takes_place_after_all_is_closed(melati: Clinic, booked: Appointment, disruption: Disruption) -> None:
    affected.keep(booked, by=actors.staff(melati.staff), now=NOW)
    card = card_of(disruption)
    assert shown(disruption) == (Column.CLOSED, "", False)
    assert (card.has_time, card.is_moved) == (True, False)


def test_what_a_colleague_moved_by_hand_is_closed_with_its_new_time(
    melati: Clinic, booked: Appointment, disruption: Disruption
) -> None:
    slot = melati.draft(booked).offers[0].slot
    booking.move(booked, to=slot, by=actors.staff(melati.staff), now=NOW)
    card = card_of(disruption)
    assert shown(disruption) == (Column.CLOSED, "", False)
    assert (card.is_moved, card.was.start) == (True, at(TUESDAY))


@pytest.mark.parametrize("state", ["failed", "parked", "bounced", "dropped", "cancelled"])
def test_what_did_not_arrive_told_nobody(disruption: Disruption, told: RescheduleRequest, state: str) -> None:
    Message.objects.update(state=state, sent_at=NOW if state == "bounced" else None)
    assert shown(disruption) == (Column.UNTOLD, "call", True)


def test_a_call_that_nobody_has_made_told_nobody(
    disruption: Disruption, told: RescheduleRequest, melati: Clinic
) -> None:
    Message.objects.update(channel="call")
    undelivered.phone_as_preferred(
        {"appointment": told.appointment_id, "request": told.pk}, kind="offer", script="", now=NOW
    )
    assert shown(disruption) == (Column.UNTOLD, "call", True)
    promise = Promise.objects.get(kind=PromiseKind.CALL)
    calls.record_call(promise, Call(CallOutcome.NO_ANSWER), nonce="1", by=melati.staff, now=NOW + minutes(5))
    assert shown(disruption) == (Column.UNTOLD, "call", True)
    calls.record_call(promise, Call(CallOutcome.SETTLED), nonce="2", by=melati.staff, now=NOW + minutes(9))
    assert shown(disruption) == (Column.TOLD, "", False)


def test_another_way_stands_for_the_one_that_failed(disruption: Disruption, told: RescheduleRequest) -> None:
    first = Message.objects.get(kind="offer")
    Message.objects.update(state="bounced")
    Message.objects.create(
        key=f"{first.key}:again:1", kind="offer", about=first.about, channel="sms", state="sent", sent_at=NOW,
        created_at=NOW, due_at=NOW,
    )  # fmt: skip
    assert shown(disruption) == (Column.TOLD, "", True)
    assert getattr(card_of(disruption).message, "way", None) == "text message"


def test_who_knows_and_whom_nobody_moves_any_more_needs_other_times(
    disruption: Disruption, told: RescheduleRequest
) -> None:
    RescheduleRequest.objects.update(state="replaced", closed_at=NOW + hours(1), seen_at=NOW)
    assert shown(disruption) == (Column.WISHES, "propose", False)


def test_what_was_taken_back_before_it_left_told_nobody(
    melati: Clinic, booked: Appointment, disruption: Disruption
) -> None:
    rounds.undo(melati.offered(booked, disruption=disruption), by=actors.staff(melati.staff), now=NOW)
    assert shown(disruption) == (Column.UNTOLD, "propose", True)


def test_who_has_to_know_soonest_stands_first_and_the_head_counts(melati: Clinic, booked: Appointment) -> None:
    late = melati.booked("2026-11-24 12:00", customer=CustomerFactory())
    far = ServiceFactory(lead_minutes=240)
    long_way = melati.booked("2026-11-24 13:00", customer=CustomerFactory(), service=far)
    kept = melati.booked("2026-11-24 15:00", customer=CustomerFactory())
    disruption = closed_down(melati)
    affected.keep(kept, by=actors.SYSTEM, now=NOW)
    found = board.of(disruption, now=NOW)
    assert [card.appointment for card in found.columns[Column.UNTOLD]] == [booked, long_way, late]
    assert (found.total, found.with_time, found.untold) == (4, 1, 3)


def test_whom_we_moved_before_is_marked_and_this_move_is_not_before(melati: Clinic, booked: Appointment) -> None:
    earlier = melati.offered(melati.booked("2026-11-27 10:00"), now=NOW - days(2))
    answers.accept(earlier.offers.get(position=1), nonce="p", now=NOW - days(2) + minutes(1))
    disruption = closed_down(melati)
    melati.offered(booked, disruption=disruption)
    assert card_of(disruption).moves == 1


@pytest.mark.parametrize("many", [1, 30, 400])
def test_however_many_there_are_it_takes_as_many_queries(melati: Clinic, many: int) -> None:
    disruption = many_hit(melati, many)
    with CaptureQueriesContext(connection) as asked:
        found = board.of(disruption, now=NOW)
        said: list[Any] = [
            (str(card.appointment), str(card.promise and card.promise.owner), card.round_ and card.round_.case_number)
            for card in found.columns[Column.TOLD]
        ]
    assert (len(said), len(asked)) == (many, 8)


def test_a_long_column_is_shown_in_part_and_an_opened_one_as_far_as_anybody_reads(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "FEW", 2)
    monkeypatch.setattr(board, "MANY", 3)
    disruption = many_hit(melati, 4)

    def told(opened: str) -> tuple[int, int, int, bool]:
        found = board.of(disruption, now=NOW, opened=opened)
        stack = next(one for one in found.stacks if one.column == Column.TOLD)
        assert [*stack.cards] == [*found.columns[Column.TOLD]][: len(stack.cards)]
        return len(stack.cards), stack.more, stack.total, stack.is_open

    assert [told(opened) for opened in ("", "picked", "told")] == [
        (2, 2, 4, False), (2, 2, 4, False), (3, 1, 4, True),
    ]  # fmt: skip


def test_who_is_being_asked_already_is_told_and_whose_later_hour_stands_is_not(
    melati: Clinic, booked: Appointment
) -> None:
    """What hits somebody after their message left: only a question that is open tells them that it has to move."""
    round_ = melati.offered(booked)
    letters_have_left()
    disruption = closed_down(melati, now=NOW + hours(1))
    assert shown(disruption, now=NOW + hours(1))[0] == Column.TOLD
    RescheduleRequest.objects.filter(pk=round_.pk).update(stands_by_itself=True)
    assert shown(disruption, now=NOW + hours(1))[0] == Column.UNTOLD
