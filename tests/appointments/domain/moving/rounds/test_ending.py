"""The end of a round: undone, taken back, answered, replaced."""

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers, rounds
from appointments.domain.moving.cancelling import call_off
from appointments.enums import (
    EventKind,
    OfferState,
    PromiseKind,
    PromiseState,
    ReasonAbout,
    ReasonSpan,
    RequestState,
)
from appointments.errors import MoveRefused, RoundOver
from appointments.models import Disruption, Occupancy, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, ReasonFactory, letters_have_left

pytestmark = pytest.mark.django_db


def test_undo_leaves_no_trace_with_the_customer(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW + minutes(0.1)) is True
    round_.refresh_from_db()
    assert round_.state == RequestState.WITHDRAWN
    assert Message.objects.get().state == "cancelled"
    assert Promise.objects.open().count() == 0
    assert Occupancy.objects.filter(request=round_).count() == 0


def test_after_the_window_the_customer_is_told_that_the_time_stands(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    letters_have_left()
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW + hours(1)) is False
    assert rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW + hours(1)) is True
    assert Message.objects.get(kind="kept").context["withdrawn"] is True


def test_after_the_window_nobody_is_told_who_knew_nothing_of_it(melati: Clinic) -> None:
    """At night, say: what was to be sent in the morning stays here, and nothing comes in its place."""
    round_, by = melati.offered(melati.booked()), actors.staff(melati.staff)
    later = NOW + hours(1)
    assert rounds.why_not_undone(round_, now=later) == (
        "The time to undo is over. You can still take it back: the customer has not been told anything yet."
    )
    assert rounds.withdraw(round_, by=by, now=later) is False
    assert list(Message.objects.values_list("kind", "state")) == [("offer", "cancelled")]
    assert not RescheduleRequest.objects.told().exists()
    assert rounds.undo(round_, by=by, now=later) is True


def test_who_read_of_an_earlier_round_is_told_when_the_next_one_is_taken_back_unsent(melati: Clinic) -> None:
    first, by = melati.offered(melati.booked()), actors.staff(melati.staff)
    letters_have_left()
    second = melati.offered(first.appointment, now=NOW + hours(1))
    assert rounds.withdraw(second, by=by, now=NOW + hours(2)) is True
    assert Message.objects.filter(kind="kept", state="queued").count() == 1


def undo(melati: Clinic, round_: RescheduleRequest, *, seconds: float) -> bool:
    return rounds.undo(round_, by=actors.staff(melati.staff), now=NOW + minutes(seconds / 60))


def test_an_offer_can_be_taken_back_for_twenty_seconds_and_twice_is_once(melati: Clinic) -> None:
    round_ = melati.offered()
    assert undo(melati, round_, seconds=20) is False
    assert [undo(melati, round_, seconds=19), undo(melati, round_, seconds=30)] == [True, True]
    assert round_.appointment.events.filter(kind=EventKind.WITHDRAWN).count() == 1
    assert set(round_.offers.values_list("state", flat=True)) == {OfferState.WITHDRAWN}


def test_what_has_left_cannot_be_taken_back(melati: Clinic) -> None:
    round_ = melati.offered()
    Message.objects.update(state="sent", sent_at=NOW, secrets={}, mime=None)
    assert undo(melati, round_, seconds=1) is False
    round_.refresh_from_db()
    assert round_.state == RequestState.OPEN


def test_undoing_again_what_the_customer_was_told_of_is_not_undone(melati: Clinic) -> None:
    round_ = melati.offered()
    letters_have_left()
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=round_.undo_until)
    assert undo(melati, round_, seconds=60) is False
    told = "It was taken back already, and the customer is told that the original time stands."
    assert rounds.why_not_undone(round_, now=NOW + minutes(1)) == told


def test_undoing_again_what_ended_with_a_cancellation_of_ours_is_not_undone(melati: Clinic) -> None:
    round_ = melati.offered()
    call_off(round_.appointment, because=melati.reason, note="", by=actors.staff(melati.staff), now=NOW)
    assert undo(melati, round_, seconds=1) is False
    assert rounds.why_not_undone(round_, now=NOW) == "The proposal has ended: taken back by us."


