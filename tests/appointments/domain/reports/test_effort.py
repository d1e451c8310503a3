"""How much a move asks of a customer."""

from typing import Any

import pytest

from appointments.domain.moving import answers
from appointments.domain.reports.effort import Effort, effort
from appointments.domain.reports.moves import moves
from appointments.domain.schedule.wishes import Wishes
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, CustomerFactory, letters_have_left

pytestmark = pytest.mark.django_db


def settled(melati: Clinic, *, asks: int, after: float, hour: int = 10) -> None:
    """Asked for other times so often, then chosen after so many hours."""
    round_ = melati.offered(melati.booked(f"2026-11-26 {hour:02}:00", customer=CustomerFactory()))
    letters_have_left()
    for number in range(asks):
        now = NOW + minutes(number + 1)
        answers.ask_other_times(round_, wishes=Wishes(), nonce=f"o{hour}{number}", now=now)
        round_ = round_.appointment.requests.latest("round")
    answers.accept(round_.offers.order_by("-starts_at")[0], nonce=f"p{hour}", now=NOW + hours(after))


def test_nobody_has_answered_yet(melati: Clinic) -> None:
    melati.offered()
    assert effort(moves()) is None


def test_two_taps_are_one_answer_with_the_offer_and_its_confirmation(melati: Clinic) -> None:
    settled(melati, asks=0, after=2)
    assert effort(moves()) == Effort(settled=1, answers=1, messages=2, hours=2.0, at_once=1)


def test_every_further_list_costs_an_answer_and_no_message_since_the_page_shows_it(melati: Clinic) -> None:
    settled(melati, asks=0, after=1, hour=9)
    settled(melati, asks=1, after=2, hour=11)
    settled(melati, asks=1, after=3, hour=14)
    found = effort(moves())
    assert found is not None
    assert (found.settled, found.answers, found.messages, found.hours, found.at_once) == (3, 2, 2, 2.0, 1)
    assert found.at_once_share == pytest.approx(1 / 3)


def test_it_asks_as_much_for_many_as_for_one(melati: Clinic, django_assert_num_queries: Any) -> None:
    for hour in (9, 11, 14):
        settled(melati, asks=0, after=1, hour=hour)
    with django_assert_num_queries(3):
        assert effort(moves())
