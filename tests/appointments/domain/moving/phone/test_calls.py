"""A call as it was written down: what was agreed is done, what was not stays owed."""

from datetime import datetime

import pytest

from appointments.domain import promises
from appointments.domain.messages.kinds import why_stale
from appointments.domain.moving import (
    answers,
    chasing,
    undelivered,
)
from appointments.domain.moving.phone import calls
from appointments.domain.moving.phone.calls import Call
from appointments.domain.schedule.slots import Wishes
from appointments.enums import (
    AnswerKind,
    CallOutcome,
    EventKind,
    PromiseKind,
    PromiseState,
    RequestState,
)
from appointments.errors import DomainError
from appointments.models import (
    Answer,
    Appointment,
    AppointmentEvent,
    CallAttempt,
    Customer,
    Promise,
    RescheduleRequest,
)
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import (
    Clinic,
    CustomerFactory,
)

pytestmark = pytest.mark.django_db


def test_a_call_about_something_settled_is_refused(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    chosen = Call(CallOutcome.CHOSE, offer=round_.offers.get(position=1))
    calls.record_call(owed, chosen, nonce="a", by=melati.staff, now=NOW)
    with pytest.raises(DomainError, match="settled already"):
        calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="b", by=melati.staff, now=NOW)
    assert Promise.objects.open().count() == 0


def owed_call(melati: Clinic, *, now: datetime = NOW) -> Promise:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=now, words="After lunch")
    owed: Promise = Promise.objects.open().get(kind=PromiseKind.CALL)
    return owed


def test_a_call_that_nobody_answers_is_an_attempt_and_keeps_no_promise(melati: Clinic) -> None:
    owed = owed_call(melati)
    said = owed.due_at
    attempt = calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=said - hours(3))
    owed.refresh_from_db()
    assert (owed.state, owed.due_at, list(owed.calls.all())) == (PromiseState.OPEN, said, [attempt])
    told = Message.objects.get(kind="not_reached")
    assert (told.context["promise_due"], told.context["is_late"]) == (said, False)
    assert not AppointmentEvent.objects.filter(kind__in=(EventKind.PROMISE_KEPT, EventKind.PUT_OFF)).exists()


def test_where_no_second_attempt_fits_the_customer_reads_the_new_hour_before_the_old_one(melati: Clinic) -> None:
    owed = owed_call(melati)
    late = owed.due_at - minutes(30)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=late)
    owed.refresh_from_db()
    assert (owed.state, owed.due_at) == (PromiseState.OPEN, late + hours(3))
    told = Message.objects.get(kind="not_reached")
    assert (told.context["promise_due"], told.not_after, told.created_at) == (owed.due_at, owed.due_at, late)
    assert why_stale("not_reached", told.true_if, now=late) is None
    assert AppointmentEvent.objects.get(kind=EventKind.PUT_OFF).note == "Nobody answered"

    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="b", by=melati.staff, now=owed.due_at)
    assert why_stale("not_reached", told.true_if, now=owed.due_at) == (
        "It was promised for another hour since this was written."
    )


def test_after_its_hour_a_promise_is_broken_whatever_was_tried_and_we_say_so(melati: Clinic) -> None:
    owed = owed_call(melati)
    late = owed.due_at + minutes(1)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=late)
    owed.refresh_from_db()
    again = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert (owed.state, again.owner, again.request, again.details) == (
        PromiseState.BROKEN, melati.staff, owed.request, owed.details,
    )  # fmt: skip
    assert again.due_at == at("2026-11-23 15:15")
    assert Message.objects.get(kind="not_reached").context["is_late"] is True


def test_an_hour_does_not_slide_for_whom_we_cannot_tell(melati: Clinic) -> None:
    customer = CustomerFactory(email="", phone="+6281234567890", preferred_channel="call")
    round_ = melati.offered(melati.booked(customer=customer))
    answers.call_me(round_, nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    said = owed.due_at
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=said - minutes(5))
    owed.refresh_from_db()
    assert (owed.state, owed.due_at) == (PromiseState.OPEN, said)
    assert not Message.objects.filter(kind="not_reached").exists()


def test_a_call_after_the_silence_that_reaches_nobody_stays_owed(melati: Clinic) -> None:
    melati.offered()
    chasing.chase_answers(now=NOW + hours(2))
    owed = Promise.objects.open().get(kind=PromiseKind.ANSWER_OR_CALL)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=NOW + hours(3))
    owed.refresh_from_db()
    assert (owed.state, owed.due_at) == (PromiseState.OPEN, NOW + hours(6))
    assert Promise.objects.open().exclude(kind=PromiseKind.HOLD).get() == owed


