"""A small clinic, ready to work: what most stories begin with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.contrib.auth.models import User

from appointments import models
from appointments.domain import actors
from appointments.domain.diary.new import NewAppointment
from appointments.domain.moving import causes, drafts, rounds
from appointments.domain.moving.drafts import ChosenOffer, Draft
from appointments.domain.schedule.waking import soonest_hour
from appointments.enums import ResourceKind
from notifications.models import Message
from tests.clock import NOW, at, hours
from tests.factories.diary import AppointmentFactory
from tests.factories.places import (
    BusinessFactory,
    CustomerFactory,
    LocationFactory,
    ManagerFactory,
    ProviderFactory,
    ReasonFactory,
    RequirementFactory,
    RoomFactory,
    ServiceFactory,
    StaffFactory,
    WeeklyHoursFactory,
)
from tests.factories.remembered import remembered

MONDAY_TO_SATURDAY = range(6)


def service_at(
    location: models.Location,
    *,
    providers: Sequence[models.Resource] | int = 1,
    rooms: Sequence[models.Resource] | int = 0,
    minutes: int = 30,
    **fields: Any,
) -> models.Service:
    """A service that needs one of `providers` and, if there are any, one of `rooms`. A number makes as many."""
    service = ServiceFactory(minutes=minutes, **fields)
    for kind, maker, given in (
        (ResourceKind.PROVIDER, ProviderFactory, providers),
        (ResourceKind.ROOM, RoomFactory, rooms),
    ):
        candidates = maker.create_batch(given, location=location) if isinstance(given, int) else given
        if candidates:
            RequirementFactory(service=service, kind=kind, candidates=candidates)
    return service


def open_weekly(
    owner: models.Location | models.Resource,
    *,
    weekdays: Sequence[int] = MONDAY_TO_SATURDAY,
    opens_at: time = time(8),
    closes_at: time = time(17),
    **fields: Any,
) -> None:
    """The same hours on each of `weekdays` for a location or a resource."""
    name = "location" if isinstance(owner, models.Location) else "resource"
    hours = {name: owner, "opens_at": opens_at, "closes_at": closes_at, **fields}
    models.WeeklyHours.objects.bulk_create(WeeklyHoursFactory.build(weekday=weekday, **hours) for weekday in weekdays)


@dataclass(frozen=True)
class Clinic:
    """Two providers and a room in Jakarta, Monday to Saturday from 8 to 17; a service of 30 minutes that needs both."""

    business: models.Business
    location: models.Location
    provider: models.Resource
    colleague: models.Resource
    room: models.Resource
    service: models.Service
    customer: models.Customer
    reason: models.Reason
    staff: User
    manager: User

    @remembered
    def booked(self, starts_at: datetime | str = "2026-11-24 10:00", **fields: Any) -> models.Appointment:
        """An appointment with its occupancies, straight in the tables; with `provider` unless another one is given.

        `room=None` occupies no room: two providers can then be busy at once, though the service could not be booked so.
        """
        start = at(starts_at) if isinstance(starts_at, str) else starts_at
        room = fields.pop("room", self.room)
        values = {"customer": self.customer, "service": self.service, "location": self.location} | fields
        return AppointmentFactory(
            starts_at=start, occupies=[room] if room else True, **{"provider": self.provider} | values
        )

    def wanted(self, starts_at: datetime | str = "2026-11-24 10:00", **change: Any) -> NewAppointment:
        """What a colleague books at the desk: for the customer, with whoever is free. `change`: fields of it."""
        plain = NewAppointment(
            customer=self.customer,
            service=self.service,
            location=self.location,
            starts_at=at(starts_at) if isinstance(starts_at, str) else starts_at,
        )
        return replace(plain, **change)

    def draft(
        self,
        appointment: models.Appointment,
        *,
        now: datetime = NOW,
        count: int = 3,
        guaranteed: bool = True,
        **decided: Any,
    ) -> Draft:
        """What a colleague would send: `count` of the suggested times, an answer in two hours, by day. `decided`
        changes fields of the draft.
        """
        missing = decided.get("missing") or causes.usual(appointment, decided.get("reason", self.reason), now=now)
        found = drafts.propose(appointment, now=now, limit=count, missing=missing) if count else []
        values: dict[str, Any] = {
            "reason": self.reason,
            "offers": tuple(ChosenOffer(one.slot, one.why, guaranteed) for one in found),
            "respond_by": soonest_hour(now + hours(2), self.location.tzinfo),
            "contact": self.staff,
        }
        return Draft(**values | decided)

    @remembered
    def offered(
        self, appointment: models.Appointment | None = None, *, now: datetime = NOW, **draft: Any
    ) -> models.RescheduleRequest:
        """A round that `staff` opened `now`, by the rules; `draft` is what `draft()` takes."""
        appointment = appointment or self.booked()
        by = actors.staff(self.staff)
        return rounds.open_round(appointment, self.draft(appointment, now=now, **draft), by=by, now=now)

    @remembered
    def told(
        self, appointment: models.Appointment | None = None, *, now: datetime = NOW, **decided: Any
    ) -> models.RescheduleRequest:
        """A round without times that `staff` opened `now`, by the rules: they get in touch within two hours, by day."""
        appointment = appointment or self.booked()
        draft = self.draft(appointment, now=now, count=0, without_times=True, **decided)
        return rounds.open_round(appointment, draft, by=actors.staff(self.staff), now=now)


@remembered
def clinic(*, rooms: int = 1, **service: Any) -> Clinic:
    """Make the clinic. `rooms`: how many; `room` is the first one. The rest are fields of the service."""
    location = LocationFactory(code="melati", name="Melati Jakarta")
    open_weekly(location)
    provider = ProviderFactory(location=location, name="Dr. Ratna", position=1)
    colleague = ProviderFactory(location=location, name="Dr. Budi", position=2)
    made = [RoomFactory(location=location, name=f"Room {n + 1}", position=10 + n) for n in range(rooms)]
    return Clinic(
        business=BusinessFactory(),
        location=location,
        provider=provider,
        colleague=colleague,
        room=made[0],
        service=service_at(location, providers=[provider, colleague], rooms=made, **service),
        customer=CustomerFactory(),
        reason=ReasonFactory(),
        staff=StaffFactory(),
        manager=ManagerFactory(),
    )


def letters_have_left(*, now: datetime = NOW) -> None:
    """What waits in the outbox is out of our hands."""
    Message.objects.filter(state="queued").update(state="sent", sent_at=now, secrets={}, mime=None)
