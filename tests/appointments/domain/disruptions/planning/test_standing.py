"""A plan as it stands, put to the planner once more."""

from typing import Any

import pytest

from appointments.domain.disruptions.planning import choices, plans, questions, standing
from appointments.domain.schedule.slots import slot_at
from tests.appointments.domain.disruptions.world import booked_on_tuesday, line_of, planned
from tests.clock import NOW, at
from tests.factories import Clinic


def test_everybody_stands_where_the_plan_has_them(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)

    stands = standing.of(plan, now=NOW)

    assert stands is not None
    assert set(stands.appointments) == {job.key for job in stands.problem.jobs} == {first.pk, second.pk}
    assert {questions.slot_of(stands.found.placements[one.pk], one).starts_at for one in (first, second)} == {
        line_of(plan, one).starts_at for one in (first, second)
    }
    lifted = standing.of(plan, now=NOW, lifted=first.pk)
    assert lifted is not None and set(lifted.found.placements) == {second.pk}


def test_a_time_out_of_hours_that_a_colleague_has_pinned_is_taken(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    evening = slot_at(first, starts_at=at("2026-11-26 19:00"), provider_id=melati.provider.pk, now=NOW)
    plan = plans.place(plan, first.pk, evening, now=NOW)
    plan.outside_hours = True
    plan.save()

    stands = standing.of(plan, now=NOW)

    assert stands is not None and stands.found.pinned == {first.pk}
    starts = {one.slot.starts_at for one in choices.of(line_of(plan, second), now=NOW)}
    assert evening.starts_at not in starts


def test_of_nobody_there_is_nothing_to_ask(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    melati.offered(appointment)
    assert standing.of(plan, now=NOW) is None


@pytest.mark.parametrize("count", [1, 8])
def test_it_asks_as_often_for_many_as_for_one(melati: Clinic, count: int, django_assert_max_num_queries: Any) -> None:
    booked_on_tuesday(melati, *range(8, 8 + count))
    plan = planned(melati)
    with django_assert_max_num_queries(18):
        standing.of(plan, now=NOW)
