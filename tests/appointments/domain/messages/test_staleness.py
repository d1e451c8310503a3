"""What was true when it was written and is not any more stays here."""

from datetime import datetime

import pytest

from appointments.domain import actors, promises, watchdog
from appointments.domain.messages import announce, kinds
from appointments.domain.moving import (
    answers,
    chasing,
    rounds,
)
from appointments.enums import (
    AppointmentState,
    PromiseKind,
)
from appointments.models import (
    Appointment,
    Promise,
    RescheduleRequest,
)
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_a_message_of_an_answered_round_is_stale(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    facts = Message.objects.get(kind="offer").true_if
    assert kinds.why_stale("offer", facts, now=NOW) is None
    answers.cancel(round_, nonce="c", now=NOW)
    assert kinds.why_stale("offer", facts, now=NOW) is not None


def test_a_reminder_that_is_sent_again_too_late_stays_here(melati: Clinic) -> None:
    offer = melati.offered(melati.booked()).offers.get(position=1)
    answers.accept(offer, nonce="p", now=NOW)
    confirmation = Message.objects.get(kind="confirmation")
    facts = confirmation.true_if
    assert kinds.why_stale("reminder", facts, now=offer.starts_at - hours(1)) is None
    assert kinds.why_stale("reminder", facts, now=offer.starts_at) is not None


def stale(message: Message, *, now: datetime = NOW) -> bool:
    return kinds.why_stale(message.kind, message.true_if, now=now) is not None


def test_an_acknowledgement_stays_here_once_what_it_promises_is_done(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    message = Message.objects.get(kind="acknowledgement")
    assert not stale(message)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    promises.keep(owed, how="phoned", by=actors.staff(melati.staff), now=NOW)
    assert stale(message)


def test_an_escalation_stays_here_once_the_promise_is_kept(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    watchdog.watch(now=owed.due_at - minutes(30))
    message = Message.objects.get(kind="escalation")
    assert not stale(message)
    promises.keep(owed, how="phoned", by=actors.staff(melati.staff), now=NOW)
    assert stale(message)


def test_an_alarm_about_several_leaves_while_one_of_them_stands_as_it_was(melati: Clinic) -> None:
    booked = [melati.booked(f"2026-11-{day} 10:00", customer=CustomerFactory()) for day in (25, 26)]
    first, second = (promises.owe(PromiseKind.CALL, one, owner=melati.staff, now=NOW) for one in booked)
    watchdog.watch(now=first.due_at - minutes(30))
    message, by = Message.objects.get(kind="escalation", email=melati.staff.email), actors.staff(melati.staff)
    promises.keep(first, how="phoned", by=by, now=NOW)
    assert not stale(message)
    promises.put_off(second, until=second.due_at + minutes(60), why="x", by=by, now=NOW)
    assert stale(message)


def test_an_alarm_written_about_a_single_promise_by_an_earlier_release_is_judged_as_it_was(melati: Clinic) -> None:
    owed = promises.owe(PromiseKind.CALL, melati.booked(), owner=melati.staff, now=NOW)
    watchdog.watch(now=owed.due_at - minutes(30))
    message = Message.objects.get(kind="escalation", email=melati.staff.email)
    message.true_if = {"promise": owed.pk, "due_at": owed.due_at.isoformat()}
    assert not stale(message)
    promises.keep(owed, how="phoned", by=actors.staff(melati.staff), now=NOW)
    assert stale(message)


def test_questions_stay_here_when_it_did_not_take_place_or_nobody_wants_them(melati: Clinic) -> None:
    appointment = melati.booked(state=AppointmentState.COMPLETED)
    message = announce.follow_up(appointment, now=NOW)
    assert not stale(message)
    appointment.customer.wants_follow_up = False
    appointment.customer.save()
    assert stale(message)
    appointment.customer.wants_follow_up = True
    appointment.customer.save()
    for state in (AppointmentState.BOOKED, AppointmentState.MISSED, AppointmentState.CANCELLED):
        Appointment.objects.update(state=state)
        assert (state, stale(message)) == (state, True)


def test_an_offer_is_true_as_long_as_the_round_is_live(melati: Clinic) -> None:
    round_ = melati.offered()
    message = Message.objects.get(kind="offer")
    answers.call_me(round_, nonce="c", now=NOW)
    assert not stale(message)
    rounds.withdraw(round_, by=actors.staff(melati.staff), now=NOW)
    assert stale(message)


def test_a_nudge_is_true_until_the_answer_or_the_end_of_the_time_to_answer(melati: Clinic) -> None:
    round_ = melati.offered()
    chasing.chase_answers(now=NOW + hours(1))
    message = Message.objects.get(kind="nudge")
    assert not stale(message, now=NOW + minutes(119))
    assert stale(message, now=NOW + minutes(120))
    answers.call_me(round_, nonce="c", now=NOW + hours(1))
    assert stale(message, now=NOW + hours(1))


def test_an_expiry_is_true_until_the_customer_speaks(melati: Clinic) -> None:
    round_ = melati.offered()
    assert kinds.why_stale("expiry", {"request": round_.pk}, now=NOW) is not None
    chasing.chase_answers(now=NOW + hours(2))
    message = Message.objects.get(kind="expiry")
    assert not stale(message, now=NOW + hours(3))
    RescheduleRequest.objects.update(answered_at=NOW + hours(3))
    assert stale(message, now=NOW + hours(3))


def test_a_confirmation_is_true_for_the_time_that_it_names(melati: Clinic) -> None:
    answers.accept(melati.offered().offers.get(position=1), nonce="p", now=NOW)
    message = Message.objects.get(kind="confirmation")
    assert not stale(message)
    Appointment.objects.update(sequence=2)
    assert stale(message)
    Appointment.objects.update(sequence=1, state=AppointmentState.CANCELLED)
    assert stale(message)


def test_a_cancellation_is_true_while_it_is_cancelled(melati: Clinic) -> None:
    answers.cancel(melati.offered(), nonce="c", now=NOW)
    message = Message.objects.get(kind="cancellation")
    assert not stale(message)
    Appointment.objects.update(state=AppointmentState.BOOKED)
    assert stale(message)


@pytest.mark.parametrize("kind", ["kept", "reminder"])
def test_what_looks_ahead_is_true_until_it_begins_or_is_moved_again(melati: Clinic, kind: str) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    facts = {"appointment": appointment.pk, "sequence": 0}
    assert kinds.why_stale(kind, facts, now=at("2026-11-24 09:59")) is None
    assert kinds.why_stale(kind, facts, now=at("2026-11-24 10:00")) is not None
    assert kinds.why_stale(kind, facts | {"sequence": 1}, now=NOW) is not None
    melati.offered(appointment)
    assert kinds.why_stale(kind, facts, now=NOW) is not None


def test_an_answer_of_ours_is_always_true(melati: Clinic) -> None:
    assert kinds.why_stale("reply", {"appointment": melati.booked().pk}, now=NOW) is None