def test_a_wrong_number_goes_and_the_customer_is_asked_for_another_way(melati: Clinic) -> None:
    owed = owed_call(melati)
    calls.record_call(owed, Call(CallOutcome.WRONG_NUMBER), nonce="a", by=melati.staff, now=NOW + minutes(5))
    customer = Customer.objects.get(pk=owed.appointment.customer_id)
    assert customer.phone == ""
    told = Message.objects.get(kind="not_reached")
    assert (told.channel, told.context["wrong_number"]) == ("email", True)
    owed.refresh_from_db()
    assert owed.state == PromiseState.OPEN


def test_another_number_takes_its_place_and_nobody_is_disturbed(melati: Clinic) -> None:
    owed = owed_call(melati)
    call = Call(CallOutcome.WRONG_NUMBER, phone="+628123456000", email="new@mail.example")
    calls.record_call(owed, call, nonce="a", by=melati.staff, now=NOW + minutes(5))
    customer = Customer.objects.get(pk=owed.appointment.customer_id)
    assert (str(customer.phone), customer.email) == ("+628123456000", "new@mail.example")
    assert not Message.objects.filter(kind="not_reached").exists()
    assert Promise.objects.open().get(kind=PromiseKind.CALL).due_at == owed.due_at


@pytest.mark.parametrize("kind", [PromiseKind.FIND_TIMES, PromiseKind.REPLY])
def test_what_a_call_cannot_settle_simply_stays_owed(melati: Clinic, kind: PromiseKind) -> None:
    round_ = melati.offered()
    if kind == PromiseKind.REPLY:
        answers.tell(round_, words="Hello", nonce="t", now=NOW)
    else:
        answers.ask_other_times(round_, wishes=Wishes(days=frozenset({6})), nonce="t", now=NOW)
    owed = Promise.objects.open().get(kind=kind)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=NOW + hours(1))
    owed.refresh_from_db()
    assert owed.state == PromiseState.OPEN
    assert not Promise.objects.filter(kind=PromiseKind.CALL).exists()
    assert owed.calls.count() == 1


@pytest.mark.parametrize(
    ("later", "possible"),
    [
        ("2026-11-23 09:00", False),
        ("2026-11-23 09:15", True),
        ("2026-12-07 09:00", True),
        ("2026-12-07 09:15", False),
        (None, False),
    ],
)
def test_a_call_is_put_off_by_two_weeks_at_most(melati: Clinic, later: str | None, possible: bool) -> None:
    owed = owed_call(melati)
    call = Call(CallOutcome.CALL_LATER, later=at(later) if later else None)
    if not possible:
        with pytest.raises(DomainError, match="two weeks"):
            calls.record_call(owed, call, nonce="a", by=melati.staff, now=NOW)
        assert not CallAttempt.objects.exists()
        return
    calls.record_call(owed, call, nonce="a", by=melati.staff, now=NOW)
    assert later
    standing = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert (standing, standing.due_at) == (owed, at(later))
    told = Message.objects.filter(kind="acknowledgement").latest("pk")
    assert (told.context["answer"], told.context["promise_due"]) == ("call_later", at(later))


@pytest.mark.parametrize(
    ("later", "why"), [("2026-11-24 05:00", "05:00 is at night"), ("2026-11-24 14:08", "a quarter of an hour")]
)
def test_nobody_is_phoned_at_night_or_at_eight_minutes_past(melati: Clinic, later: str, why: str) -> None:
    owed = owed_call(melati)
    with pytest.raises(DomainError, match=why):
        calls.record_call(owed, Call(CallOutcome.CALL_LATER, later=at(later)), nonce="a", by=melati.staff, now=NOW)
    assert not CallAttempt.objects.exists()


def test_the_same_form_again_is_the_same_call(melati: Clinic) -> None:
    owed = owed_call(melati)
    first = calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=NOW)
    assert calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=NOW) == first
    assert CallAttempt.objects.count() == 1


def test_a_form_of_another_promise_is_refused(melati: Clinic) -> None:
    owed = owed_call(melati)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=NOW)
    other = promises.owe(PromiseKind.REPLY, owed.appointment, owner=melati.staff, now=NOW)
    with pytest.raises(DomainError, match="another promise"):
        calls.record_call(other, Call(CallOutcome.NO_ANSWER), nonce="a", by=melati.staff, now=NOW)


