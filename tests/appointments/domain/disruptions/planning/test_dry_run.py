"""What a plan comes to before anybody is told."""

from typing import Any

import pytest

from appointments.domain.disruptions.planning import dry_run, plans
from appointments.enums import HowReached, HowRecently, HowSoon
from tests.appointments.domain.disruptions.world import away, booked_on_tuesday, entered, planned
from tests.clock import NOW, days, hours
from tests.factories import Clinic, CustomerFactory, RescheduleRequestFactory


def test_the_figures_of_a_plan(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    booked_on_tuesday(melati, 11, customer=melati.customer)
    booked_on_tuesday(melati, 12, customer=melati.customer)
    run = dry_run.of(planned(melati), now=NOW)

    assert (run.hit, run.people, run.placed, run.without) == (4, 3, 4, 0)
    assert run.with_another_person == 4
    assert list(run.placeable) == [(3, 4), (7, 4), (14, 4)]


@pytest.mark.parametrize(
    ("starts", "soon"),
    [
        ("2026-11-23 23:00", HowSoon.TODAY),
        ("2026-11-24 00:00", HowSoon.TOMORROW),
        ("2026-11-24 23:00", HowSoon.TOMORROW),
        ("2026-11-25 00:00", HowSoon.WEEK),
        ("2026-11-30 08:59", HowSoon.WEEK),
        ("2026-11-30 09:00", HowSoon.LATER),
    ],
)
def test_how_soon_they_have_to_know(melati: Clinic, starts: str, soon: HowSoon) -> None:
    melati.booked(starts)
    disruption = entered(melati, away(melati, "2026-11-23 09:00", "2026-12-02 00:00"))
    assert dry_run.of(planned(melati, disruption), now=NOW).by_soon == {soon: 1}


@pytest.mark.parametrize(
    ("ago", "moved"),
    [
        ([], HowRecently.NEVER),
        ([30], HowRecently.LATELY),
        ([31], HowRecently.ONCE),
        ([60, 90], HowRecently.OFTEN),
    ],
)
def test_how_often_and_how_lately_we_moved_them(melati: Clinic, ago: list[int], moved: HowRecently) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    for count in ago:
        RescheduleRequestFactory(
            appointment__customer=appointment.customer,
            appointment__occupies=False,
            opened_at=NOW - days(count),
            undo_until=NOW - days(count),
        )
    plan = planned(melati)
    (row,) = dry_run.rows_of(plan.lines.for_display(), now=NOW)
    assert (dry_run.of(plan, now=NOW).by_moved, row.moves) == ({moved: 1}, len(ago))


@pytest.mark.parametrize(
    ("customer", "reached"),
    [
        ({}, HowReached.WRITTEN),
        ({"email": ""}, HowReached.PHONE),
        ({"preferred_channel": "call"}, HowReached.PHONE),
        ({"email": "", "phone": ""}, HowReached.NOT),
    ],
)
def test_by_which_way_they_hear_of_it(melati: Clinic, customer: dict[str, Any], reached: HowReached) -> None:
    booked_on_tuesday(melati, 9, customer=CustomerFactory(**{"phone": "+6281200000001", **customer}))
    assert dry_run.of(planned(melati), now=NOW).by_reached == {reached: 1}


def test_whom_a_colleague_phones_is_reached_by_phone(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9, customer=CustomerFactory(phone="+6281200000001"))[0]
    plan = planned(melati)
    plans.leave_to(plan, appointment.pk, melati.staff)
    run = dry_run.of(plan, now=NOW)
    assert (run.by_reached, run.phoned, run.pinned) == ({HowReached.PHONE: 1}, 1, 0)
    plans.pin(plan, appointment.pk, pinned=True)
    assert dry_run.of(plan, now=NOW).pinned == 1


def test_a_row_knows_with_whom_it_is(melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    later = appointment.starts_at + days(1)
    plan.lines.update(starts_at=later, ends_at=later + hours(1), provider=melati.provider)
    (row,) = dry_run.rows_of(plan.lines.for_display(), now=NOW)
    assert (row.has_another_person, row.is_placed) == (False, True)


@pytest.mark.parametrize("count", [1, 8])
def test_however_many_are_hit_it_takes_two_queries(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    booked_on_tuesday(melati, *range(8, 8 + count))
    plan = planned(melati)
    with django_assert_num_queries(2):
        dry_run.of(plan, now=NOW)
