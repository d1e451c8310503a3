"""Whatever door it came in by, what went wrong is taken up once, within a minute."""

import pytest

from appointments.domain import actors, promises, watchdog
from appointments.domain.moving import answers, feedback, undelivered
from appointments.domain.moving.replies import read_so_far, reply
from appointments.domain.recovery import listening
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import CaseOrigin, PromiseKind
from appointments.models import CaseEntry, Promise, RecoveryCase, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, days, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db
SOON = NOW + minutes(1)


def origins() -> list[str]:
    return list(CaseEntry.objects.values_list("origin", flat=True))


@pytest.fixture
def round_(melati: Clinic) -> RescheduleRequest:
    return melati.offered()


def test_a_complaint_is_taken_up_once_in_the_customers_words(round_: RescheduleRequest) -> None:
    answers.tell(round_, words="Nobody told me.", nonce="t", now=NOW)

    assert (listening.listen(now=SOON), listening.listen(now=SOON)) == (1, 0)
    entry = CaseEntry.objects.get()
    assert (entry.origin, entry.words, entry.at) == (CaseOrigin.TOLD, "Nobody told me.", NOW)
    assert Promise.objects.open().filter(kind=PromiseKind.REPLY).count() == 1


def test_the_mood_in_which_somebody_came_is_the_first_that_they_said(round_: RescheduleRequest) -> None:
    for number, mood in enumerate(("", "upset", "calm")):
        answers.tell(round_, words=f"Nobody told me. {number}", mood=mood, nonce=f"t{number}", now=NOW)
        listening.listen(now=SOON)
    assert [one.mood_before for one in RecoveryCase.objects.all()] == ["upset"]


