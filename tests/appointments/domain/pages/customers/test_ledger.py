"""What our moves have cost a customer: each with its reason, and less of it every day."""

from datetime import timedelta
from typing import Any

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers, rounds
from appointments.domain.pages.customers.ledger import Ledger, ledger_of
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory


def of(world: Clinic, *, after: timedelta = timedelta(0)) -> Ledger:
    return ledger_of(world.customer, now=NOW + after)


def test_whom_we_never_moved_we_have_cost_nothing(melati: Clinic) -> None:
    melati.booked()
    found = of(melati)
    assert (found.lines, found.counts, found.weight) == ([], 0, 1.0)


def test_a_move_stands_there_with_its_reason_and_counts_less_every_day(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-24 08:00"))
    (line,) = of(melati).lines
    facts = line.entry.round_, line.entry.round_.reason, line.entry.at_short_notice, line.entry.points
    assert facts == (round_, melati.reason, True, 1.5)
    assert [of(melati, after=days(age)).counts for age in (0, 90, 180)] == [1.5, 0.75, 0.375]
    assert [of(melati, after=days(age)).weight for age in (0, 90)] == [1.75, 1.375]
    assert (of(melati).halved_after, of(melati).forgotten_after) == (90, 365)


def test_the_time_that_was_waited_is_said_in_hours(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-25 08:00"))
    offer = round_.offers.get(position=3)
    answers.accept(offer, nonce="p", now=NOW)
    (line,) = of(melati).lines
    assert line.waited_hours == max((offer.starts_at - round_.was_starts_at) / timedelta(hours=1), 0)


def test_after_a_year_it_is_forgotten(melati: Clinic) -> None:
    melati.offered()
    assert [len(of(melati, after=days(age)).lines) for age in (364, 365)] == [1, 0]


def test_what_was_undone_before_anybody_read_it_cost_nothing(melati: Clinic) -> None:
    rounds.undo(melati.offered(), by=actors.staff(melati.staff), now=NOW)
    assert of(melati).lines == []


def test_others_have_their_own(melati: Clinic) -> None:
    melati.offered(melati.booked(customer=CustomerFactory()))
    assert of(melati).lines == []


@pytest.mark.parametrize("count", [1, 5])
def test_many_are_read_like_one(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        melati.offered(melati.booked(f"2026-11-{24 + number} 08:00"), guaranteed=False)
    with django_assert_num_queries(1):
        assert [str(line.entry.round_.reason) for line in of(melati).lines] == ["Colleague is ill"] * count
