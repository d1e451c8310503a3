"""Today ends at midnight by the clock of each place."""

from typing import Any

import pytest

from appointments.domain.pages.queues.moment import Moment
from appointments.models import Promise
from tests.clock import NOW, at, minutes
from tests.factories import AppointmentFactory, Clinic, LocationFactory, PromiseFactory


def due(moment: Moment) -> set[int]:
    return set(
        Promise.objects.filter(moment.is_due_today(due="due_at", zone="appointment__location__zone")).values_list(
            "pk", flat=True
        )
    )


def test_what_is_due_before_midnight_there_is_due_today(melati: Clinic) -> None:
    makassar = LocationFactory(zone="Asia/Makassar")
    here, there = AppointmentFactory(location=melati.location), AppointmentFactory(location=makassar)
    midnight = {here: at("2026-11-24 00:00"), there: at("2026-11-24 00:00", "Asia/Makassar")}
    on_time = [PromiseFactory(appointment=one, due_at=when - minutes(1)) for one, when in midnight.items()]
    for one, when in midnight.items():
        PromiseFactory(appointment=one, due_at=when)
    overdue = PromiseFactory(appointment=here, due_at=NOW - minutes(60 * 24 * 3))
    assert due(Moment(melati.staff, NOW)) == {one.pk for one in (*on_time, overdue)}


def test_the_zones_are_read_once(melati: Clinic, django_assert_num_queries: Any) -> None:
    moment = Moment(melati.staff, NOW)
    with django_assert_num_queries(1):
        assert moment.zones == moment.zones == ("Asia/Jakarta",)


@pytest.mark.django_db
def test_without_a_place_nothing_is_due_today() -> None:
    assert due(Moment(None, NOW)) == set()  # type: ignore[arg-type]
