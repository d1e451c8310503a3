"""What we have cost each customer is read from what happened, and fades."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain.disruptions import inconvenience
from appointments.domain.moving import answers, rounds
from appointments.enums import Fault
from appointments.models import Customer
from tests.clock import NOW, at, days, hours
from tests.factories import Clinic, CustomerFactory, OfferFactory, ReasonFactory, RescheduleRequestFactory

LONG_NOTICE = days(3)


def told(customer: Customer, *, at: datetime = NOW, notice: Any = LONG_NOTICE, **fields: Any) -> Any:
    """A round of ours that this customer has heard of."""
    start = at + notice
    return RescheduleRequestFactory(
        appointment__customer=customer,
        appointment__occupies=False,
        opened_at=at,
        undo_until=at,
        respond_by=at + hours(2),
        call_by=at + hours(4),
        was_starts_at=start,
        was_ends_at=start + hours(1),
        **fields,
    )


def counts(customer: Customer, now: datetime = NOW) -> float:
    return round(inconvenience.of_customers([customer.pk], now=now).get(customer.pk, 0.0), 6)


def test_who_was_never_moved_costs_nothing(melati: Clinic) -> None:
    assert inconvenience.of_customers([melati.customer.pk], now=NOW) == {}


def test_a_move_counts_one_and_half_as_much_after_ninety_days(melati: Clinic) -> None:
    told(melati.customer)
    assert [counts(melati.customer, NOW + days(n)) for n in (0, 90, 180)] == [1.0, 0.5, 0.25]


def test_after_a_year_it_is_forgotten(melati: Clinic) -> None:
    told(melati.customer)
    assert counts(melati.customer, NOW + days(365) - hours(1)) > 0
    assert counts(melati.customer, NOW + days(365)) == 0


@pytest.mark.parametrize(("notice", "points"), [(hours(24), 1.0), (hours(23), 1.5)])
def test_short_notice_costs_more(melati: Clinic, notice: Any, points: float) -> None:
    told(melati.customer, notice=notice)
    assert counts(melati.customer) == points


@pytest.mark.parametrize(("waited", "points"), [(days(7), 2.0), (days(14), 3.0), (days(30), 3.0), (-days(1), 1.0)])
def test_so_does_waiting_up_to_a_limit(melati: Clinic, waited: Any, points: float) -> None:
    round_ = told(melati.customer)
    start = round_.was_starts_at + waited
    OfferFactory(request=round_, state="taken", starts_at=start, ends_at=start + hours(1), guaranteed=False)
    assert counts(melati.customer) == points


def test_several_moves_add_up_for_each_customer_by_itself(melati: Clinic) -> None:
    other = CustomerFactory()
    told(melati.customer)
    told(melati.customer, at=NOW - days(90))
    told(other)

    assert inconvenience.of_customers([melati.customer.pk, other.pk], now=NOW) == {melati.customer.pk: 1.5, other.pk: 1}


def test_what_the_customer_wished_costs_nothing(melati: Clinic) -> None:
    told(melati.customer, wished=True)
    told(melati.customer, reason=ReasonFactory(fault=Fault.CUSTOMER))
    assert counts(melati.customer) == 0


def test_what_was_undone_before_anybody_heard_of_it_costs_nothing(melati: Clinic) -> None:
    round_ = melati.offered()
    assert counts(round_.appointment.customer) > 0
    rounds.undo(round_, by=answers.CUSTOMER, now=NOW)
    assert counts(round_.appointment.customer) == 0


def test_the_entries_say_what_it_was(melati: Clinic) -> None:
    round_ = told(melati.customer, notice=hours(2))
    told(melati.customer, at=NOW - days(90))

    newest, older = inconvenience.entries_of(melati.customer.pk, now=NOW)

    assert (newest.round_, newest.at_short_notice, newest.waited) == (round_, True, days(0))
    assert (newest.points, newest.counts, older.points, older.counts) == (1.5, 1.5, 1.0, 0.5)
    assert inconvenience.total([newest, older]) == 2.0


def test_when_somebody_was_moved_stands_newest_first(melati: Clinic) -> None:
    told(melati.customer, at=NOW - days(3))
    told(melati.customer, at=at("2026-11-01 09:00"))
    assert inconvenience.moves_of_customers([melati.customer.pk], now=NOW) == {
        melati.customer.pk: [NOW - days(3), at("2026-11-01 09:00")]
    }


@pytest.mark.parametrize(("cost", "weight"), [(0, 1.0), (1, 1.5), (4, 3.0), (40, 3.0)])
def test_the_delay_of_whom_we_moved_weighs_more_and_never_more_than_threefold(cost: float, weight: float) -> None:
    assert inconvenience.weight(cost) == weight