@pytest.mark.parametrize(
    ("now", "sent", "said"),
    [
        (
            "2026-11-23 09:01",
            False,
            "The time to undo is over. You can still take it back: the customer has not been told anything yet.",
        ),
        ("2026-11-23 09:01", True, "The message has left already. You can still take it back and tell the customer."),
        ("2026-11-24 09:59", True, "The message has left already. You can still take it back and tell the customer."),
        ("2026-11-24 10:00", True, "The message has left already."),
        ("2026-11-24 10:00", False, "The time to undo is over."),
    ],
)
def test_what_is_too_late_to_undo_says_what_can_still_be_done(melati: Clinic, now: str, sent: bool, said: str) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 10:00"))
    if sent:
        Message.objects.update(state="sent", sent_at=NOW, secrets={}, mime=None)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=at(now)) is False
    assert rounds.why_not_undone(round_, now=at(now)) == said


def test_what_the_customer_has_answered_cannot_be_undone_and_says_so(melati: Clinic) -> None:
    asked = melati.offered()
    answers.call_me(asked, nonce="c", now=NOW)
    assert undo(melati, asked, seconds=1) is False
    assert rounds.why_not_undone(asked, now=NOW) == "The customer has answered already."
    chosen = melati.offered(melati.booked("2026-11-27 16:00", customer=CustomerFactory()))
    answers.accept(chosen.offers.get(position=1), nonce="a", now=NOW)
    assert undo(melati, chosen, seconds=1) is False
    assert rounds.why_not_undone(chosen, now=NOW) == "The proposal has ended: new time chosen."


def test_undoing_opens_only_what_this_round_had_replaced(melati: Clinic) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=NOW + minutes(1))
    third = melati.offered(first.appointment, now=NOW + minutes(2))
    assert rounds.undo(third, by=actors.staff(melati.staff), now=NOW + minutes(2.1))
    states = list(RescheduleRequest.objects.order_by("round").values_list("state", flat=True))
    assert states == [RequestState.REPLACED, RequestState.OPEN, RequestState.WITHDRAWN]
    second.refresh_from_db()
    assert second.closed_at is None


@pytest.mark.parametrize(("now", "possible"), [("2026-11-24 09:59", True), ("2026-11-24 10:00", False)])
def test_offers_are_withdrawn_only_while_the_original_time_lies_ahead(melati: Clinic, now: str, possible: bool) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 10:00"))
    by = actors.staff(melati.staff)
    if not possible:
        with pytest.raises(MoveRefused, match="has passed"):
            rounds.withdraw(round_, by=by, now=at(now))
        return
    rounds.withdraw(round_, by=by, now=at(now))
    with pytest.raises(RoundOver):
        rounds.withdraw(round_, by=by, now=at(now))


def test_the_end_of_a_round_leaves_what_is_gone_gone_and_the_first_answer_the_first(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.offers.filter(position=1).update(state=OfferState.GONE)
    answers.call_me(round_, nonce="c", now=NOW + minutes(5))
    answers.cancel(round_, nonce="x", now=NOW + minutes(9))
    round_.refresh_from_db()
    assert (round_.answered_at, round_.closed_at) == (NOW + minutes(5), NOW + minutes(9))
    assert list(round_.offers.order_by("position").values_list("state", flat=True)) == ["gone", "lapsed", "lapsed"]
    assert set(round_.promises.values_list("state", flat=True)) == {PromiseState.RELEASED}


def test_an_answer_that_is_owed_outlives_the_round(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.tell(round_, words="Hello", nonce="t", now=NOW)
    answers.cancel(round_, nonce="x", now=NOW)
    assert [one.kind for one in Promise.objects.open()] == [PromiseKind.REPLY]


def test_undoing_leaves_alone_what_ended_otherwise_in_the_same_moment(melati: Clinic) -> None:
    first = melati.offered(can_keep=True)
    answers.keep(first, nonce="k", now=NOW + minutes(1))
    second = melati.offered(first.appointment, now=NOW + minutes(1))
    assert rounds.undo(second, by=actors.staff(melati.staff), now=NOW + minutes(1.1))
    first.refresh_from_db()
    assert first.state == RequestState.KEPT


def test_an_undo_takes_back_what_was_said_of_this_appointment_only(melati: Clinic) -> None:
    by = actors.staff(melati.staff)
    itself = melati.offered(reason=ReasonFactory(about=ReasonAbout.APPOINTMENT))
    place = melati.offered(
        melati.booked("2026-12-08 15:00", customer=CustomerFactory()),
        reason=ReasonFactory(about=ReasonAbout.PLACE, lasts=ReasonSpan.DAY),
    )
    wish = melati.offered(
        melati.booked("2026-12-10 15:00", customer=CustomerFactory()), reason=ReasonFactory(family="customer")
    )
    assert [rounds.undo(one, by=by, now=NOW) for one in (itself, place, wish)] == [True, True, True]
    ended = [Disruption.objects.get(requests=one).ended_at for one in (itself, place)]
    assert ended == [NOW, None]
