"""A seeded history: of three changes one helped, one did not, and of one nobody can tell."""

import random
from datetime import date, datetime
from typing import Any

import pytest

from appointments.domain.reports.prevention import effect_of
from appointments.enums import AppointmentState, RequestState, Verdict
from appointments.models import CorrectiveAction, Reason
from tests.clock import at, days, hours
from tests.factories import (
    AppointmentFactory,
    Clinic,
    CustomerFactory,
    LocationFactory,
    ReasonFactory,
    RescheduleRequestFactory,
)

pytestmark = pytest.mark.django_db
CHANGED, TODAY = date(2026, 6, 1), date(2026, 8, 1)


def history(melati: Clinic, cause: Reason, *, before: float, after: float, a_day: int = 4, seed: int = 3) -> None:
    """So many appointments a day in the two months on each side of the change, a share of which the cause moved."""
    chance, who = random.Random(seed), CustomerFactory()
    for day in range(-61, 61):
        start: datetime = at("2026-06-01 09:00") + days(day)
        for turn in range(a_day):
            values: dict[str, Any] = {"state": AppointmentState.COMPLETED, "occupies": False, "customer": who}
            values |= {"service": melati.service, "location": melati.location, "provider": melati.provider}
            appointment = AppointmentFactory(starts_at=start + hours(turn), **values)
            if chance.random() < (before if day < 0 else after):
                RescheduleRequestFactory(
                    appointment=appointment, reason=cause, state=RequestState.ACCEPTED, contact=melati.staff,
                    opened_at=start - days(2), closed_at=start - days(1), was_starts_at=appointment.starts_at,
                )  # fmt: skip


def changed(melati: Clinic, cause: Reason, **fields: Any) -> CorrectiveAction:
    values: dict[str, Any] = {"works_since": CHANGED, "due_on": CHANGED, "owner": melati.manager}
    return CorrectiveAction.objects.create(cause=cause, what="A second machine", **values | fields)


def test_the_change_that_helped_is_told_from_the_others(melati: Clinic) -> None:
    machine, illness = ReasonFactory(label="Machine"), ReasonFactory(label="Illness")
    history(melati, machine, before=0.3, after=0.05)
    history(melati, illness, before=0.04, after=0.04, a_day=1, seed=5)
    found = effect_of(changed(melati, machine), today=TODAY)
    assert found is not None
    assert found.verdict == Verdict.BETTER
    assert found.after.appointments == 61 * 5
    unsure = effect_of(changed(melati, illness), today=TODAY)
    assert unsure is not None
    assert unsure.verdict == Verdict.CANNOT_TELL


def test_other_places_services_and_causes_do_not_count(melati: Clinic) -> None:
    machine = ReasonFactory(label="Machine")
    history(melati, machine, before=0.3, after=0.05, a_day=1)
    elsewhere = effect_of(changed(melati, machine, location=LocationFactory()), today=TODAY)
    assert elsewhere is not None
    assert (elsewhere.before.appointments, elsewhere.after.moves) == (0, 0)
    here = effect_of(changed(melati, machine, location=melati.location, service=melati.service), today=TODAY)
    assert here is not None
    assert here.after.appointments == 61


def test_before_it_works_there_is_nothing_to_compare(melati: Clinic) -> None:
    machine = ReasonFactory()
    assert effect_of(changed(melati, machine, works_since=None), today=TODAY) is None
    assert effect_of(changed(melati, machine, works_since=TODAY), today=TODAY) is None


def test_a_change_is_late_until_it_works_or_is_given_up(melati: Clinic) -> None:
    machine = ReasonFactory()
    planned = changed(melati, machine, works_since=None)
    assert [planned.is_late(day) for day in (CHANGED, TODAY)] == [False, True]
    assert not changed(melati, machine, works_since=None, given_up="Too dear").is_late(TODAY)
    assert not changed(melati, machine).is_late(TODAY)