def test_what_was_agreed_on_the_phone_is_an_answer_that_a_colleague_wrote_down(melati: Clinic) -> None:
    owed = owed_call(melati)
    assert owed.request
    offer = owed.request.offers.get(position=2)
    calls.record_call(owed, Call(CallOutcome.CHOSE, offer=offer), nonce="a", by=melati.staff, now=NOW)
    owed.refresh_from_db()
    answer = Answer.objects.get(kind=AnswerKind.PICK)
    assert (answer.recorded_by, answer.offer, owed.state) == (melati.staff, offer, PromiseState.KEPT)
    assert Appointment.objects.get().starts_at == offer.starts_at
    assert Message.objects.get(kind="confirmation").context["by_phone"] is True


def test_other_times_on_the_phone_are_looked_for_at_once(melati: Clinic) -> None:
    owed = owed_call(melati)
    call = Call(CallOutcome.OTHER_TIMES, note="Mornings", wishes=Wishes(parts=frozenset({"afternoon"})))
    calls.record_call(owed, call, nonce="a", by=melati.staff, now=NOW)
    answer = Answer.objects.get(kind=AnswerKind.OTHER_TIMES)
    assert (answer.words, answer.wishes["parts"]) == ("Mornings", ["afternoon"])
    assert RescheduleRequest.objects.live().get().round == 2


def test_keeping_and_cancelling_on_the_phone_end_the_round(melati: Clinic) -> None:
    kept = melati.offered(can_keep=True)
    answers.call_me(kept, nonce="k", now=NOW)
    owed = kept.promises.open().get(kind=PromiseKind.CALL)
    calls.record_call(owed, Call(CallOutcome.KEEP), nonce="a", by=melati.staff, now=NOW)
    kept.refresh_from_db()
    ended = melati.offered(melati.booked("2026-11-25 10:00", customer=CustomerFactory()))
    answers.call_me(ended, nonce="e", now=NOW)
    owed = ended.promises.open().get(kind=PromiseKind.CALL)
    calls.record_call(owed, Call(CallOutcome.CANCEL, note="Moved away"), nonce="b", by=melati.staff, now=NOW)
    ended.refresh_from_db()
    assert (kept.state, ended.state) == (RequestState.KEPT, RequestState.CANCELLED)
    assert ended.answers.get(kind=AnswerKind.CANCEL).words == "Moved away"


@pytest.mark.parametrize("outcome", [CallOutcome.CHOSE, CallOutcome.OTHER_TIMES, CallOutcome.KEEP, CallOutcome.CANCEL])
def test_without_a_round_there_is_nothing_to_choose(melati: Clinic, outcome: CallOutcome) -> None:
    appointment = melati.booked()
    undelivered.phone_instead({"appointment": appointment.pk}, kind="confirmation", why="x", now=NOW)
    owed = Promise.objects.open().get()
    with pytest.raises(DomainError, match="no offer to answer"):
        calls.record_call(owed, Call(outcome), nonce="a", by=melati.staff, now=NOW)
    calls.record_call(owed, Call(CallOutcome.SETTLED), nonce="b", by=melati.staff, now=NOW)
    assert not Promise.objects.open().exists()


def test_a_choice_without_a_time_is_asked_for(melati: Clinic) -> None:
    owed = owed_call(melati)
    with pytest.raises(DomainError, match="Choose the time"):
        calls.record_call(owed, Call(CallOutcome.CHOSE), nonce="a", by=melati.staff, now=NOW)


def test_nothing_more_to_do_is_refused_while_the_customer_has_nothing(melati: Clinic) -> None:
    owed = owed_call(melati)
    with pytest.raises(DomainError, match="neither a time nor a promise"):
        calls.record_call(owed, Call(CallOutcome.SETTLED), nonce="a", by=melati.staff, now=NOW)
    assert Promise.objects.open().filter(pk=owed.pk).exists()


def test_a_call_is_in_the_history(melati: Clinic) -> None:
    owed = owed_call(melati)
    calls.record_call(owed, Call(CallOutcome.NO_ANSWER, note="busy"), nonce="a", by=melati.staff, now=NOW + hours(1))
    event = AppointmentEvent.objects.get(kind=EventKind.CALLED)
    assert (event.actor, event.at, event.note, event.request) == (melati.staff, NOW + hours(1), "busy", owed.request)
