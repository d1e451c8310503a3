"""What did not arrive stays in front of the desk until the customer knows."""

import pytest

from appointments.domain.messages import failed
from appointments.domain.moving import answers
from appointments.errors import DomainError
from appointments.models import Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import CallAttemptFactory, Clinic, letters_have_left

LATER = NOW + minutes(5)


@pytest.fixture
def lost(melati: Clinic) -> RescheduleRequest:
    """A round whose offer came back."""
    round_ = melati.offered()
    gone("bounced")
    return round_


def gone(state: str, **which: object) -> None:
    sent_at = NOW if state == "bounced" else None
    Message.objects.filter(**which).update(state=state, sent_at=sent_at, secrets={}, mime=None)


def standing() -> list[int]:
    return list(failed.appointments())


@pytest.mark.parametrize("state", ["failed", "parked", "bounced"])
def test_what_did_not_arrive_stands_there(lost: RescheduleRequest, state: str) -> None:
    gone(state)
    assert standing() == [lost.appointment_id]
    (messages,) = failed.by_appointment([lost.appointment_id]).values()
    assert [(one.kind, one.state) for one in messages] == [("offer", state)]


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "delivered", "dropped", "cancelled"])
def test_what_is_under_way_or_needless_does_not(melati: Clinic, state: str) -> None:
    melati.offered()
    sent_at = NOW if state in ("sent", "delivered") else None
    Message.objects.update(state=state, sent_at=sent_at, secrets={}, mime=None, leased_until=LATER)
    assert standing() == []


def test_what_is_worth_no_call_does_not(lost: RescheduleRequest) -> None:
    Message.objects.update(kind="follow_up")
    assert standing() == []


def test_what_is_about_nothing_of_ours_does_not(lost: RescheduleRequest) -> None:
    Message.objects.update(about="business:1")
    assert standing() == []


def test_a_call_that_reached_them_settles_it_and_one_that_did_not_does_not(lost: RescheduleRequest) -> None:
    promise = Promise.objects.get(kind="answer_or_call")
    CallAttemptFactory(promise=promise, at=LATER, outcome="no_answer")
    CallAttemptFactory(promise=promise, at=NOW - hours(1), outcome="settled")
    assert standing() == [lost.appointment_id]
    CallAttemptFactory(promise=promise, at=LATER, outcome="settled")
    assert standing() == []


def test_their_answer_settles_it(lost: RescheduleRequest) -> None:
    answers.call_me(lost, nonce="c", now=LATER)
    Message.objects.exclude(kind="offer").delete()
    assert standing() == []


def test_another_message_that_arrived_settles_it(lost: RescheduleRequest) -> None:
    newer = Message.objects.get()
    newer.pk, newer.key, newer.message_id, newer.kind = None, "later", "<later@x>", "nudge"
    newer.created_at, newer.state, newer.sent_at = LATER, "queued", None
    newer.save()
    assert standing() == [lost.appointment_id]
    letters_have_left()
    assert standing() == []
    Message.objects.filter(key="later").update(channel="call")
    assert standing() == [lost.appointment_id]


def test_it_is_sent_again_once(lost: RescheduleRequest) -> None:
    assert failed.send_again(lost.appointment, by="sari", now=LATER) == 1
    again = Message.objects.get(replaces__isnull=False)
    assert (again.kind, again.state) == ("offer", "queued")
    assert standing() == []
    with pytest.raises(DomainError, match="nothing to send again"):
        failed.send_again(lost.appointment, by="sari", now=LATER)
