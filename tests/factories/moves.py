"""Moves as facts in the tables: what reports and lists are counted from."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appointments import models
from appointments.enums import (
    AnswerKind,
    AppointmentState,
    CompensationState,
    DisruptionScope,
    Family,
    Fault,
    OfferState,
    RequestState,
)
from tests.clock import at, days, hours
from tests.factories import (
    AnswerFactory,
    AppointmentFactory,
    LocationFactory,
    OfferFactory,
    ProviderFactory,
    ReasonFactory,
    RescheduleRequestFactory,
    RoomFactory,
    ServiceFactory,
    StaffFactory,
)
from tests.factories.compensation import compensation

LIVE = (RequestState.OPEN, RequestState.WITH_US)


def a_round(
    appointment: models.Appointment,
    *,
    told: datetime,
    state: RequestState = RequestState.OPEN,
    number: int = 1,
    answered: datetime | None = None,
    kind: AnswerKind = AnswerKind.PICK,
    expired: datetime | None = None,
    placed: datetime | None = None,
    **fields: Any,
) -> models.RescheduleRequest:
    """One round that stands at `state`; `placed`: the time that was chosen."""
    round_: models.RescheduleRequest = RescheduleRequestFactory(
        appointment=appointment,
        round=number,
        state=state,
        opened_at=told,
        call_by=told + days(1) + hours(2),
        expired_at=expired,
        answered_at=answered,
        closed_at=None if state in LIVE else told + days(2),
        **fields,
    )
    OfferFactory(request=round_)
    if placed:
        OfferFactory(request=round_, starts_at=placed, state=OfferState.TAKEN)
    if answered:
        AnswerFactory(request=round_, kind=kind, at=answered)
    return round_


@dataclass(frozen=True)
class World:
    """Two places in different zones, two services, reasons of several families and faults."""

    locations: list[models.Location]
    services: list[models.Service]
    reasons: list[models.Reason]
    providers: list[models.Resource]
    disruptions: list[models.Disruption]
    staff: Any

    def behind(self, number: int, appointment: models.Appointment) -> models.Disruption | None:
        """In turn: nothing, each of those of many, and one of its own."""
        turn = number % (len(self.disruptions) + 2)
        if turn == 0:
            return None
        if turn <= len(self.disruptions):
            return self.disruptions[turn - 1]
        return models.Disruption.objects.create(
            scope=DisruptionScope.APPOINTMENT, location=appointment.location, appointment=appointment,
            starts_at=appointment.starts_at, ends_at=appointment.ends_at, declared_at=appointment.starts_at,
        )  # fmt: skip

    def appointment(self, chance: random.Random, starts_at: datetime, **fields: Any) -> models.Appointment:
        place = chance.randrange(len(self.locations))
        values = {
            "location": self.locations[place],
            "provider": self.providers[place],
            "service": chance.choice(self.services),
            "state": AppointmentState.COMPLETED,
            "occupies": False,
        }
        appointment: models.Appointment = AppointmentFactory(starts_at=starts_at, **values | fields)
        return appointment


def world() -> World:
    locations: list[Any] = [
        LocationFactory(name="Melati Jakarta"),
        LocationFactory(name="Melati Makassar", zone="Asia/Makassar"),
    ]
    causes = [
        ("Colleague is away", Family.ABSENCE, Fault.OURS),
        ("Machine is broken", Family.OPERATIONAL, Fault.OURS),
        ("Flood", Family.OUTSIDE, Fault.NOBODY),
        ("Customer asked", Family.CUSTOMER, Fault.CUSTOMER),
    ]
    span = {"starts_at": at("2026-09-01 00:00"), "declared_at": at("2026-09-01 00:00")}
    providers: list[Any] = [ProviderFactory(location=location) for location in locations]
    missing = [
        models.Disruption.objects.create(scope=scope, location=locations[0], **span)
        for scope in (DisruptionScope.RESOURCES, DisruptionScope.PLACE, DisruptionScope.RESOURCES)
    ]
    missing[0].resources.set(providers[:1])
    missing[2].resources.set([providers[0], RoomFactory(location=locations[0])])
    return World(
        locations=locations,
        services=[ServiceFactory(name="Check-up"), ServiceFactory(name="Ultrasound")],
        reasons=[ReasonFactory(label=label, family=family, fault=fault) for label, family, fault in causes],
        providers=providers,
        disruptions=missing,
        staff=StaffFactory(),
    )


def many_moves(place: World, *, count: int, seed: int = 7) -> None:
    """`count` appointments, each with a history of one to three rounds, over three months; some taken back, and some of
    their customers come again.
    """
    chance, later = random.Random(seed), random.Random(seed)
    first = at("2026-08-31 22:30")
    for turn in range(count):
        told = first + hours(chance.randrange(0, 24 * 65)) + hours(chance.choice((0, 0.25, 0.5)))
        was = told + hours(chance.randrange(2, 200))
        appointment = place.appointment(chance, was)
        reason, behind = chance.choice(place.reasons), place.behind(turn, appointment)
        rounds = chance.choice((1, 1, 1, 2, 3))
        for number in range(1, rounds + 1):
            last = number == rounds
            state = chance.choice(list(RequestState)) if last else RequestState.REPLACED
            if last and state == RequestState.REPLACED:
                state = RequestState.ACCEPTED
            placed = was + hours(chance.choice((-3, 24, 160, 168, 169, 300))) if state == "accepted" else None
            answered = chance.choice((None, told + hours(chance.randrange(1, 40))))
            a_round(
                appointment,
                told=told,
                number=number,
                state=state,
                reason=reason,
                disruption=behind,
                contact=place.staff,
                answered=answered,
                kind=chance.choice((AnswerKind.PICK, AnswerKind.CALL_ME, AnswerKind.TELL)),
                expired=chance.choice((None, None, told + hours(24))),
                placed=placed,
            )
            told += hours(5)
        _afterwards(place, appointment, chance=later, turn=turn, was=was, state=state)


def _afterwards(
    place: World,
    appointment: models.Appointment,
    *,
    chance: random.Random,
    turn: int,
    was: datetime,
    state: RequestState,
) -> None:
    """Whether it was cancelled in the end, whether the customer comes again, and what they were given."""
    if state == RequestState.CANCELLED:
        appointment.state = AppointmentState.CANCELLED
        appointment.save()
    if turn % 3 == 0:
        again = was + days(chance.choice((-1, 5, 90, 90.1)))
        states = (AppointmentState.BOOKED, AppointmentState.COMPLETED, AppointmentState.CANCELLED)
        place.appointment(chance, again, customer=appointment.customer, state=chance.choice(states))
    if state == RequestState.ACCEPTED:
        compensation(appointment, state=chance.choice((CompensationState.ISSUED, CompensationState.WAITING)))
