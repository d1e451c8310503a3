"""What could leave a customer alone or tell them something untrue, each as it was once possible."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors, booking, promises
from appointments.domain.messages import kinds
from appointments.domain.moving import answers, calls, cancelling, chasing, feedback, rounds, undelivered
from appointments.domain.moving.calls import Call
from appointments.domain.pages.customer_page import customer_situation, in_words
from appointments.domain.schedule.slots import Wishes
from appointments.enums import CallOutcome, PromiseKind, PromiseState, RequestState
from appointments.errors import DomainError, MoveRefused
from appointments.models import Appointment, Promise
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, StaffFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


def limbo(now: datetime = NOW) -> int:
    return Appointment.objects.in_limbo(now).count()


def test_whom_we_cancel_is_owed_another_time_and_a_call_when_there_is_no_other_way(melati: Clinic) -> None:
    appointment = melati.booked(customer=CustomerFactory(email="", preferred_channel="call"))
    cancelling.call_off(appointment, by_customer=False, why="flood", by=actors.staff(melati.staff), now=NOW)
    (owed,) = Promise.objects.open()
    assert (owed.kind, owed.owner) == (PromiseKind.CALL, melati.staff)
    message = Message.objects.get(kind="cancellation")
    assert undelivered.phone_as_preferred(message.true_if, kind="cancellation", script="Say it kindly.", now=NOW)
    assert "Say it kindly." in Promise.objects.open().latest("pk").details


def test_cancelling_in_the_middle_of_a_move_still_owes_a_call(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    cancelling.call_off(round_.appointment, by_customer=False, why="x", by=actors.staff(melati.staff), now=NOW)
    assert [promise.kind for promise in Promise.objects.open()] == [PromiseKind.CALL]


def test_cancelling_past_the_rules_is_refused_while_times_are_on_offer(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    with pytest.raises(MoveRefused):
        booking.cancel(round_.appointment, by=actors.IMPORT, now=NOW)


def test_a_reminder_by_phone_is_not_called_sent_when_nobody_phones(melati: Clinic) -> None:
    facts = {"appointment": melati.booked().pk}
    assert undelivered.phone_as_preferred(facts, kind="reminder", script="", now=NOW) is False


@pytest.mark.parametrize("answer", ["other_times", "call_me", "tell"])
def test_a_colleague_who_left_leaves_nobody_behind(melati: Clinic, answer: str) -> None:
    round_ = melati.offered(melati.booked())
    melati.staff.is_active = False
    melati.staff.save()
    promises.watch(now=NOW)
    give: dict[str, Any] = {"nonce": "n", "now": NOW}
    if answer == "other_times":
        answers.ask_other_times(round_, wishes=Wishes(parts=frozenset({"afternoon"})), **give)
    elif answer == "call_me":
        answers.call_me(round_, **give)
    else:
        answers.tell(round_, words="Hello", **give)
    assert all(promise.owner.is_active for promise in Promise.objects.open())
    assert limbo(NOW + hours(3)) == 0


def test_a_corrected_offer_is_a_first_one_for_the_customer(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    second = melati.offered(appointment, now=NOW + minutes(0.1))
    assert Message.objects.get(key=f"offer:request:{first.pk}").state == "cancelled"
    assert Message.objects.get(key=f"offer:request:{second.pk}").context["round"] == 1


def test_undoing_the_correction_sends_the_first_offer_after_all(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    second = melati.offered(appointment, now=NOW + minutes(0.1))
    assert rounds.undo(second, by=actors.staff(melati.staff), now=NOW + minutes(0.2))
    first.refresh_from_db()
    assert first.state == RequestState.OPEN
    assert Message.objects.get(key=f"offer:request:{first.pk}:again").state == "queued"


def test_the_page_names_who_has_taken_over(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    successor = StaffFactory(first_name="Zoe", last_name="Wibowo")
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    promises.hand_over(owed, to=successor, by=actors.staff(melati.staff), now=NOW)
    situation = customer_situation(round_.appointment, now=NOW)
    assert in_words(situation, language="en", now=NOW)["contact"] == "Zoe Wibowo"


def test_a_worker_that_slept_promises_no_hour_that_has_passed(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-26 10:00"))
    late = NOW + hours(24)
    chasing.chase_answers(now=late)
    owed = Promise.objects.open().get(request=round_, kind=PromiseKind.CALL)
    assert owed.due_at > late
    assert round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL).state == PromiseState.BROKEN
    assert datetime.fromisoformat(str(Message.objects.get(kind="expiry").context["call_by"])) == owed.due_at


def test_expiry_says_so_when_nothing_is_left_to_choose(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    round_.offers.update(state="gone")
    chasing.chase_answers(now=NOW + hours(2))
    assert Message.objects.get(kind="expiry").context["still_offered"] is False


def test_words_written_after_a_missed_promise_get_a_new_hour(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.tell(round_, words="first", nonce="1", now=NOW)
    late = Promise.objects.get(kind=PromiseKind.REPLY).due_at + hours(5)
    answers.tell(round_, words="second", nonce="2", now=late)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert owed.due_at > late
    assert Promise.objects.filter(kind=PromiseKind.REPLY, state=PromiseState.BROKEN).count() == 1


def test_wishes_with_words_are_acknowledged_as_words(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    wishes = Wishes(parts=frozenset({"afternoon"}))
    answers.ask_other_times(round_, wishes=wishes, words="And bring my results", nonce="o", now=NOW)
    assert Message.objects.get(kind="acknowledgement").context["answer"] == "tell"


def test_a_call_about_something_settled_is_refused(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    chosen = Call(CallOutcome.CHOSE, offer=round_.offers.get(position=1))
    calls.record_call(owed, chosen, nonce="a", by=melati.staff, now=NOW)
    with pytest.raises(DomainError, match="settled already"):
        calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="b", by=melati.staff, now=NOW)
    assert Promise.objects.open().count() == 0


def test_no_more_questions_is_remembered_at_once(melati: Clinic) -> None:
    feedback.ask_no_more(melati.customer)
    assert melati.customer.wants_follow_up is False
    melati.customer.refresh_from_db()
    assert melati.customer.wants_follow_up is False


def test_a_reminder_that_is_sent_again_too_late_stays_here(melati: Clinic) -> None:
    offer = melati.offered(melati.booked()).offers.get(position=1)
    answers.accept(offer, nonce="p", now=NOW)
    confirmation = Message.objects.get(kind="confirmation")
    facts = confirmation.true_if
    assert kinds.why_stale("reminder", facts, now=offer.starts_at - hours(1)) is None
    assert kinds.why_stale("reminder", facts, now=offer.starts_at) is not None
