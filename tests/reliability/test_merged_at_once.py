"""Several colleagues put the same record together with others while somebody books for it: one of them wins, and no
appointment is left behind.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from appointments.domain.customers.undoing import undo
from appointments.domain.diary import new
from appointments.errors import DomainError
from appointments.models import Appointment, Customer, CustomerMerge
from tests.clock import NOW, days
from tests.factories import CustomerFactory, clinic
from tests.factories.people import together
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them came to: its result, or the refusal."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (DomainError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    return all_at_once(run, acts)


def test_one_of_many_merges_wins_and_nothing_is_booked_behind_it() -> None:
    here = clinic()
    gone, others = CustomerFactory(), CustomerFactory.create_batch(4)

    def booked(number: int) -> Callable[[], Any]:
        wanted = here.wanted(NOW + days(1 + number), customer=gone)
        return lambda: new.book(wanted, form=f"form-{number}", by=here.staff, now=NOW)

    merges = [lambda one=one: together(one, gone, by=here.staff) for one in others]
    results = at_once(*merges, *(booked(number) for number in range(4)))

    won = [one for one in results[:4] if isinstance(one, CustomerMerge)]
    assert (len(won), CustomerMerge.objects.count()) == (1, 1)
    assert not Appointment.objects.filter(customer=gone).exists()
    made = [one for one in results[4:] if isinstance(one, Appointment)]
    assert set(Appointment.objects.filter(customer=won[0].kept)) == set(made)
    assert all("customer_is_gone" in str(one) for one in results[4:] if one not in made)


def test_two_records_put_together_both_ways_become_one() -> None:
    here = clinic()
    one, other = CustomerFactory.create_batch(2)
    results = at_once(
        lambda: together(one, other, by=here.staff),
        lambda: together(other, one, by=here.staff),
    )
    assert sorted(isinstance(result, CustomerMerge) for result in results) == [False, True]
    assert Customer.objects.standing().filter(pk__in=[one.pk, other.pk]).count() == 1


def test_it_is_undone_once() -> None:
    here = clinic()
    one, other = CustomerFactory.create_batch(2)
    merge = together(one, other, by=here.staff)
    results = at_once(*[lambda: undo(merge, by=here.staff, now=NOW)] * 3)
    assert sorted(isinstance(result, DomainError) for result in results) == [False, True, True]
