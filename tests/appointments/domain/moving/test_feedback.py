"""Two questions, five answers each, and what a bad one sets off."""

import pytest

from appointments.domain.moving import answers, feedback
from appointments.enums import EventKind, PromiseKind
from appointments.errors import DomainError
from appointments.models import Appointment, Feedback, Promise
from tests.clock import NOW, at
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_no_more_questions_is_remembered_at_once(melati: Clinic) -> None:
    feedback.ask_no_more(melati.customer)
    assert melati.customer.wants_follow_up is False
    melati.customer.refresh_from_db()
    assert melati.customer.wants_follow_up is False


def rate(appointment: Appointment, question: str, score: int) -> int:
    """How many answers we owe after this one."""
    feedback.rate(appointment, question=question, score=score, now=NOW)
    return Promise.objects.open().filter(kind=PromiseKind.REPLY).count()


@pytest.fixture
def moved(melati: Clinic) -> Appointment:
    offer = melati.offered().offers.get(position=1)
    answers.accept(offer, nonce="p", now=NOW)
    return Appointment.objects.get()


@pytest.mark.parametrize(("score", "owed"), [(1, 1), (2, 1), (3, 0), (4, 0), (5, 0)])
@pytest.mark.parametrize("question", ["handling", "outcome"])
def test_one_and_two_are_bad_and_get_an_answer(moved: Appointment, question: str, score: int, owed: int) -> None:
    assert rate(moved, question, score) == owed
    assert getattr(Feedback.objects.get(), question) == score


@pytest.mark.parametrize(("question", "score"), [("handling", 0), ("handling", 6), ("weather", 3)])
def test_there_are_five_answers_to_two_questions(moved: Appointment, question: str, score: int) -> None:
    with pytest.raises(DomainError, match="five answers"):
        rate(moved, question, score)
    assert not Feedback.objects.exists()


def test_the_same_answer_again_changes_nothing_and_another_one_counts(moved: Appointment) -> None:
    for score in (1, 1, 4):
        rate(moved, "handling", score)
    assert Feedback.objects.get().handling == 4
    assert list(moved.events.filter(kind=EventKind.RATED).order_by("pk").values_list("note", flat=True)) == [
        "how we handled it: 1 of 5", "how we handled it: 4 of 5",
    ]  # fmt: skip


def test_the_contact_of_the_move_owes_the_answer_within_three_working_hours(melati: Clinic, moved: Appointment) -> None:
    rate(moved, "handling", 1)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert (owed.owner, owed.due_at, owed.details) == (melati.staff, at("2026-11-23 12:00"), "rated us 1 of 5")


def test_who_was_never_moved_has_nobody_to_answer(melati: Clinic) -> None:
    assert rate(melati.booked(), "handling", 1) == 0


def test_own_words_are_kept_and_answered_once(moved: Appointment) -> None:
    for words in ("  ", " It rained. ", "It rained.", ""):
        feedback.add_words(moved, words=words, now=NOW)
    assert Feedback.objects.get().words == "It rained."
    assert Promise.objects.open().get(kind=PromiseKind.REPLY).details == "It rained."


def test_the_page_knows_what_was_answered(moved: Appointment) -> None:
    rate(moved, "outcome", 4)
    assert [(one.key, one.given) for one in feedback.asked(moved, Feedback.objects.get())] == [
        ("handling", None), ("outcome", 4),
    ]  # fmt: skip
    assert [(one.key, one.given) for one in feedback.asked(moved, None)] == [("handling", None), ("outcome", None)]


def test_whose_hour_stayed_is_not_asked_about_a_new_one(melati: Clinic) -> None:
    offer = melati.offered().offers.get(position=1)
    answers.accept(offer, nonce="p", now=NOW)
    appointment = Appointment.objects.get()
    assert feedback.asked(appointment, None)[1].text == "Did the new time work for you?"
    appointment.requests.update(was_starts_at=appointment.starts_at)
    assert feedback.asked(appointment, None)[1].text == "Was the change all right for you?"
