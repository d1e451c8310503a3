"""How much one customer can tell us through links, on both sides of each edge."""

from collections.abc import Callable
from datetime import datetime

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers, feedback, limits
from appointments.domain.schedule.slots import Wishes
from appointments.enums import ActorKind, AnswerKind, RequestState
from appointments.errors import ToldEnough
from appointments.models import Answer, Appointment, Business, Feedback, Location, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days
from tests.factories import AnswerFactory, Clinic, RescheduleRequestFactory, clinic

pytestmark = pytest.mark.django_db

# As docs/operations.md tells the operator.
A_DAY, IN_ALL = 10, 60
YESTERDAY = NOW - days(1)


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def round_(melati: Clinic) -> RescheduleRequest:
    made: RescheduleRequest = RescheduleRequestFactory(appointment=melati.booked(), contact=melati.staff)
    return made


def tell(round_: RescheduleRequest, number: int, *, now: datetime = NOW) -> Answer:
    return answers.tell(round_, words=f"word {number}", nonce=f"form-{number}", now=now)


def told_before(round_: RescheduleRequest, count: int, *, now: datetime = NOW) -> None:
    for _number in range(count):
        AnswerFactory(request=round_, kind=AnswerKind.TELL, at=now)


def test_the_last_of_a_day_is_heard_and_the_next_is_not(round_: RescheduleRequest) -> None:
    for number in range(A_DAY):
        tell(round_, number)
    letters = Message.objects.count()
    with pytest.raises(ToldEnough):
        tell(round_, A_DAY)
    assert [one.words for one in Answer.objects.all()] == [f"word {number}" for number in range(A_DAY)]
    assert Message.objects.count() == letters
    assert Promise.objects.get().details.splitlines() == [f"word {number}" for number in range(A_DAY)]


def test_the_same_form_again_is_heard_once_and_never_too_much(round_: RescheduleRequest) -> None:
    for _again in range(3):
        for number in range(A_DAY):
            tell(round_, number)
    assert Answer.objects.count() == A_DAY


@pytest.mark.parametrize(("when", "heard"), [("2026-11-23 23:59:59", False), ("2026-11-24 00:00:00", True)])
def test_the_day_is_that_of_the_place(round_: RescheduleRequest, when: str, heard: bool) -> None:
    told_before(round_, A_DAY, now=at("2026-11-23 00:00"))
    if heard:
        assert tell(round_, 1, now=at(when)).words == "word 1"
    else:
        with pytest.raises(ToldEnough):
            tell(round_, 1, now=at(when))


def test_in_all_there_is_an_end_too_whatever_the_round(round_: RescheduleRequest) -> None:
    told_before(round_, IN_ALL - 1, now=YESTERDAY)
    RescheduleRequest.objects.update(state=RequestState.REPLACED, closed_at=YESTERDAY)
    later = RescheduleRequestFactory(appointment=round_.appointment, round=2, contact=round_.contact)
    tell(later, 1)
    with pytest.raises(ToldEnough):
        tell(later, 2)


ASKING: dict[str, Callable[[RescheduleRequest], object]] = {
    "tell": lambda round_: answers.tell(round_, words="hello", nonce="n", now=NOW),
    "call me": lambda round_: answers.call_me(round_, nonce="n", now=NOW),
    "other times": lambda round_: answers.ask_other_times(round_, wishes=Wishes(), nonce="n", now=NOW),
    "score": lambda round_: feedback.rate(round_.appointment, question="outcome", score=1, now=NOW),
    "words": lambda round_: feedback.add_words(round_.appointment, words="hello", now=NOW),
}


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_whatever_can_be_said_again_and_again_counts_and_is_counted(
    round_: RescheduleRequest, ask: Callable[[RescheduleRequest], object]
) -> None:
    told_before(round_, A_DAY - 1)
    ask(round_)
    with pytest.raises(ToldEnough):
        tell(round_, 1)


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_too_much_is_refused_and_changes_nothing(
    round_: RescheduleRequest, ask: Callable[[RescheduleRequest], object]
) -> None:
    told_before(round_, A_DAY)
    with pytest.raises(ToldEnough):
        ask(round_)
    assert (Answer.objects.count(), Promise.objects.count(), Message.objects.count()) == (A_DAY, 0, 0)
    assert not Feedback.objects.exists()


