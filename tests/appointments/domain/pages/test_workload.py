"""Open work, spread over everybody at the desk."""

from datetime import timedelta
from typing import Any

import pytest

from appointments.domain import actors, promises
from appointments.domain.pages.workload import workload
from appointments.domain.recovery import cases
from appointments.enums import CaseOrigin, PromiseKind
from appointments.models import Promise, RecoveryCase
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, PromiseFactory

pytestmark = pytest.mark.django_db


def loads() -> dict[int, tuple[int, int, int]]:
    found = workload(RecoveryCase.objects.all(), Promise.objects.all(), now=NOW)
    return {one.colleague.pk: (one.complaints, one.promises, one.due_soon) for one in found}


def owed(melati: Clinic, due: timedelta) -> Promise:
    made: Promise = PromiseFactory(owner=melati.staff, due_at=NOW + due)
    return made


def test_everybody_stands_there_with_what_is_open_and_what_is_due_soon(melati: Clinic) -> None:
    assert loads() == {melati.staff.pk: (0, 0, 0), melati.manager.pk: (0, 0, 0)}
    owed(melati, hours(2))
    PromiseFactory(owner=melati.staff, kind=PromiseKind.HOLD)
    done = owed(melati, hours(1))
    assert loads()[melati.staff.pk] == (0, 2, 2)
    promises.keep(done, how="by phone", by=actors.staff(melati.staff), now=NOW)
    Promise.objects.open().update(due_at=NOW + hours(2) + minutes(1))
    assert loads()[melati.staff.pk] == (0, 1, 0)


def test_a_complaint_counts_for_whoever_has_it_until_it_is_closed(melati: Clinic) -> None:
    case = cases.take_up(melati.booked(), CaseOrigin.STAFF, key="k", by=actors.SYSTEM, owner=melati.manager, now=NOW)
    assert case is not None
    assert loads()[melati.manager.pk][0] == 1


def test_it_asks_as_much_for_many_as_for_few(melati: Clinic, django_assert_num_queries: Any) -> None:
    for _turn in range(3):
        owed(melati, hours(1))
        with django_assert_num_queries(3):
            loads()
