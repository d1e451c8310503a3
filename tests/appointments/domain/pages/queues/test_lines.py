"""One line says who, by when, what it is about, and the one thing to do next."""

from typing import Any

import pytest

from appointments.domain.moving import answers
from appointments.domain.pages.queues.asked import Asked
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.lines import Line, Step
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.reading import page_of
from appointments.enums import PromiseKind
from appointments.models import Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import (
    CallAttemptFactory,
    Clinic,
    CustomerFactory,
    PromiseFactory,
    RecoveryCaseFactory,
    letters_have_left,
)
from tests.factories.hits import closed_down


def lines(melati: Clinic, code: str) -> list[Line]:
    return list(page_of(QUEUES[code], Asked(), Moment(melati.staff, NOW)).lines)


def only(melati: Clinic, code: str) -> Line:
    (found,) = lines(melati, code)
    return found


def failed(**fields: object) -> None:
    gone: dict[str, Any] = {"state": "failed", "sent_at": None, "secrets": {}, "mime": None}
    Message.objects.filter(**fields).update(**gone)


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (PromiseKind.CALL, Step.PHONE),
        (PromiseKind.REPLY, Step.ANSWER),
        (PromiseKind.FIND_TIMES, Step.FIND_TIMES),
        (PromiseKind.ANSWER_OR_CALL, Step.PHONE),
    ],
)
def test_each_promise_has_its_next_step(melati: Clinic, kind: PromiseKind, step: Step) -> None:
    promise = PromiseFactory(kind=kind, appointment=melati.booked(), owner=melati.staff)
    line = only(melati, "promises")
    assert (line.step, line.owner, line.promise, line.due_at) == (step, melati.staff, promise, promise.due_at)
    assert line.can_be_taken


@pytest.mark.parametrize(("starts", "step"), [(minutes(1), Step.FIND_TIMES), (minutes(0), Step.PHONE)])
def test_for_what_has_begun_nobody_finds_times(melati: Clinic, starts: object, step: Step) -> None:
    PromiseFactory(kind=PromiseKind.FIND_TIMES, appointment=melati.booked(NOW + starts), owner=melati.staff)  # type: ignore[operator]
    assert only(melati, "other-times").step == step


def test_whoever_may_still_answer_is_left_to_it_until_the_deadline_has_passed(melati: Clinic) -> None:
    round_ = melati.offered()
    assert (only(melati, "waiting").step, only(melati, "promises").step) == (Step.LOOK, Step.LOOK)
    RescheduleRequest.objects.filter(pk=round_.pk).update(expired_at=NOW)
    assert (only(melati, "waiting").step, only(melati, "promises").step) == (Step.PHONE, Step.PHONE)


def test_whom_the_offer_did_not_reach_is_phoned(melati: Clinic) -> None:
    round_ = melati.offered()
    letters_have_left()
    line = only(melati, "waiting")
    assert (line.step, line.owner, line.round) == (Step.LOOK, round_.contact, round_)
    assert line.opening.is_under_way
    failed(kind="offer")
    assert only(melati, "waiting").step == Step.PHONE
    line = only(melati, "failed")
    assert (line.step, [one.kind for one in line.failed]) == (Step.PHONE, ["offer"])


def test_what_did_not_arrive_and_is_nobodys_call_is_sent_again(melati: Clinic) -> None:
    round_ = melati.offered()
    round_.promises.update(state="released", settled_at=NOW)
    failed(kind="offer")
    assert only(melati, "failed").step == Step.SEND_AGAIN


def test_who_has_to_move_gets_times_and_says_what_is_in_the_way(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    line = only(melati, "to-move")
    assert (line.step, line.due_at, line.is_untold) == (Step.FIND_TIMES, appointment.starts_at, True)
    assert [one.disruption for one in line.hits] == [disruption]
    assert not line.can_be_taken
    melati.offered(appointment, disruption=disruption)
    failed(kind="offer")
    assert only(melati, "untold").step == Step.PHONE


def test_a_complaint_says_how_far_it_is_and_is_put_right_next(melati: Clinic) -> None:
    case = RecoveryCaseFactory(appointment=melati.booked(), owner=melati.staff)
    case.points.create(words="Why?", confirmed_at=NOW)
    line = only(melati, "complaints")
    assert (line.step, line.owner, line.case, line.due_at) == (Step.PUT_RIGHT, melati.staff, case, None)
    assert line.case is not None
    assert line.case.open_points == 1  # type: ignore[attr-defined]
    assert not line.can_be_taken
    promise = PromiseFactory(kind=PromiseKind.REPLY, appointment=case.appointment, owner=melati.staff)
    assert only(melati, "complaints").due_at == promise.due_at


def test_attempts_and_what_is_urgent_stand_in_the_line(melati: Clinic) -> None:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    CallAttemptFactory(promise=Promise.objects.get(kind="call"), by=melati.staff)
    promise = only(melati, "to-call").promise
    assert promise is not None
    assert (promise.attempts, promise.is_urgent) == (1, False)  # type: ignore[attr-defined]


def test_the_lines_stand_in_the_order_that_was_asked_for(melati: Clinic) -> None:
    for number, name in enumerate(("Cici", "Ana", "Ben")):
        appointment = melati.booked(NOW + hours(72 - 24 * number), customer=CustomerFactory(name=name))
        PromiseFactory(appointment=appointment, due_at=NOW + hours(number + 2), owner=melati.staff)

    def names(sort: str) -> list[str]:
        page = page_of(QUEUES["calls"], Asked(sort=sort), Moment(melati.staff, NOW))
        return [line.appointment.customer.name for line in page.lines]

    assert names("due") == ["Cici", "Ana", "Ben"]
    assert names("time") == ["Ben", "Ana", "Cici"]
    assert names("customer") == ["Ana", "Ben", "Cici"]
