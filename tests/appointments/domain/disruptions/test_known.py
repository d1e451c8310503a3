"""Since when customers know, by what left, by what was said, by what they did."""

from typing import Any

from appointments.domain import actors
from appointments.domain.disruptions import known
from appointments.domain.disruptions.known import Known
from appointments.domain.moving import answers, rounds
from appointments.enums import CallOutcome, PromiseKind
from appointments.models import RescheduleRequest
from notifications.enums import Channel
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import CallAttemptFactory, Clinic, CustomerFactory, letters_have_left

LEFT = NOW + minutes(3)


def since(*of: RescheduleRequest) -> list[Known | None]:
    found = known.of_rounds(of)
    return [found.get(one.pk) for one in of]


def test_a_message_that_waits_tells_nobody_and_one_that_has_left_does(melati: Clinic) -> None:
    round_ = melati.offered()
    assert since(round_) == [None]
    letters_have_left(now=LEFT)
    assert since(round_) == [Known(LEFT, Channel.EMAIL)]


def test_what_came_back_tells_nothing_and_what_was_written_in_its_place_does(melati: Clinic) -> None:
    round_ = melati.offered()
    Message.objects.update(state="bounced", sent_at=LEFT, secrets={}, mime=None)
    assert since(round_) == [None]
    first = Message.objects.get()
    again = Message.objects.create(
        key="again", kind="offer", about=first.about, language="en", zone="Asia/Jakarta", replaces=first,
        channel=Channel.SMS, due_at=NOW, created_at=NOW,
    )  # fmt: skip
    assert since(round_) == [None]
    Message.objects.filter(pk=again.pk).update(state="delivered", sent_at=LEFT + hours(1))
    assert since(round_) == [Known(LEFT + hours(1), Channel.SMS)]


def test_what_a_colleague_is_to_say_is_known_when_it_has_been_said(melati: Clinic) -> None:
    round_ = melati.offered()
    Message.objects.update(state="sent", sent_at=LEFT, channel=Channel.CALL, secrets={}, mime=None)
    promise = round_.promises.get(kind=PromiseKind.ANSWER_OR_CALL)
    for number, outcome in enumerate((CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER, CallOutcome.CALL_LATER)):
        CallAttemptFactory(promise=promise, outcome=outcome, at=NOW + hours(number))
    assert since(round_) == [None]
    CallAttemptFactory(promise=promise, outcome=CallOutcome.SETTLED, at=NOW + hours(5))
    assert since(round_) == [Known(NOW + hours(5), Channel.CALL)]


def test_whoever_answers_knows(melati: Clinic) -> None:
    by_phone, by_link = melati.offered(), melati.offered(melati.booked("2026-11-27 16:00", customer=CustomerFactory()))
    answers.accept(by_link.offers.get(position=1), nonce="a", now=NOW + minutes(2))
    staff: dict[str, Any] = {"by": actors.staff(melati.staff), "recorded_by": melati.staff}
    answers.accept(by_phone.offers.get(position=2), nonce="b", now=NOW + minutes(4), **staff)
    assert since(by_link, by_phone) == [Known(NOW + minutes(2), ""), Known(NOW + minutes(4), Channel.CALL)]


def test_what_came_first_counts(melati: Clinic) -> None:
    round_ = melati.offered()
    letters_have_left(now=LEFT)
    answers.accept(round_.offers.get(position=1), nonce="a", now=NOW + hours(1))
    assert since(round_) == [Known(LEFT, Channel.EMAIL)]


def test_told_together_is_known_together(melati: Clinic) -> None:
    booked = [melati.booked("2026-11-24 10:00"), melati.booked("2026-11-25 10:00")]
    moves = [(one, melati.draft(one, guaranteed=False)) for one in booked]
    first, second = rounds.open_together(moves, by=actors.staff(melati.staff), now=NOW)
    second.refresh_from_db()
    CallAttemptFactory(
        promise=first.promises.get(kind=PromiseKind.ANSWER_OR_CALL), outcome=CallOutcome.SETTLED, at=LEFT
    )
    assert since(first, second) == [Known(LEFT, Channel.CALL)] * 2


def test_many_are_asked_like_one(melati: Clinic, django_assert_num_queries: Any) -> None:
    opened = [
        melati.offered(melati.booked(at("2026-11-24 08:00") + minutes(30 * n), customer=CustomerFactory()), count=2,
                       guaranteed=False)
        for n in range(4)
    ]  # fmt: skip
    letters_have_left(now=LEFT)
    for found in (opened[:1], opened):
        with django_assert_num_queries(4):
            assert len(known.of_rounds(found)) == len(found)
