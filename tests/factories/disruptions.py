"""Somebody is not available, and others are booked with them: what stories about many begin with."""

from datetime import datetime, timedelta

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Appointment, Disruption
from tests.clock import NOW, at
from tests.factories.clinic import Clinic
from tests.factories.places import CustomerFactory

TOMORROW = "2026-11-24"


def booked_in_a_row(world: Clinic, count: int, *, since: str = f"{TOMORROW} 08:00") -> list[Appointment]:
    """So many with the provider, one after the other, each of a customer of their own."""
    first = at(since)
    half_hours = (first + timedelta(minutes=30 * number) for number in range(count))
    names = (f"Customer {number + 1}" for number in range(count))
    return [
        world.booked(start, customer=CustomerFactory(name=name)) for start, name in zip(half_hours, names, strict=True)
    ]


def provider_away(
    world: Clinic,
    *,
    day: str = TOMORROW,
    now: datetime = NOW,
    source: DisruptionSource = DisruptionSource.SAID,
) -> Disruption:
    """The provider is missing that whole day, as `staff` says."""
    span = at(f"{day} 00:00"), at(f"{day} 23:59")
    missing = WhatIsMissing(DisruptionScope.RESOURCES, world.location, *span, (world.provider.pk,))
    return affected.declare(missing, reason=world.reason, by=actors.staff(world.staff), now=now, source=source)
