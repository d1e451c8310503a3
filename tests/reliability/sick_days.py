"""A practice with many customers, of which two colleagues are away for two days: where everybody goes is in the plans.

Made in bulk, so that it takes a second. Its appointments are few steps apart: what is free is soon gone.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.domain import actors, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.booking import PlannedAppointment
from appointments.domain.disruptions.declare import Entry, declare
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, DisruptionScope
from appointments.models import Customer, Disruption, Resource, Service
from notifications.enums import Channel
from tests.clock import NOW, at, days, minutes
from tests.factories import (
    BusinessFactory,
    Clinic,
    CustomerFactory,
    LocationFactory,
    ManagerFactory,
    ProviderFactory,
    ReasonFactory,
    RoomFactory,
    StaffFactory,
    open_weekly,
    service_at,
)

CUSTOMERS, WITH_TWO = 200, 20
PROVIDERS, ROOMS, MOST_A_DAY = 5, 3, 16
FIRST_DAY, STARTS_A_DAY = at("2026-11-24 08:00"), 18
WITHOUT_ADDRESS, WITH_NOTHING, BY_PHONE, FULL = 0.1, 0.02, 0.15, 0.85
"""How likely a customer cannot be mailed, cannot be reached at all or wants to be phoned; and how full the days are."""


@dataclass(frozen=True)
class Practice:
    """`clinic` is what stories of a single move know; `talk` needs no room and takes an hour."""

    clinic: Clinic
    providers: Sequence[Resource]
    rooms: Sequence[Resource]
    talk: Service


def practice(chance: random.Random, *, customers: int = CUSTOMERS, with_two: int = WITH_TWO) -> Practice:
    """`customers` who are booked from Tuesday on, so many of them twice; on the same two days, if they are many."""
    location = LocationFactory(code="melati", name="Melati Jakarta")
    open_weekly(location)
    providers = [
        ProviderFactory(location=location, name=f"Dr. {n}", position=n, most_a_day=MOST_A_DAY) for n in range(PROVIDERS)
    ]
    rooms = [RoomFactory(location=location, name=f"Room {n}", position=10 + n) for n in range(ROOMS)]
    clinic = Clinic(
        business=BusinessFactory(),
        location=location,
        provider=providers[0],
        colleague=providers[-1],
        room=rooms[0],
        service=service_at(location, providers=providers, rooms=rooms),
        customer=CustomerFactory(),
        reason=ReasonFactory(),
        staff=StaffFactory(),
        manager=ManagerFactory(),
    )
    here = Practice(clinic, providers, rooms, service_at(location, providers=providers, minutes=60))
    people = Customer.objects.bulk_create([_somebody(chance) for _ in range(customers)])
    coming = [*people, *people[:with_two]]
    chance.shuffle(coming)
    booked = [_planned(here, who, *what) for who, what in zip(coming, _diary(here, chance), strict=False)]
    booking.book_many(booked, by=actors.SYSTEM, now=NOW)
    return here


def some_are_away(here: Practice, count: int = 2, *, for_days: int = 2) -> Disruption:
    """The first so many, from Tuesday on, as `staff` enters it on Monday morning."""
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES,
        here.clinic.location,
        at("2026-11-24 00:00"),
        at("2026-11-24 00:00") + days(for_days),
        tuple(sorted(one.pk for one in here.providers[:count])),
    )
    return declare(Entry(missing, here.clinic.reason), by=actors.staff(here.clinic.staff), now=NOW)[0]


def _somebody(chance: random.Random) -> Customer:
    who: Customer = CustomerFactory.build()
    if chance.random() < WITHOUT_ADDRESS:
        who.email = ""
    if chance.random() < WITH_NOTHING:
        who.email, who.phone = "", ""
    if chance.random() < BY_PHONE:
        who.preferred_channel = Channel.CALL
    return who


def _diary(here: Practice, chance: random.Random) -> Iterator[tuple[Service, datetime, Resource, Resource | None]]:
    """What is booked, day after day: nobody and no room twice at a time."""
    busy: dict[Resource, datetime] = {}
    for number in range(7 * STARTS_A_DAY):
        start = FIRST_DAY + days(number // STARTS_A_DAY) + minutes(30 * (number % STARTS_A_DAY))
        for provider in here.providers:
            if busy.get(provider, start) > start or chance.random() > FULL:
                continue
            room = next((one for one in here.rooms if busy.get(one, start) <= start), None)
            needs_no_room = room is None or chance.random() < 0.2
            if needs_no_room and start.hour == 16 and start.minute == 30:
                continue  # an hour would end after the place has closed
            service = here.talk if needs_no_room else here.clinic.service
            end = start + service.duration
            busy[provider] = end
            if not needs_no_room and room is not None:
                busy[room] = end
            yield service, start, provider, None if needs_no_room else room


def _planned(
    here: Practice, who: Customer, service: Service, start: datetime, provider: Resource, room: Resource | None
) -> PlannedAppointment:
    occupied = tuple(sorted(one.pk for one in (provider, room) if one is not None))
    end: datetime = start + timedelta(minutes=service.minutes)
    return PlannedAppointment(
        customer=who,
        service=service,
        location=here.clinic.location,
        slot=Slot(start, end, provider.pk, occupied),
        state=AppointmentState.BOOKED,
        booked_at=NOW,
    )
