"""A day begins at each place when it begins there."""

import pytest

from appointments.domain.reports.days import on_days
from appointments.models import RecoveryCase
from tests.clock import NOW, at, minutes
from tests.factories import AppointmentFactory, LocationFactory, RecoveryCaseFactory

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin"])
def test_both_edges_of_a_day_are_those_of_the_place(zone: str) -> None:
    place = LocationFactory(zone=zone)
    LocationFactory(zone="UTC")
    begins, ends = at(f"{DAY} 00:00", zone), at(f"{DAY} 23:59", zone)
    made = [
        RecoveryCaseFactory(appointment=AppointmentFactory(location=place, occupies=False), opened_at=moment).pk
        for moment in (begins - minutes(1), begins, ends, ends + minutes(1))
    ]

    def found(first: object, last: object) -> list[int]:
        rows = RecoveryCase.objects.filter(on_days("opened_at", first, last))  # type: ignore[arg-type]
        return list(rows.order_by("opened_at").values_list("pk", flat=True))

    assert found(DAY, DAY) == made[1:3]
    assert found(DAY, None) == made[1:]
    assert found(None, DAY) == made[:3]
