"""What we have promised, to its customer and to the colleague who owes it."""

import pytest

from appointments.domain import promises
from appointments.domain.messages import announce
from appointments.domain.moving import answers
from appointments.enums import CallOutcome, PromiseKind
from appointments.models import CallAttempt, Promise
from notifications.models import Message
from tests.clock import NOW, at, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_an_acknowledgement_repeats_what_was_asked_and_words_are_always_words(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW, words="After lunch")
    answers.tell(round_, nonce="t", now=NOW, words="Hello")
    told = Message.objects.filter(kind="acknowledgement").order_by("pk")
    assert [(one.context["answer"], one.context["words"], one.context["case"]) for one in told] == [
        ("call_me", "After lunch", f"R-{1000 + round_.pk}"), ("tell", "Hello", f"R-{1000 + round_.pk}"),
    ]  # fmt: skip
    assert [one.not_after for one in told] == [at("2026-11-23 12:00")] * 2


def test_a_call_that_reached_nobody_says_so_and_whether_it_came_late(melati: Clinic) -> None:
    owed = promises.owe(PromiseKind.CALL, melati.booked(), owner=melati.staff, now=NOW)
    other = promises.owe(PromiseKind.CALL, melati.booked("2026-11-25 14:00"), owner=melati.staff, now=NOW)
    missed, wrong = (
        CallAttempt.objects.create(promise=owed, at=NOW, by=melati.staff, outcome=outcome, nonce=outcome)
        for outcome in (CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER)
    )
    in_time, by_mistake = (announce.not_reached(owed, attempt, now=NOW).context for attempt in (missed, wrong))
    Message.objects.filter(kind="not_reached").delete()
    late = announce.not_reached(other, missed, now=NOW).context
    assert (in_time["wrong_number"], in_time["is_late"]) == (False, False)
    assert (by_mistake["wrong_number"], by_mistake["is_late"]) == (True, False)
    assert (late["wrong_number"], late["is_late"]) == (False, True)


def test_a_colleague_is_told_whose_promise_is_in_danger(melati: Clinic) -> None:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    theirs = announce.escalate(owed, to=melati.staff, now=NOW)
    assert (theirs.email, theirs.urgency, theirs.secrets) == (melati.staff.email, "now", {})
    assert (theirs.context["is_theirs"], theirs.context["is_overdue"]) == (True, False)
    late = owed.due_at + minutes(1)
    other = announce.escalate(owed, to=melati.manager, now=late)
    assert (other.email, other.context["contact"]["name"]) == (melati.manager.email, theirs.context["contact"]["name"])
    assert (other.context["is_theirs"], other.context["is_overdue"]) == (False, True)
    assert announce.escalate(owed, to=melati.manager, now=late) == other


def test_the_same_event_is_told_once(melati: Clinic) -> None:
    round_ = melati.offered()
    assert announce.apologise_and_offer(round_, now=NOW) == Message.objects.get(kind="offer")
    again = announce.apologise_and_offer(round_, now=NOW, again=True)
    assert again != Message.objects.get(key=f"offer:request:{round_.pk}")


def test_answers_go_to_the_business_and_every_letter_has_its_own_key(melati: Clinic) -> None:
    round_ = melati.offered()
    tokens = {announce.nudge(round_, turn=turn, now=NOW).secrets["link"] for turn in (1, 2)}
    tokens.add(Message.objects.get(kind="offer").secrets["link"])
    assert len(tokens) == 3
    assert set(Message.objects.values_list("reply_to", flat=True)) == {melati.business.email}
