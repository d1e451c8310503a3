"""Who has seen what we wrote: a person, once, of what they were told last."""

from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers, opened, rounds
from appointments.domain.schedule.slots import Wishes
from appointments.models import RescheduleRequest
from tests.clock import NOW, minutes
from tests.factories import Clinic


def seen(melati: Clinic) -> list[Any]:
    return list(RescheduleRequest.objects.order_by("round").values_list("seen_at", flat=True))


def test_the_first_time_stands(melati: Clinic) -> None:
    appointment = melati.offered().appointment
    assert opened.by_somebody(appointment, now=NOW + minutes(1))
    assert not opened.by_somebody(appointment, now=NOW + minutes(2))
    assert seen(melati) == [NOW + minutes(1)]


def test_the_page_shows_the_newest_proposal_that_was_told(melati: Clinic) -> None:
    first = melati.offered()
    second = melati.offered(first.appointment, now=NOW + minutes(10))
    rounds.undo(melati.offered(first.appointment, now=NOW + minutes(20)), by=actors.SYSTEM, now=NOW + minutes(20))
    opened.by_somebody(first.appointment, now=NOW + minutes(30))
    assert RescheduleRequest.objects.exclude(seen_at=None).get() == second


def test_without_a_proposal_there_is_nothing_to_see(melati: Clinic) -> None:
    assert not opened.by_somebody(melati.booked(), now=NOW)


@pytest.mark.parametrize("answer", ["pick", "keep", "cancel", "other_times", "call_me", "tell"])
def test_whoever_answers_has_seen_it(melati: Clinic, answer: str) -> None:
    round_, common = melati.offered(can_keep=True), {"nonce": "n", "now": NOW + minutes(3)}
    give(round_, answer, **common)
    assert seen(melati)[0] == NOW + minutes(3)


@pytest.mark.parametrize("answer", ["pick", "keep", "cancel", "other_times", "call_me"])
def test_what_a_colleague_writes_down_was_said_and_not_seen(melati: Clinic, answer: str) -> None:
    round_ = melati.offered(can_keep=True)
    by = {"by": actors.staff(melati.staff), "recorded_by": melati.staff}
    give(round_, answer, nonce="n", now=NOW + minutes(3), **by)
    assert seen(melati)[0] is None


def test_nor_what_the_customer_had_a_colleague_write_down(melati: Clinic) -> None:
    give(melati.offered(), "call_me", nonce="n", now=NOW + minutes(3), recorded_by=melati.staff)
    assert seen(melati) == [None]


def test_an_answer_leaves_the_first_time_as_it_was(melati: Clinic) -> None:
    round_ = melati.offered()
    opened.by_somebody(round_.appointment, now=NOW + minutes(1))
    answers.tell(round_, words="Thank you", nonce="t", now=NOW + minutes(3))
    give(round_, "pick", nonce="n", now=NOW + minutes(4))
    assert seen(melati) == [NOW + minutes(1)]


def give(round_: RescheduleRequest, answer: str, **common: Any) -> None:
    if answer == "pick":
        answers.accept(round_.offers.get(position=1), **common)
    elif answer == "other_times":
        answers.ask_other_times(round_, wishes=Wishes(), **common)
    elif answer == "tell":
        answers.tell(round_, words="Thank you", **common)
    else:
        getattr(answers, answer)(round_, **common)
