"""A page of a plan's lines."""

from typing import Any

import pytest

from appointments.domain.disruptions.planning import dry_run, explained, plans, shown
from appointments.domain.disruptions.planning.shown import Only
from appointments.enums import LineState
from appointments.models import Appointment, DisruptionPlan
from tests.appointments.domain.disruptions.world import booked_on_tuesday, line_of, planned
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory


def seen(plan: DisruptionPlan, **said: Any) -> list[Appointment]:
    return [row.line.appointment for row in shown.page(plan, now=NOW, **said).rows]


@pytest.fixture(autouse=True)
def _two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "PAGE", 2)


def test_page_after_page_everybody_is_shown_once_the_soonest_first(melati: Clinic) -> None:
    hit = [*booked_on_tuesday(melati, 9, 10), *booked_on_tuesday(melati, 10, 11, provider=melati.colleague, room=None)]
    plan = planned(melati)
    plan.lines.create(appointment=hit[2], plan=plan)
    plan.lines.create(appointment=hit[3], plan=plan)

    first = shown.page(plan, now=NOW)
    second = shown.page(plan, now=NOW, after=first.following or 0)

    assert [row.line.appointment for row in (*first.rows, *second.rows)] == hit
    assert [(one.first, one.last, one.total) for one in (first, second)] == [(1, 2, 4), (3, 4, 4)]
    assert (first.following, second.following) == (hit[1].pk, None)


def test_whoever_was_settled_meanwhile_still_says_where_the_page_begins(melati: Clinic) -> None:
    first, second, third = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)
    plan.lines.filter(appointment=first).update(state=LineState.NEEDLESS)
    assert seen(plan) == [second, third]
    assert seen(plan, after=first.pk) == [second, third]
    assert seen(plan, after=second.pk) == [third]
    assert seen(plan, after=10**9) == [second, third]


def test_some_alone_are_looked_at(melati: Clinic) -> None:
    first, second, third = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)
    assert shown.counted(dry_run.of(plan, now=NOW)) == [(Only.ELSE, 3)]

    plans.pin(plan, second.pk, pinned=True)
    plans.leave_to(plan, third.pk, melati.staff)
    plan.lines.filter(appointment=first).update(starts_at=None, ends_at=None)
    plan.lines.filter(appointment=second).update(provider=melati.provider)

    assert shown.counted(dry_run.of(plan, now=NOW)) == [
        (Only.WITHOUT, 1), (Only.ELSE, 1), (Only.PINNED, 1), (Only.PHONED, 1),
    ]  # fmt: skip
    assert [seen(plan, only=only) for only in Only] == [[first], [third], [second], [third]]


def test_what_needs_nobody_in_particular_is_with_nobody_else(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    plan.lines.update(provider=None)
    assert len(seen(plan, only=Only.ELSE)) == dry_run.of(plan, now=NOW).with_another_person == 1
    Appointment.objects.update(provider=None)
    assert len(seen(plan, only=Only.ELSE)) == dry_run.of(plan, now=NOW).with_another_person == 0


def test_a_customer_is_found_by_name(melati: Clinic) -> None:
    ana = booked_on_tuesday(melati, 9, customer=CustomerFactory(name="Ana Putri"))[0]
    booked_on_tuesday(melati, 10, customer=CustomerFactory(name="Budi Santoso"))
    plan = planned(melati)
    assert (seen(plan, words="putri"), seen(plan, words="nobody")) == ([ana], [])
    assert seen(plan, words="putri", only=Only.WITHOUT) == []


def test_what_was_not_explained_at_once_is_explained_when_it_is_shown(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    monkeypatch.setattr(explained, "AT_ONCE", 0)
    plan = planned(melati)
    plan.lines.filter(appointment=second).update(starts_at=None, ends_at=None)

    rows = {row.line.appointment: row.line for row in shown.page(plan, now=NOW).rows}

    assert rows[first].why["cheaper"] == 0
    assert rows[second].lack["ways"] > 0
    assert line_of(plan, first).why == {}


def test_of_whoever_is_moved_already_nothing_is_explained(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    monkeypatch.setattr(explained, "AT_ONCE", 0)
    plan = planned(melati)
    melati.offered(first)
    rows = {row.line.appointment: row.line for row in shown.page(plan, now=NOW).rows}
    assert (rows[first].why, bool(rows[second].why)) == ({}, True)
    melati.offered(second)
    assert [row.line.why for row in shown.page(plan, now=NOW).rows] == [{}, {}]


@pytest.mark.parametrize("count", [1, 8])
def test_it_asks_as_often_for_many_as_for_one(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    hit = booked_on_tuesday(melati, *range(8, 8 + count))
    plan = planned(melati)
    with django_assert_num_queries(3):
        shown.page(plan, now=NOW)
    with django_assert_num_queries(5 if count > 1 else 4):
        shown.page(plan, now=NOW + days(0), after=hit[0].pk)
