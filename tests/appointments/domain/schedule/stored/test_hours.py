"""What is stored about hours, read in one go."""

from datetime import date, time
from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored import hours as stored_hours
from appointments.domain.schedule.wallclock import minute_of
from appointments.domain.schedule.weekly import Blocked, Week, Weekly
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Location, Resource
from tests.clock import at, days
from tests.factories import (
    AbsenceFactory,
    BreakFactory,
    ClosureFactory,
    LocationFactory,
    ProviderFactory,
    SpecialDayFactory,
    open_weekly,
)

pytestmark = pytest.mark.django_db


def stored(location: Location, *resources: Resource, day: str = "2026-11-24") -> stored_hours.StoredHours:
    window = Span(minute_of(at(f"{day} 00:00")), minute_of(at(f"{day} 00:00") + days(1)))
    ordinal = at(f"{day} 00:00").date().toordinal()
    return stored_hours.read(location, [one.pk for one in resources], window=window, days=range(ordinal, ordinal + 1))


def test_each_owner_has_its_own_rows_and_the_same_rows_are_one_week(django_assert_num_queries: Any) -> None:
    here, there = LocationFactory(), LocationFactory()
    open_weekly(here, weekdays=[0])
    open_weekly(there, weekdays=[1])
    one, two, three = ProviderFactory.create_batch(3, location=here)
    for person in (one, two):
        open_weekly(person, weekdays=[2], opens_at=time(9))
        BreakFactory(resource=person, weekday=2)
    with django_assert_num_queries(1):
        found = stored(here, one, two, three)
    assert found.weeks[stored_hours.LOCATION] == Week((Weekly(0, time(8), time(17)),))
    assert found.weeks[one.pk] == Week((Weekly(2, time(9), time(17)),), (Weekly(2, time(12), time(13)),))
    assert found.weeks[one.pk] is found.weeks[two.pk]
    assert found.weeks[three.pk] == Week()


def test_only_what_touches_the_window_blocks_and_what_recurs_may() -> None:
    here = LocationFactory()
    person = ProviderFactory(location=here)
    for begin, end in (("2026-11-23 20:00", "2026-11-24 00:00"), ("2026-11-25 00:00", "2026-11-25 08:00")):
        AbsenceFactory(resource=person, starts_at=at(begin), ends_at=at(end))
    inside = AbsenceFactory(resource=person, starts_at=at("2026-11-24 23:59"), ends_at=at("2026-11-25 08:00"))
    weekly = ClosureFactory(
        location=here, starts_at=at("2026-11-03 12:00"), ends_at=at("2026-11-03 13:00"), rrule="FREQ=WEEKLY"
    )
    ClosureFactory(starts_at=at("2026-11-24 12:00"), ends_at=at("2026-11-24 13:00"))
    found = stored(here, person).blocked
    assert found[person.pk] == [Blocked(inside.starts_at, inside.ends_at)]
    assert found[stored_hours.LOCATION] == [Blocked(weekly.starts_at, weekly.ends_at, "FREQ=WEEKLY")]


def test_the_own_word_of_a_place_about_a_day_counts_more() -> None:
    here, there = LocationFactory(), LocationFactory()
    day = date(2026, 11, 24)
    SpecialDayFactory(day=day, is_open=False)
    assert stored(here).special_days == {day: False}
    SpecialDayFactory(day=day, is_open=True, location=here)
    assert (stored(here).special_days, stored(there).special_days) == ({day: True}, {day: False})
    assert stored(here, day="2026-11-25").special_days == {}


def test_a_row_says_from_when_until_when_it_is_valid() -> None:
    here = LocationFactory()
    open_weekly(here, weekdays=[0], valid_from=date(2026, 11, 1), valid_until=date(2026, 11, 30))
    (row,) = stored(here).weeks[stored_hours.LOCATION].hours
    assert (row.valid_from, row.valid_until) == (date(2026, 11, 1), date(2026, 11, 30))


def test_what_colleagues_said_is_missing_blocks_whom_it_names_until_it_is_called_off() -> None:
    here = LocationFactory()
    ill, well = ProviderFactory.create_batch(2, location=here)
    ten, noon = at("2026-11-24 10:00"), at("2026-11-24 12:00")
    by = actors.SYSTEM
    said: dict[str, Any] = {"location": here, "starts_at": ten}
    person = affected.declare(
        WhatIsMissing(DisruptionScope.RESOURCES, ends_at=noon, resource_ids=(ill.pk,), **said),
        reason=None, by=by, now=ten,
    )  # fmt: skip
    affected.declare(WhatIsMissing(DisruptionScope.PLACE, ends_at=None, **said), reason=None, by=by, now=ten)
    found = stored(here, ill, well)
    assert found.blocked[ill.pk] == [Blocked(ten, noon)]
    assert found.blocked[well.pk] == []
    # Of what nobody knows the end, the window is.
    assert found.blocked[stored_hours.LOCATION] == [Blocked(ten, at("2026-11-25 00:00"))]
    assert stored(here, ill, day="2026-11-25").blocked[ill.pk] == []
    affected.call_off(person, now=noon)
    assert stored(here, ill).blocked[ill.pk] == []


def test_what_has_rows_of_its_own_blocks_by_those(django_assert_num_queries: Any) -> None:
    here = LocationFactory()
    person = ProviderFactory(location=here)
    missing = WhatIsMissing(DisruptionScope.RESOURCES, here, at("2026-11-24 10:00"), None, (person.pk,))
    affected.declare(missing, reason=None, by=actors.SYSTEM, now=missing.starts_at, source=DisruptionSource.ABSENCE)
    with django_assert_num_queries(1):
        assert stored(here, person).blocked[person.pk] == []
