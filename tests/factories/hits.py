"""A day on which nothing takes place at the clinic, and whom it hits."""

from datetime import datetime
from typing import Any

from appointments import models
from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope, RequestState
from notifications.models import Message
from tests.clock import NOW, at, minutes
from tests.factories.clinic import Clinic
from tests.factories.diary import AppointmentFactory, OfferFactory, PromiseFactory, RescheduleRequestFactory
from tests.factories.places import CustomerFactory


def closed_down(
    world: Clinic, since: str = "2026-11-24 00:00", until: str = "2026-11-25 00:00", *, now: datetime = NOW
) -> models.Disruption:
    """The whole place cannot take place from `since` to `until`; everybody who is booked in it is hit."""
    missing = WhatIsMissing(DisruptionScope.PLACE, world.location, at(since), at(until))
    return affected.declare(missing, reason=world.reason, by=actors.staff(world.staff), now=now)


def opening_of(round_: models.RescheduleRequest, *, state: str = "sent", **fields: Any) -> Message:
    """The message that opened a round which stands straight in the tables."""
    values: dict[str, Any] = {"sent_at": NOW if state in ("sent", "delivered", "bounced") else None, "due_at": NOW}
    key, about = f"offer:request:{round_.pk}", round_.appointment.about
    return Message.objects.create(
        **{"key": key, "kind": "offer", "about": about, "state": state, "created_at": NOW} | values | fields
    )


def many_hit(world: Clinic, count: int) -> models.Disruption:
    """So many customers, a minute apart, each told by a message and with a time to choose and a promise of ours."""
    for number in range(count):
        AppointmentFactory(
            customer=CustomerFactory(),
            service=world.service,
            location=world.location,
            provider=world.provider,
            starts_at=at("2026-11-24 08:00") + minutes(number),
            occupies=False,
        )
    disruption = closed_down(world)
    for appointment in models.Appointment.objects.order_by("pk"):
        common = {"reason": world.reason, "contact": world.staff, "disruption": disruption}
        round_ = RescheduleRequestFactory(appointment=appointment, state=RequestState.OPEN, **common)
        OfferFactory(request=round_)
        PromiseFactory(kind="answer_or_call", appointment=appointment, request=round_, owner=world.staff)
        opening_of(round_)
    return disruption
