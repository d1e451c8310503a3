"""Many appointments at once, as a file brings them or a delay moves them: together, or not at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appointments.domain.actors import Actor
from appointments.domain.booking.locks import lock_all, lock_by_id
from appointments.domain.booking.rows import as_fact, insert, rows_in, rows_of
from appointments.domain.history import fact
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind
from appointments.errors import MoveRefused
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Customer,
    Location,
    Occupancy,
    RescheduleRequest,
    Service,
)
from appointments.models.appointment import new_uid


@dataclass(frozen=True)
class CalendarEntry:
    """By what a customer's calendar knows an appointment that was booked elsewhere, and how far it has come there.

    Two that agree in `uid` and `recurrence_id` are the same entry (RFC 5545, 3.8.4.4 and 3.8.4.7); an empty `uid`
    becomes one of our own.
    """

    uid: str = ""
    recurrence_id: datetime | None = None
    sequence: int = field(default=0, compare=False)
    organizer: str = field(default="", compare=False)


NEW_ENTRY = CalendarEntry()


@dataclass(frozen=True)
class PlannedAppointment:
    """One row for `book_many`; `state` other than booked is for what lies in the past."""

    customer: Customer
    service: Service
    location: Location
    slot: Slot
    state: AppointmentState
    booked_at: datetime
    source: str = ""
    external_id: str = ""
    note: str = ""
    entry: CalendarEntry = NEW_ENTRY
    bare: bool = False


@dataclass(frozen=True)
class PlannedMove:
    """One row for `move_many`: to another time, and perhaps to another service or place.

    `sequence` is the SEQUENCE that the customer's calendar has heard of at least. `before` and `after` are kept free
    around it; what was booked elsewhere has nothing around it.
    """

    appointment: Appointment
    to: Slot
    service: Service
    location: Location
    sequence: int = 0
    before: timedelta = timedelta()
    after: timedelta = timedelta()


@one_transaction
def book_many(planned: Iterable[PlannedAppointment], *, by: Actor, now: datetime) -> list[Appointment]:
    """Writes many appointments at once, those of the past included. Raises `SlotTaken` when any two collide."""
    plans = list(planned)
    appointments = Appointment.objects.bulk_create(
        [
            Appointment(
                customer=plan.customer,
                service=plan.service,
                location=plan.location,
                provider_id=plan.slot.provider_id,
                starts_at=plan.slot.starts_at,
                ends_at=plan.slot.ends_at,
                state=plan.state,
                source=plan.source,
                external_id=plan.external_id,
                note=plan.note,
                uid=plan.entry.uid or new_uid(),
                recurrence_id=plan.entry.recurrence_id,
                sequence=plan.entry.sequence,
                organizer=plan.entry.organizer,
            )
            for plan in plans
        ],
        batch_size=500,
    )
    rows, events = [], []
    for appointment, plan in zip(appointments, plans, strict=True):
        events.append(
            AppointmentEvent(
                appointment=appointment,
                at=plan.booked_at,
                kind=EventKind.IMPORTED if plan.source else EventKind.BOOKED,
                actor_kind=by.kind,
                actor=by.user,
                after=as_fact(appointment, plan.slot.resource_ids),
            )
        )
        if plan.state != AppointmentState.CANCELLED:
            rows.extend(rows_of(appointment, plan.slot, bare=plan.bare))
    insert(rows, now=now)
    AppointmentEvent.objects.bulk_create(events, batch_size=500)
    return appointments


@one_transaction
def move_many(
    planned: Iterable[PlannedMove],
    *,
    by: Actor,
    now: datetime,
    note: str = "",
    going_along: Collection[RescheduleRequest] = (),
) -> None:
    """Moves all of them at once, so that one may get what another leaves; `note` goes into the history of each.

    Raises `SlotTaken` when somebody else is there, `MoveRefused` when one of them is no longer as it was planned from,
    or is on offer in a round that is none of `going_along`.
    """
    plans = {plan.appointment.pk: plan for plan in planned}
    before = {appointment.pk: appointment for appointment in lock_all(plans)}
    for pk, appointment in before.items():
        if _as_planned(appointment) != _as_planned(plans[pk].appointment):
            raise MoveRefused(_("This appointment has changed meanwhile."))
    live = RescheduleRequest.objects.live().filter(appointment__in=plans)
    if live.exclude(pk__in=[one.pk for one in going_along]).exists():
        raise MoveRefused(
            _("Times are on offer for this appointment. Take the offer back first, or record the choice.")
        )
    own = Occupancy.objects.filter(appointment__in=plans)
    left = defaultdict(list)
    for pk, resource_id in own.values_list("appointment", "resource"):
        left[pk].append(resource_id)
    lock_by_id({*chain(*left.values()), *chain(*(plan.to.resource_ids for plan in plans.values()))})
    own.delete()
    events, rows = [], []
    for pk, plan in plans.items():
        appointment = before[pk]
        span = as_fact(appointment, left[pk])
        appointment.starts_at, appointment.ends_at = plan.to.starts_at, plan.to.ends_at
        appointment.provider_id, appointment.service, appointment.location = (
            plan.to.provider_id, plan.service, plan.location,
        )  # fmt: skip
        appointment.sequence = max(appointment.sequence + 1, plan.sequence)
        rows += rows_in(Span(plan.to.starts_at - plan.before, plan.to.ends_at + plan.after), appointment, plan.to)
        after = as_fact(appointment, plan.to.resource_ids)
        events.append(fact(appointment, EventKind.MOVED, by=by, now=now, before=span, after=after, note=note))
    fields = ["starts_at", "ends_at", "provider", "service", "location", "sequence"]
    Appointment.objects.bulk_update(before.values(), fields, batch_size=200)
    insert(rows, now=now)
    AppointmentEvent.objects.bulk_create(events, batch_size=500)


@one_transaction
def unbook_many(appointments: Iterable[Appointment]) -> int:
    """As if they had never been booked: their times are free, and nothing of them is left. How many they were.

    Only for what an import brought that is being undone, and to which nothing else has happened: of everything else the
    database does not let the history go.
    """
    ids = [appointment.pk for appointment in appointments]
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        QuerySet(AppointmentEvent).filter(appointment__in=some).delete()
        Appointment.objects.filter(pk__in=some).delete()
    return len(ids)


def _as_planned(appointment: Appointment) -> tuple[object, ...]:
    return appointment.state, appointment.starts_at, appointment.ends_at, appointment.sequence
