"""Why each line of a plan is as it is: the soonest at once, others when they are shown."""

import pytest

from appointments.domain.disruptions.planning import explained, plans
from tests.appointments.domain.disruptions.world import booked_on_tuesday, planned
from tests.clock import NOW
from tests.factories import Clinic


def test_the_soonest_are_explained_as_the_plan_is_made(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second, third = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)
    assert explained.missing_in(plan.lines.all()) == []

    monkeypatch.setattr(explained, "AT_ONCE", 2)
    plan = plans.make(plan, now=NOW)

    assert [line.appointment_id for line in explained.missing_in(plan.lines.all())] == [third.pk]
    assert plan.lines.get(appointment=first).why["cheaper"] == 0


def test_of_a_line_without_a_time_its_lack_is_missing(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    plan.lines.update(starts_at=None, ends_at=None)
    assert len(explained.missing_in(plan.lines.all())) == 1
    plan.lines.update(lack={"ways": 0})
    assert explained.missing_in(plan.lines.all()) == []
