"""One appointment: booked, moved, cancelled, missed, over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.domain.actors import Actor
from appointments.domain.booking.locks import lock, lock_by_id, lock_resources
from appointments.domain.booking.rows import as_fact, in_the_way, insert, replace, resources_of, rows_of
from appointments.domain.history import fact, record
from appointments.domain.schedule.slots import Slot
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind, Manner
from appointments.errors import MoveRefused, SlotTaken
from appointments.models import (
    AffectedAppointment,
    Appointment,
    AppointmentEvent,
    Customer,
    Location,
    RescheduleRequest,
    Resource,
    Service,
)

MINUTE = timedelta(minutes=1)


@one_transaction
def book(
    *,
    customer: Customer,
    service: Service,
    location: Location,
    slot: Slot,
    by: Actor,
    now: datetime,
    source: str = "",
    external_id: str = "",
    note: str = "",
    manner: Manner = Manner.USUAL,
    form: str = "",
) -> Appointment:
    """A new appointment on `slot`. Raises `SlotTaken` when one of its resources is not free. `form`: by which it was
    booked at the desk, which the database takes once.
    """
    appointment = Appointment.objects.create(
        customer=customer,
        service=service,
        location=location,
        provider_id=slot.provider_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        source=source,
        external_id=external_id,
        note=note,
        manner=manner,
        booked_by_form=form,
    )
    lock_by_id(slot.resource_ids)
    insert(rows_of(appointment, slot), now=now)
    kind = EventKind.IMPORTED if source else EventKind.BOOKED
    record(appointment, kind, by=by, now=now, after=as_fact(appointment, slot.resource_ids))
    return appointment


@one_transaction
def move(
    appointment: Appointment,
    *,
    to: Slot,
    by: Actor,
    now: datetime,
    round_: RescheduleRequest | None = None,
    bare: bool = False,
) -> Appointment:
    """Moves the appointment to `to`: same identity and UID, SEQUENCE + 1. It leaves its old time and every hold of it.

    Raises `SlotTaken` when somebody else is there, `MoveRefused` when it is over or another round is running.
    """
    appointment = lock(appointment)
    try:
        with transaction.atomic():
            locked = lock_resources(appointment, to.resource_ids)
            return move_locked(appointment, to=to, locked=locked, by=by, now=now, round_=round_, bare=bare)
    except SlotTaken as taken:
        raise SlotTaken(in_the_way=in_the_way(rows_of(appointment, to, bare=bare), now=now)) from taken


def move_locked(
    appointment: Appointment,
    *,
    to: Slot,
    locked: Mapping[Resource, bool],
    by: Actor,
    now: datetime,
    round_: RescheduleRequest | None = None,
    bare: bool = False,
    besides: Sequence[AppointmentEvent] = (),
) -> Appointment:
    """The same for an appointment as `lock` returned it in the caller's transaction, which `SlotTaken` has to end.

    `locked` is what `lock_resources` returned; `besides` are facts that its history gets with this one.
    """
    if appointment.state != AppointmentState.BOOKED:
        raise MoveRefused(_("This appointment is over and cannot be moved."))
    if round_ is None and appointment.requests.live().exists():
        raise MoveRefused(
            _("Times are on offer for this appointment. Take the offer back first, or record the choice.")
        )
    before = as_fact(appointment, [resource.pk for resource, is_left in locked.items() if is_left])
    replace(appointment, rows_of(appointment, to, bare=bare), now=now)
    appointment.starts_at, appointment.ends_at = to.starts_at, to.ends_at
    appointment.provider = next((resource for resource in locked if resource.pk == to.provider_id), None)
    appointment.sequence += 1
    appointment.save(update_fields=["starts_at", "ends_at", "provider", "sequence"])
    after = as_fact(appointment, to.resource_ids)
    moved = fact(appointment, EventKind.MOVED, by=by, now=now, round_=round_, before=before, after=after)
    AppointmentEvent.objects.bulk_create([moved, *besides])
    return appointment


@one_transaction
def change_length(appointment: Appointment, *, ends_at: datetime, by: Actor, now: datetime) -> Appointment:
    """It ends at `ends_at` now, with all that it has. When it begins stays, and so does what its customer was told.

    Raises `SlotTaken`, with what is in the way, and `MoveRefused` when it is over or times are on offer for it.
    """
    appointment = lock(appointment)
    if appointment.state != AppointmentState.BOOKED or ends_at <= appointment.starts_at:
        raise MoveRefused(_("This appointment is over and cannot be changed."))
    if appointment.requests.live().exists():
        raise MoveRefused(
            _("Times are on offer for this appointment. Take the offer back first, or record the choice.")
        )
    ids = resources_of(appointment)
    before = as_fact(appointment, ids)
    slot = Slot(appointment.starts_at, ends_at, appointment.provider_id, tuple(ids))
    rows = rows_of(appointment, slot)
    try:
        with transaction.atomic():
            lock_by_id(ids)
            replace(appointment, rows, now=now)
    except SlotTaken as taken:
        raise SlotTaken(in_the_way=in_the_way(rows, now=now)) from taken
    note = f"{appointment.duration // MINUTE} → {(ends_at - appointment.starts_at) // MINUTE} min"
    appointment.ends_at = ends_at
    appointment.save(update_fields=["ends_at"])
    after = as_fact(appointment, ids)
    record(appointment, EventKind.CORRECTED, by=by, now=now, before=before, after=after, note=note)
    return appointment


@one_transaction
def reinstate(
    appointment: Appointment,
    *,
    to: Slot,
    by: Actor,
    now: datetime,
    sequence: int = 0,
    round_: RescheduleRequest | None = None,
    bare: bool = True,
) -> Appointment:
    """A cancelled appointment takes place after all, at `to`: same identity and UID, SEQUENCE + 1. What was held for it
    goes. `bare`: without buffers, as another calendar has it.

    Raises `SlotTaken` when somebody else is there, `MoveRefused` when it is not cancelled.
    """
    appointment = lock(appointment)
    if appointment.state != AppointmentState.CANCELLED:
        raise MoveRefused(_("This appointment has changed meanwhile."))
    lock_by_id(to.resource_ids)
    before = as_fact(appointment, ())
    appointment.state = AppointmentState.BOOKED
    appointment.starts_at, appointment.ends_at, appointment.provider_id = to.starts_at, to.ends_at, to.provider_id
    appointment.sequence = max(appointment.sequence + 1, sequence)
    appointment.save(update_fields=["state", "starts_at", "ends_at", "provider", "sequence"])
    appointment.occupancies.all().delete()
    insert(rows_of(appointment, to, bare=bare), now=now)
    after = as_fact(appointment, to.resource_ids)
    record(appointment, EventKind.REINSTATED, by=by, now=now, round_=round_, before=before, after=after)
    return appointment


@one_transaction
def cancel(
    appointment: Appointment,
    *,
    by: Actor,
    now: datetime,
    round_: RescheduleRequest | None = None,
    note: str = "",
    after: dict[str, Any] | None = None,
) -> Appointment:
    """Ends the appointment and frees its time; `after` goes into its history. Raises `MoveRefused` when it is over."""
    appointment = lock(appointment)
    if appointment.state != AppointmentState.BOOKED:
        raise MoveRefused(_("This appointment is over already."))
    if round_ is None and appointment.requests.live().exists():
        raise MoveRefused(
            _("Times are on offer for this appointment. Take the offer back first, or record the choice.")
        )
    before = as_fact(appointment, resources_of(appointment))
    appointment.occupancies.all().delete()
    appointment.state = AppointmentState.CANCELLED
    appointment.sequence += 1
    appointment.save(update_fields=["state", "sequence"])
    record(appointment, EventKind.CANCELLED, by=by, now=now, round_=round_, before=before, after=after, note=note)
    return appointment


@one_transaction
def mark_missed(appointment: Appointment, *, by: Actor, now: datetime) -> Appointment:
    """The customer did not come. Only for what has begun."""
    appointment = lock(appointment)
    if appointment.starts_at > now or appointment.state not in (AppointmentState.BOOKED, AppointmentState.COMPLETED):
        raise MoveRefused(_("Only an appointment that has begun can be marked as missed."))
    if appointment.requests.live().exists():
        raise MoveRefused(_("We were moving this appointment. Phone the customer, or cancel it."))
    appointment.state = AppointmentState.MISSED
    appointment.save(update_fields=["state"])
    record(appointment, EventKind.MISSED, by=by, now=now)
    return appointment


@one_transaction
def came_after_all(appointment: Appointment, *, by: Actor, now: datetime) -> Appointment:
    """Takes back that the customer did not come. Raises `MoveRefused` when nobody has said so."""
    appointment = lock(appointment)
    if appointment.state != AppointmentState.MISSED:
        raise MoveRefused(_("This appointment has changed meanwhile."))
    is_over = appointment.ends_at <= now
    appointment.state = AppointmentState.COMPLETED if is_over else AppointmentState.BOOKED
    appointment.save(update_fields=["state"])
    record(appointment, EventKind.CAME, by=by, now=now)
    return appointment


@one_transaction
def complete(appointment: Appointment, *, by: Actor, now: datetime) -> bool:
    """The appointment took place. False when somebody was faster; never for one whose move is still open, or that could
    not take place and that nobody has moved.
    """
    done = Appointment.objects.filter(pk=appointment.pk, state=AppointmentState.BOOKED, ends_at__lte=now)
    done = done.exclude(requests__in=RescheduleRequest.objects.live())
    done = done.exclude(affected_by__in=AffectedAppointment.objects.unsettled())
    if done.update(state=AppointmentState.COMPLETED) != 1:
        return False
    record(appointment, EventKind.COMPLETED, by=by, now=now)
    return True