def test_a_score_that_goes_up_and_down_has_an_end(round_: RescheduleRequest) -> None:
    for number in range(A_DAY):
        feedback.rate(round_.appointment, question="outcome", score=1 + number % 2, now=NOW)
    with pytest.raises(ToldEnough):
        feedback.rate(round_.appointment, question="outcome", score=5, now=NOW)
    assert Feedback.objects.get().outcome == 2


def test_who_has_said_too_much_can_still_settle_it(round_: RescheduleRequest) -> None:
    told_before(round_, IN_ALL)
    assert answers.cancel(round_, words="then no", nonce="n", now=NOW).words == "then no"


def test_on_the_phone_there_is_no_limit(melati: Clinic, round_: RescheduleRequest) -> None:
    told_before(round_, IN_ALL)
    by = actors.staff(melati.staff)
    heard = answers.call_me(round_, nonce="n", now=NOW, by=by, recorded_by=melati.staff)
    assert heard.recorded_by == melati.staff


def test_what_colleagues_wrote_down_is_not_counted(melati: Clinic, round_: RescheduleRequest) -> None:
    for _number in range(A_DAY):
        AnswerFactory(request=round_, kind=AnswerKind.CALL_ME, at=NOW, by="staff", recorded_by=melati.staff)
    assert tell(round_, 1).words == "word 1"


def test_another_appointment_counts_for_itself(melati: Clinic, round_: RescheduleRequest) -> None:
    told_before(round_, IN_ALL)
    other: Appointment = melati.booked("2026-11-25 10:00", customer=round_.appointment.customer)
    assert tell(RescheduleRequestFactory(appointment=other, contact=melati.staff), 1).words == "word 1"


def test_the_refusal_says_what_to_do_instead(melati: Clinic, round_: RescheduleRequest) -> None:
    def said() -> str:
        with pytest.raises(ToldEnough) as refused:
            tell(round_, 1)
        return refused.value.message

    told_before(round_, A_DAY)
    assert said() == (
        "You have told us a lot today, so this last part was not sent. "
        "Everything before it has reached us, and we will answer you. "
        "If there is more, please phone us: +62 21 5550101. You can write here again tomorrow."
    )
    told_before(round_, IN_ALL - A_DAY, now=YESTERDAY)
    assert said() == (
        "You have told us a lot about this appointment, so this last part was not sent. "
        "Everything before it has reached us, and we will answer you. "
        "If there is more, please phone us: +62 21 5550101."
    )
    Location.objects.update(phone="")
    assert said().endswith("If there is more, please phone us: +62 21 5550100.")
    Business.objects.update(phone="")
    assert said().endswith("Everything before it has reached us, and we will answer you.")


@pytest.mark.parametrize(("told", "enough"), [(59, False), (60, True)])
def test_sixty_things_about_one_appointment_are_enough(told: int, enough: bool) -> None:
    appointment = clinic().offered().appointment
    round_ = appointment.requests.get()
    for number in range(told):
        AnswerFactory(request=round_, kind=AnswerKind.TELL, by=ActorKind.CUSTOMER, at=NOW - days(1 + number))
    if enough:
        with pytest.raises(ToldEnough):
            limits.must_allow_one_more(appointment, now=NOW)
        return
    limits.must_allow_one_more(appointment, now=NOW)


def test_answers_that_end_a_round_are_not_counted(melati: Clinic) -> None:
    round_ = melati.offered()
    for kind in (AnswerKind.PICK, AnswerKind.KEEP, AnswerKind.CANCEL):
        AnswerFactory.create_batch(20, request=round_, kind=kind, by=ActorKind.CUSTOMER, at=NOW)
    limits.must_allow_one_more(round_.appointment, now=NOW)


def test_words_are_kept_whole_up_to_four_thousand_characters(round_: RescheduleRequest) -> None:
    assert answers.tell(round_, words="x" * 4000, nonce="1", now=NOW).words == "x" * 4000
    assert answers.tell(round_, words="y" * 4001, nonce="2", now=NOW).words == "y" * 4000