def test_what_a_colleague_has_answered_on_the_phone_is_no_case(melati: Clinic, round_: RescheduleRequest) -> None:
    answers.tell(round_, words="When do you open?", nonce="t", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    promises.keep(owed, how="by phone", by=actors.staff(melati.staff), now=NOW)
    assert listening.listen(now=SOON) == 0


def test_what_became_needless_was_not_answered(round_: RescheduleRequest) -> None:
    answers.tell(round_, words="Nobody told me.", nonce="t", now=NOW)
    Promise.objects.filter(kind=PromiseKind.REPLY).update(state="released", settled_at=NOW)
    assert listening.listen(now=SOON) == 1


def test_what_a_colleague_has_answered_meanwhile_is_no_case(melati: Clinic, round_: RescheduleRequest) -> None:
    answers.tell(round_, words="When do you open?", nonce="t", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    reply(owed, "At eight.", to=read_so_far(owed), by=melati.staff, now=NOW)
    assert listening.listen(now=SOON) == 0


@pytest.mark.parametrize(("score", "expected"), [(1, ["score"]), (2, ["score"]), (3, [])])
@pytest.mark.parametrize("question", ["handling", "outcome"])
def test_a_bad_score_is_taken_up(round_: RescheduleRequest, question: str, score: int, expected: list[str]) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    feedback.rate(round_.appointment, question=question, score=score, now=NOW)
    listening.listen(now=SOON)
    assert origins() == expected


def test_words_beside_a_good_score_are_read_too(round_: RescheduleRequest) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    feedback.rate(round_.appointment, question="handling", score=5, now=NOW)
    feedback.add_words(round_.appointment, words="Thank you!", now=NOW)
    listening.listen(now=SOON)
    assert list(CaseEntry.objects.values_list("origin", "words")) == [("told", "Thank you!")]


def test_words_that_come_after_a_bad_score_join_it(round_: RescheduleRequest) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    feedback.rate(round_.appointment, question="handling", score=1, now=NOW)
    listening.listen(now=SOON)
    for words in ("Nobody told me.", "Nobody told me. And it rained."):
        feedback.add_words(round_.appointment, words=words, now=NOW)
        assert (listening.listen(now=SOON), listening.listen(now=SOON)) == (1, 0)
    assert RecoveryCase.objects.count() == 1
    assert [one.words for one in CaseEntry.objects.all()] == ["", "Nobody told me.", "Nobody told me. And it rained."]


def test_a_bad_score_is_acknowledged_once_with_regret_and_what_was_written(round_: RescheduleRequest) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    feedback.rate(round_.appointment, question="handling", score=1, now=NOW)
    feedback.add_words(round_.appointment, words="I stood in the rain.", now=NOW)
    for moment in (SOON, SOON + minutes(1)):
        listening.listen(now=moment)
    message = Message.objects.get(kind="acknowledgement")
    case, promise = RecoveryCase.objects.get(), Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert message.context["answer"] == "score"
    assert (message.context["case"], message.context["promise_due"]) == (case.number, promise.due_at)
    assert "we are sorry" in message.text
    assert "I stood in the rain." in message.text


@pytest.mark.parametrize(("words", "answer"), [("", []), ("The lift was out of order.", ["tell"])])
def test_beside_a_better_score_only_words_are_acknowledged(
    round_: RescheduleRequest, words: str, answer: list[str]
) -> None:
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    feedback.rate(round_.appointment, question="handling", score=3, now=NOW)
    feedback.add_words(round_.appointment, words=words, now=NOW)
    listening.listen(now=SOON)
    assert [one.context["answer"] for one in Message.objects.filter(kind="acknowledgement")] == answer


@pytest.mark.parametrize(("times", "expected"), [(1, []), (2, ["rounds"]), (3, ["rounds"])])
def test_times_that_twice_did_not_suit_are_talked_about(
    melati: Clinic, round_: RescheduleRequest, times: int, expected: list[str]
) -> None:
    for number in range(times):
        latest = round_.appointment.requests.latest("round")
        answers.ask_other_times(latest, wishes=Wishes(), nonce=f"o{number}", now=NOW + minutes(number))
    listening.listen(now=NOW + minutes(5))
    listening.listen(now=NOW + minutes(6))
    assert origins() == expected


def test_who_was_not_reached_is_taken_up(round_: RescheduleRequest) -> None:
    true_if = {"appointment": round_.appointment_id, "request": round_.pk}
    undelivered.phone_instead(true_if, kind="offer", why="mailbox full", now=NOW)
    listening.listen(now=SOON)
    assert origins() == ["unreached"]
    assert list(Promise.objects.open().filter(kind__in=("reply", "call")).values_list("kind", flat=True)) == ["call"]


def test_a_broken_promise_is_taken_up_and_a_time_kept_free_is_none(round_: RescheduleRequest) -> None:
    answers.call_me(round_, nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    watchdog.watch(now=owed.due_at)
    assert listening.listen(now=owed.due_at) == 0
    watchdog.watch(now=owed.due_at + minutes(1))
    listening.listen(now=owed.due_at + minutes(1))
    assert list(CaseEntry.objects.values_list("origin", "key")) == [("broken", f"promise:{owed.pk}")]


def test_everything_about_one_appointment_is_one_case(round_: RescheduleRequest) -> None:
    answers.tell(round_, words="Nobody told me.", nonce="t", now=NOW)
    answers.tell(round_, words="And again.", nonce="u", now=NOW + minutes(1))
    assert listening.listen(now=NOW + minutes(2)) == 2
    assert RecoveryCase.objects.count() == 1
    assert [one.words for one in RecoveryCase.objects.get().entries.all()] == ["Nobody told me.", "And again."]


def test_what_lies_days_ago_is_history(round_: RescheduleRequest) -> None:
    answers.tell(round_, words="Nobody told me.", nonce="t", now=NOW)
    assert listening.listen(now=NOW + days(2) + minutes(1)) == 0
    assert listening.listen(now=NOW + days(2)) == 1


def test_one_look_costs_as_much_for_many_as_for_none(
    melati: Clinic, round_: RescheduleRequest, django_assert_num_queries: object
) -> None:
    for number in range(5):
        answers.tell(round_, words=f"No {number}.", nonce=f"t{number}", now=NOW, by=actors.CUSTOMER)
    listening.listen(now=SOON)
    with django_assert_num_queries(len(listening.SOURCES) + 1):  # type: ignore[operator]
        assert listening.listen(now=SOON + hours(1)) == 0
