"""One day of a plan as a board."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from appointments.domain.disruptions.planning import choices
from appointments.domain.pages import plan_day
from appointments.domain.pages.plan_day import PlanDay
from appointments.models import Appointment, DisruptionPlan
from tests.appointments.domain.disruptions.world import booked_on_tuesday, line_of, planned
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, ServiceFactory

TUESDAY = date(2026, 11, 24)


def seen(plan: DisruptionPlan, *, day: date | None = None, chosen: Appointment | None = None) -> PlanDay:
    return plan_day.of(plan, day=day, chosen=line_of(plan, chosen) if chosen else None, now=NOW)


def test_each_stands_with_whom_and_when_the_plan_has_them(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    found = seen(planned(melati))

    assert (found.day, found.days, found.chosen, found.is_free) == (TUESDAY, [(TUESDAY, 2)], None, False)
    cards = {
        column.resource: [(card.line.appointment, card.span.start) for card in column.cards] for column in found.columns
    }
    assert cards == {
        melati.provider: [],
        melati.colleague: [(first, first.starts_at), (second, second.starts_at)],
    }
    assert not any(column.places for column in found.columns)
    assert (found.yesterday, found.tomorrow) == (date(2026, 11, 23), date(2026, 11, 25))


def test_the_free_places_of_the_one_who_is_chosen_are_those_that_can_be_taken(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    melati.booked("2026-11-24 13:00", provider=melati.colleague, room=None)
    plan = planned(melati)
    found = seen(plan, chosen=first)

    (column,) = [one for one in found.columns if one.places]
    taken = [place.choice.slot for place in column.places]
    assert column.resource == melati.colleague
    assert [place.choice for place in column.places] == list(choices.on(line_of(plan, first), TUESDAY, now=NOW))
    assert first.starts_at in {slot.starts_at for slot in taken}
    length = first.duration
    assert not any(
        slot.starts_at < busy + length and busy < slot.ends_at
        for slot in taken
        for busy in (second.starts_at, at("2026-11-24 13:00"))
    )
    assert all(
        choices.named(line_of(plan, first), place.choice.key, now=NOW) == place.choice.slot for place in column.places
    )


def test_no_place_lies_under_another(melati: Clinic) -> None:
    melati.service.grid = 5
    melati.service.save()
    first = booked_on_tuesday(melati, 9)[0]
    found = seen(planned(melati), chosen=first)
    places = [place.span for column in found.columns for place in column.places]
    assert {span.end - span.start for span in places[:3]} == {minutes(5)}
    assert all(one.end <= following.start for one, following in pairwise(places))


def test_without_a_day_it_is_that_of_the_chosen_one_else_the_first_else_today(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    plan.lines.filter(appointment=second).update(starts_at=at("2026-11-26 15:00"), ends_at=at("2026-11-26 15:30"))
    assert [seen(plan).day, seen(plan, chosen=second).day] == [TUESDAY, date(2026, 11, 26)]
    assert seen(plan).days == [(TUESDAY, 1), (date(2026, 11, 26), 1)]
    plan.lines.update(starts_at=None, ends_at=None)
    found = seen(plan)
    assert (found.day, found.days) == (date(2026, 11, 23), [])
    assert [line.appointment for line in found.waiting] == [first, second]


def test_a_time_out_of_hours_is_drawn_too(melati: Clinic) -> None:
    first = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    usual = seen(plan).window
    plan.lines.update(starts_at=at("2026-11-24 19:10"), ends_at=at("2026-11-24 20:10"))
    later = seen(plan, chosen=first).window
    assert (later.start, later.end) == (usual.start, at("2026-11-24 21:00"))
    plan.lines.update(starts_at=at("2026-11-24 05:10"), ends_at=at("2026-11-24 05:40"))
    assert (seen(plan).window.start, seen(plan).window.end) == (at("2026-11-24 05:00"), usual.end)


def test_what_nobody_in_particular_does_stands_with_its_room(melati: Clinic) -> None:
    first = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    plan.lines.update(provider=None, resource_ids=[melati.room.pk])
    found = seen(plan)
    assert [one.resource for one in found.columns if one.cards] == [melati.room]
    assert first.customer.name


def test_who_can_do_none_of_it_has_no_column(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    Appointment.objects.update(service=ServiceFactory())
    assert [one.resource for one in seen(plan, day=date(2026, 12, 24)).columns] == []


@pytest.mark.parametrize("count", [1, 8])
def test_however_many_there_are_it_asks_as_often(
    melati: Clinic, count: int, django_assert_max_num_queries: Any
) -> None:
    hit = booked_on_tuesday(melati, *range(8, 8 + count))
    plan = planned(melati)
    chosen = line_of(plan, hit[0])
    with django_assert_max_num_queries(29):
        plan_day.of(plan, day=TUESDAY, chosen=chosen, now=NOW)
