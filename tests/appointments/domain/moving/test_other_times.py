"""The rounds that open by themselves when a customer asks for other times."""

from datetime import datetime

import pytest

from appointments.domain.moving import answers
from appointments.domain.schedule.slots import Wishes
from appointments.enums import PromiseKind, RequestState
from appointments.models import Appointment, RescheduleRequest
from tests.clock import NOW
from tests.factories import Clinic, clinic

pytestmark = pytest.mark.django_db
AFTERNOON = Wishes(parts=frozenset({"afternoon"}))


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def newest(appointment: Appointment) -> RescheduleRequest:
    return appointment.requests.latest("round")


def choices(round_: RescheduleRequest) -> set[tuple[datetime, int | None]]:
    return {offer.when_and_whom for offer in round_.offers.all()}


def test_what_was_offered_before_is_not_offered_again(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.offered(appointment)
    answers.ask_other_times(first, wishes=AFTERNOON, nonce="1", now=NOW)
    second = newest(appointment)
    answers.ask_other_times(second, wishes=AFTERNOON, nonce="2", now=NOW)
    third = newest(appointment)

    assert [first.round, second.round, third.round] == [1, 2, 3]
    assert choices(second) & (choices(first) | choices(third)) == set()
    assert all(offer.guaranteed for offer in third.offers.all())


def test_after_three_rounds_of_wishes_a_person_looks_for_times(melati: Clinic) -> None:
    appointment = melati.booked()
    melati.offered(appointment)
    for turn in range(3):
        answers.ask_other_times(newest(appointment), wishes=Wishes(), nonce=f"{turn}", now=NOW)
    last = newest(appointment)
    assert (last.round, last.wished, last.state) == (4, True, RequestState.OPEN)

    answers.ask_other_times(last, wishes=Wishes(), nonce="once more", now=NOW)
    last.refresh_from_db()
    assert (newest(appointment), last.state) == (last, RequestState.WITH_US)
    assert last.promises.open().filter(kind=PromiseKind.FIND_TIMES).count() == 1
