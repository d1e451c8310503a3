"""What hits several who have to move stands above them once, with the plan that is being made."""

from typing import Any

import pytest

from appointments.domain import affected
from appointments.domain.disruptions.planning import plans
from appointments.domain.pages.queues import together as module
from appointments.domain.pages.queues.together import together
from appointments.enums import PlanState
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory
from tests.factories.hits import closed_down


def shown() -> list[tuple[int, int]]:
    return [(one.disruption.pk, one.total) for one in together(affected.to_move()).shown]


def test_what_hits_somebody_soonest_stands_first_with_how_many(melati: Clinic) -> None:
    for when in ("2026-11-26 10:00", "2026-11-26 11:00", "2026-11-24 10:00"):
        melati.booked(when, customer=CustomerFactory())
    thursday = closed_down(melati, "2026-11-26 00:00", "2026-11-27 00:00")
    tuesday = closed_down(melati)
    assert shown() == [(tuesday.pk, 1), (thursday.pk, 2)]
    assert together(affected.to_move()).shown[1].soonest == at("2026-11-26 10:00")


def test_who_is_being_moved_counts_no_more(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    assert shown() == [(disruption.pk, 1)]
    melati.offered(appointment, disruption=disruption)
    assert shown() == []


def test_the_plan_that_is_being_made_stands_beside_it(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    disruption = closed_down(melati)
    plans.begin(disruption, by=melati.staff, now=NOW)
    assert [one.plan for one in together(affected.to_move()).shown] == [PlanState.DRAFT]


def test_of_many_the_soonest_stand_there_and_the_rest_is_counted(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHOWN", 2)
    for day in (24, 25, 26):
        melati.booked(f"2026-11-{day} 10:00", customer=CustomerFactory())
        closed_down(melati, f"2026-11-{day} 00:00", f"2026-11-{day} 23:00")
    found = together(affected.to_move())
    assert ([one.soonest.day for one in found.shown], found.more) == ([24, 25], 1)


@pytest.mark.parametrize("many", [1, 7])
def test_however_many_there_are_it_takes_as_many_queries(
    melati: Clinic, many: int, django_assert_num_queries: Any
) -> None:
    for day in range(many):
        melati.booked(f"2026-12-{day + 1:02} 10:00", customer=CustomerFactory())
        closed_down(melati, f"2026-12-{day + 1:02} 00:00", f"2026-12-{day + 1:02} 23:00")
    with django_assert_num_queries(4):
        found = together(affected.to_move())
        assert [list(one.disruption.resources.all()) for one in found.shown] == [[]] * many
