"""A time that stands unless its customer says otherwise: nothing is held, and nobody has to answer."""

from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.disruptions.late.today import RUNNING_LATE
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, chasing, offers, rounds
from appointments.domain.moving.rounds import Later
from appointments.domain.schedule.slots import Wishes, find_alternatives
from appointments.enums import AnswerKind, AppointmentState, EventKind, OfferState, PromiseKind, RequestState
from appointments.errors import MoveRefused
from appointments.models import Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db

AFTERWARDS = NOW + minutes(1)


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


def stands(melati: Clinic, *, others: int = 2, now: Any = NOW, **said: Any) -> RescheduleRequest:
    """Booked for 10:00 and begins at 10:40, as its customer is told."""
    appointment = said.pop("appointment", None) or melati.booked("2026-11-23 10:40")
    found = find_alternatives(appointment, now=now, limit=others, not_before=now + days(1)) if others else []
    later = Later(at("2026-11-23 10:00"), melati.reason, melati.staff, others=found, **said)
    return rounds.open_standing([(appointment, later)], by=actors.staff(melati.staff), now=now)[0]


def kinds() -> list[str]:
    return list(Message.objects.exclude(state="cancelled").order_by("pk").values_list("kind", flat=True))


def test_it_says_what_was_and_ends_when_it_begins(melati: Clinic) -> None:
    round_ = stands(melati, personal_note="Sorry!")
    assert (round_.was_starts_at, round_.was_ends_at) == (at("2026-11-23 10:00"), at("2026-11-23 10:30"))
    assert (round_.respond_by, round_.call_by) == (at("2026-11-23 10:40"), at("2026-11-23 10:40"))
    assert (round_.personal_note, round_.stands) == ("Sorry!", True)
    assert [one.note for one in round_.events.filter(kind=EventKind.OFFERED)] == [melati.reason.label_in("en")]
    assert RUNNING_LATE not in round_.appointment.events.values_list("note", flat=True)


def test_without_other_times_nothing_is_said_to_be_on_offer(melati: Clinic) -> None:
    round_ = stands(melati, others=0)
    assert not round_.events.exists()
    assert in_limbo(AFTERWARDS).count() == 0


def test_an_earlier_one_is_replaced(melati: Clinic) -> None:
    first = stands(melati)
    second = stands(melati, appointment=first.appointment, now=AFTERWARDS)
    first.refresh_from_db()
    assert (first.state, second.round) == (RequestState.REPLACED, 2)
    assert kinds() == ["running_late"]


def test_what_is_composed_is_what_is_sent(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-23 10:00")
    later = Later(appointment.starts_at, melati.reason, melati.staff)
    by = actors.staff(melati.staff)
    round_ = rounds.compose_later(appointment, later, starts_at=at("2026-11-23 10:40"), by=by, now=NOW)
    assert (round_.respond_by, round_.was_starts_at) == (at("2026-11-23 10:40"), appointment.starts_at)
    assert not RescheduleRequest.objects.exists()


def test_it_is_neither_undone_nor_taken_back_alone(melati: Clinic) -> None:
    round_ = stands(melati)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=NOW) is False
    with pytest.raises(MoveRefused, match="has moved to the later hour"):
        rounds.withdraw(round_, by=actors.staff(melati.staff), now=AFTERWARDS)


def test_that_suits_me_ends_it_without_another_message(melati: Clinic) -> None:
    round_ = stands(melati)
    answers.keep(round_, nonce="yes", now=AFTERWARDS)
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.KEPT, AFTERWARDS)
    assert round_.appointment.starts_at == at("2026-11-23 10:40")
    assert "kept" not in kinds()


def test_another_time_is_taken_as_in_any_round(melati: Clinic) -> None:
    round_ = stands(melati)
    offer = round_.offers.all()[0]
    answers.accept(offer, nonce="mine", now=AFTERWARDS)
    round_.appointment.refresh_from_db()
    assert round_.appointment.starts_at == offer.starts_at
    assert kinds() == ["confirmation"]


def test_other_times_are_asked_for_and_the_present_one_can_be_kept(melati: Clinic) -> None:
    round_ = stands(melati)
    answers.ask_other_times(round_, wishes=Wishes(parts=frozenset({"afternoon"})), nonce="other", now=AFTERWARDS)
    newest = round_.appointment.requests.order_by("-round")[0]
    assert (newest.wished, newest.can_keep, newest.stands_by_itself) == (True, True, False)
    answers.keep(newest, nonce="keep", now=AFTERWARDS)
    assert kinds()[-1] == "kept"


def test_cancelling_never_counts_against_the_customer(melati: Clinic) -> None:
    round_ = stands(melati)
    answers.cancel(round_, nonce="no", now=AFTERWARDS)
    assert round_.appointment.__class__.objects.get().state == AppointmentState.CANCELLED
    assert round_.answers.get().kind == AnswerKind.CANCEL


def test_who_wants_to_be_called_is_owed_a_call_and_the_round_waits_for_it(melati: Clinic) -> None:
    round_ = stands(melati)
    answers.call_me(round_, nonce="call", now=AFTERWARDS)
    round_.refresh_from_db()
    assert (round_.state, round_.stands) == (RequestState.WITH_US, False)
    assert Promise.objects.open().get().kind == PromiseKind.CALL
    assert chasing.chase_answers(now=NOW + hours(2)) == 0


def test_it_waits_for_nobody(melati: Clinic) -> None:
    round_ = stands(melati)
    assert list(RescheduleRequest.objects.undecided()) == []
    assert list(RescheduleRequest.objects.live()) == [round_]
    assert offers.is_waiting(round_, now=AFTERWARDS) is False


def test_when_its_other_times_are_gone_nobody_looks_for_more_in_vain(melati: Clinic) -> None:
    round_ = stands(melati)
    type(melati.service).objects.update(horizon_days=1)
    round_.offers.update(starts_at=AFTERWARDS, ends_at=AFTERWARDS + minutes(30))
    offers.strike_out(now=AFTERWARDS)
    round_.refresh_from_db()
    assert (round_.state, Promise.objects.count()) == (RequestState.OPEN, 0)
    assert set(round_.offers.values_list("state", flat=True)) == {OfferState.LAPSED}
