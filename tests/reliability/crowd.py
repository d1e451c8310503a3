"""A large clinic and many customers who are all offered the same time, written in bulk so that it takes seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from appointments.domain import actors, booking, links
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, LinkPurpose, PromiseKind, Why
from appointments.models import Appointment, Link, Offer, Promise, RescheduleRequest, Resource
from tests.clock import ZONE, at, days, hours
from tests.factories import (
    BusinessFactory,
    CustomerFactory,
    LocationFactory,
    ProviderFactory,
    ReasonFactory,
    StaffFactory,
    open_weekly,
    service_at,
)

PROVIDERS = 5
PER_DAY = 18


@dataclass(frozen=True)
class Crowd:
    """`tokens[i]` opens the page of `appointments[i]`, whose round offers `wanted` as its offer `offers[i]`."""

    appointments: list[Appointment]
    tokens: list[str]
    offers: list[Offer]
    wanted: Slot
    now: datetime


def crowd(size: int) -> Crowd:
    """`size` customers with an open round each. All are offered the same free time, and the same second one."""
    now = timezone.now().replace(microsecond=0)
    location = LocationFactory(code="kemang", name="Melati Kemang")
    open_weekly(location)
    providers = [ProviderFactory(location=location, name=f"Dr. {n}") for n in range(PROVIDERS)]
    service = service_at(location, providers=providers, horizon_days=30)
    BusinessFactory()
    monday = (now + timedelta(days=7 - now.weekday())).date()
    booked_from = at(f"{monday + timedelta(days=7)} 08:00", ZONE)
    free_from = at(f"{monday} 08:00", ZONE)
    customers = type(CustomerFactory.build()).objects.bulk_create(CustomerFactory.build_batch(size))
    plans = [
        booking.PlannedAppointment(
            customer=customer,
            service=service,
            location=location,
            slot=_slot(_when(booked_from, number), providers[number % PROVIDERS]),
            state=AppointmentState.BOOKED,
            booked_at=now,
        )
        for number, customer in enumerate(customers)
    ]
    appointments = booking.book_many(plans, by=actors.SYSTEM, now=now)
    wanted, second = _slot(free_from, providers[0]), _slot(free_from + hours(1), providers[1])
    rounds = _rounds(appointments, now=now)
    offers = [_offers(rounds, slot, position) for position, slot in enumerate((wanted, second), start=1)]
    tokens = [f"of-customer-{number}-{'x' * 30}" for number in range(size)]
    Link.objects.bulk_create(
        Link(
            token_hash=links.fingerprint(token),
            purpose=LinkPurpose.ANSWER,
            appointment=appointment,
            issued_at=now,
            expires_at=now + days(90),
        )
        for token, appointment in zip(tokens, appointments, strict=True)
    )
    return Crowd(appointments, tokens, offers[0], wanted, now)


def _slot(starts_at: datetime, provider: Resource) -> Slot:
    return Slot(starts_at, starts_at + timedelta(minutes=30), provider.pk, (provider.pk,))


def _when(first: datetime, number: int) -> datetime:
    """Five customers at a time, half an hour each, from eight to five."""
    day, place = divmod(number // PROVIDERS, PER_DAY)
    return first + timedelta(days=day, minutes=30 * place)


def _rounds(appointments: list[Appointment], *, now: datetime) -> list[RescheduleRequest]:
    reason, staff = ReasonFactory(), StaffFactory()
    rounds = RescheduleRequest.objects.bulk_create(
        RescheduleRequest(
            appointment=appointment,
            round=1,
            reason=reason,
            wording={"en": "a device is broken", "id": "ada alat yang rusak"},
            contact=staff,
            opened_by=staff,
            opened_at=now,
            undo_until=now,
            respond_by=now + hours(3),
            call_by=now + hours(5),
            was_starts_at=appointment.starts_at,
            was_ends_at=appointment.ends_at,
            was_provider_id=appointment.provider_id,
        )
        for appointment in appointments
    )
    Promise.objects.bulk_create(
        Promise(
            kind=PromiseKind.ANSWER_OR_CALL,
            appointment=opened.appointment,
            request=opened,
            owner=staff,
            made_at=now,
            due_at=opened.call_by,
        )
        for opened in rounds
    )
    return rounds


def _offers(rounds: list[RescheduleRequest], slot: Slot, position: int) -> list[Offer]:
    offers = Offer.objects.bulk_create(
        Offer(
            request=opened,
            position=position,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            provider_id=slot.provider_id,
            guaranteed=False,
            why=Why.SOONEST,
        )
        for opened in rounds
    )
    through = Offer.resources.through
    through.objects.bulk_create(through(offer_id=offer.pk, resource_id=slot.provider_id) for offer in offers)
    return offers
