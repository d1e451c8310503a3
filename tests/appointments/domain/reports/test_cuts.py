"""Each part has its limits, and what lies on a limit belongs to the later part."""

import random
from datetime import timedelta
from typing import Any

import pytest

from appointments.domain.reports.cuts import Notice, cut, weekdays
from appointments.enums import DisruptionScope
from appointments.models import Disruption, RescheduleRequest
from tests.clock import at, hours, minutes
from tests.factories import LocationFactory, RescheduleRequestFactory, RoomFactory
from tests.factories.moves import a_round, world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "notice"),
    [
        (hours(-1), Notice.DAY),
        (hours(24) - minutes(1), Notice.DAY),
        (hours(24), Notice.THREE_DAYS),
        (hours(72) - minutes(1), Notice.THREE_DAYS),
        (hours(72), Notice.WEEK),
        (hours(168) - minutes(1), Notice.WEEK),
        (hours(168), Notice.LONGER),
    ],
)
def test_notice_is_counted_from_telling_to_the_time_that_moved(before: timedelta, notice: Notice) -> None:
    round_ = RescheduleRequestFactory()
    RescheduleRequest.objects.update(was_starts_at=round_.opened_at + before)
    assert cut(RescheduleRequest.objects.all()).get().notice_given == notice


@pytest.mark.parametrize(
    ("was", "zone", "day"),
    [
        ("2026-11-22 23:59", "Asia/Jakarta", "7"),
        ("2026-11-23 00:00", "Asia/Jakarta", "1"),
        ("2026-11-22 23:00", "Asia/Makassar", "1"),
    ],
)
def test_the_weekday_is_that_of_the_place(was: str, zone: str, day: str) -> None:
    round_ = RescheduleRequestFactory()
    type(round_.appointment.location).objects.update(zone=zone)
    RescheduleRequest.objects.update(was_starts_at=at(was))
    assert cut(RescheduleRequest.objects.all()).get().weekday == day
    assert [name for name, _ in weekdays()] == ["1", "2", "3", "4", "5", "6", "7"]


@pytest.mark.parametrize("kinds", [("provider",), ("room",), ("provider", "room"), ("room", "room")])
def test_what_was_missing_is_one_kind_or_several(kinds: tuple[str, ...]) -> None:
    made = world()
    things: dict[str, Any] = {"provider": made.providers[0], "room": RoomFactory(location=made.locations[0])}
    disruption: Disruption = made.disruptions[0]
    disruption.resources.set({things[kind] for kind in kinds})
    a_round(
        made.appointment(random.Random(1), at("2026-11-24 10:00")), told=at("2026-11-23 10:00"), disruption=disruption
    )
    expected = kinds[0] if len(set(kinds)) == 1 else "several"
    assert cut(RescheduleRequest.objects.all()).get().missing == expected


def test_without_a_disruption_nothing_was_missing_and_of_a_place_all_of_it() -> None:
    location = LocationFactory()
    place = Disruption.objects.create(
        scope=DisruptionScope.PLACE,
        location=location,
        starts_at=at("2026-11-23 00:00"),
        declared_at=at("2026-11-23 00:00"),
    )
    RescheduleRequestFactory(disruption=None)
    RescheduleRequestFactory(disruption=place)
    assert sorted(cut(RescheduleRequest.objects.all()).values_list("missing", flat=True)) == ["nothing", "place"]
