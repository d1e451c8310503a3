"""What an answer leaves to a colleague."""

import pytest

from appointments.domain.moving import answers
from appointments.domain.moving.left_to_us import due_of_call, hand_to_us, owe_for
from appointments.domain.schedule.waking import soonest_hour
from appointments.enums import AnswerKind, PromiseKind, RequestState
from appointments.models import Answer, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import AnswerFactory, Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(melati: Clinic) -> RescheduleRequest:
    return melati.offered()


def asked(round_: RescheduleRequest, **fields: object) -> Answer:
    return AnswerFactory(request=round_, kind=AnswerKind.OTHER_TIMES, at=NOW, **fields)


def test_nobody_waits_for_the_customer_any_more_and_the_times_stay(round_: RescheduleRequest) -> None:
    hand_to_us(round_, PromiseKind.FIND_TIMES, asked(round_), now=NOW + minutes(5))
    round_.refresh_from_db()
    assert (round_.state, round_.answered_at) == (RequestState.WITH_US, NOW + minutes(5))
    kinds = set(round_.promises.open().values_list("kind", flat=True))
    assert kinds == {PromiseKind.FIND_TIMES, PromiseKind.HOLD}


def test_the_customer_reads_who_and_until_when_unless_a_colleague_heard_it(
    round_: RescheduleRequest, melati: Clinic
) -> None:
    owe_for(round_, PromiseKind.REPLY, asked(round_, words="Why?", recorded_by=melati.staff), now=NOW)
    assert not Message.objects.filter(kind="acknowledgement").exists()
    owe_for(round_, PromiseKind.CALL, asked(round_, words="Call me."), now=NOW)
    [message] = Message.objects.filter(kind="acknowledgement")
    assert message.context["promise_due"] == round_.promises.open().get(kind=PromiseKind.CALL).due_at
    assert round_.promises.open().get(kind=PromiseKind.REPLY).details == "Why?"


def test_a_call_is_never_due_later_than_what_silence_was_told(round_: RescheduleRequest) -> None:
    silent = round_.promises.open().get(kind=PromiseKind.ANSWER_OR_CALL)
    soon = soonest_hour(NOW + hours(1), round_.appointment.location.tzinfo)
    round_.promises.filter(pk=silent.pk).update(due_at=soon)
    usual = due_of_call(round_, (), now=NOW)
    assert usual > soon
    round_.expired_at = NOW
    assert due_of_call(round_, (), now=NOW) == soon


def test_an_ended_round_owes_an_answer_all_the_same(round_: RescheduleRequest) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    round_.refresh_from_db()
    hand_to_us(round_, PromiseKind.REPLY, asked(round_, words="Thanks."), now=NOW)
    round_.refresh_from_db()
    assert round_.state == RequestState.ACCEPTED
    assert round_.promises.open().filter(kind=PromiseKind.REPLY).count() == 1
