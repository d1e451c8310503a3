"""What is free: open and not occupied."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.schedule.availability import free_spans
from appointments.domain.schedule.spans import Span
from appointments.models import Resource
from tests.clock import NOW, at, minutes
from tests.factories import OccupancyFactory, RescheduleRequestFactory, clinic

pytestmark = pytest.mark.django_db

TUESDAY = Span(at("2026-11-24 00:00"), at("2026-11-25 00:00"))


def clocks(spans: list[Span]) -> list[str]:
    zone = NOW.tzinfo
    return [f"{start.astimezone(zone):%H:%M}-{end.astimezone(zone):%H:%M}" for start, end in spans]


def test_what_is_booked_is_not_free_and_its_buffers_are_not_either() -> None:
    here = clinic(buffer_before=5, buffer_after=10)
    here.booked("2026-11-24 10:00")
    free = free_spans([here.provider, here.colleague], window=TUESDAY, now=NOW)
    assert clocks(free[here.provider.pk]) == ["08:00-09:55", "10:40-17:00"]
    assert clocks(free[here.colleague.pk]) == ["08:00-17:00"]


def test_a_hold_counts_until_it_expires() -> None:
    here = clinic()
    round_ = RescheduleRequestFactory(appointment=here.booked("2026-11-24 10:00"), respond_by=NOW + minutes(30))
    OccupancyFactory(
        appointment=round_.appointment,
        request=round_,
        resource=here.colleague,
        starts_at=at("2026-11-24 12:00"),
        ends_at=at("2026-11-24 12:30"),
    )

    def free_at(now: datetime) -> list[str]:
        return clocks(free_spans([here.colleague], window=TUESDAY, now=now)[here.colleague.pk])

    assert free_at(NOW) == free_at(NOW + minutes(29)) == ["08:00-12:00", "12:30-17:00"]
    assert free_at(NOW + minutes(30)) == ["08:00-17:00"]


def test_the_appointment_that_is_being_moved_and_its_holds_are_not_in_the_way() -> None:
    here = clinic()
    round_ = RescheduleRequestFactory(appointment=here.booked("2026-11-24 10:00"))
    OccupancyFactory(
        appointment=round_.appointment,
        request=round_,
        starts_at=at("2026-11-24 12:00"),
        ends_at=at("2026-11-24 12:30"),
    )
    here.booked("2026-11-24 15:00", room=None)
    free = free_spans([here.provider], window=TUESDAY, now=NOW, ignoring=round_.appointment)
    assert clocks(free[here.provider.pk]) == ["08:00-15:00", "15:30-17:00"]


@pytest.mark.parametrize("rooms", [1, 30])
def test_many_timelines_take_as_many_queries_as_one(rooms: int) -> None:
    here = clinic(rooms=rooms)
    here.booked()
    resources = list(Resource.objects.select_related("location"))
    with CaptureQueriesContext(connection) as queries:
        free_spans(resources, window=TUESDAY, now=NOW)
    assert len(queries) == 2
