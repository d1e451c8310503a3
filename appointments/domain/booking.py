"""Book, move, cancel: the only code that writes on the timeline.

Locks are taken in one order everywhere: the appointment, its round, then the resources by id. Whoever writes, the
database has the last word: an overlap that slips past every check is refused there and arrives here as `SlotTaken`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from appointments.domain.actors import Actor
from appointments.domain.history import fact, record
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span, subtract
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind
from appointments.errors import MoveRefused, SlotTaken
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Customer,
    Location,
    Occupancy,
    RescheduleRequest,
    Resource,
    Service,
)
from appointments.models.appointment import new_uid
from appointments.models.rescheduling import span_of

OVERLAP = "occupancy_no_overlap"


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

    `sequence` is the SEQUENCE that the customer's calendar has heard of at least.
    """

    appointment: Appointment
    to: Slot
    service: Service
    location: Location
    sequence: int = 0


def occupied_span(service: Service, slot: Slot, *, bare: bool = False) -> Span:
    """The slot with the service's buffers around it; `bare`: without, for what was booked elsewhere back to back."""
    if bare:
        return Span(slot.starts_at, slot.ends_at)
    return Span(slot.starts_at - service.before, slot.ends_at + service.after)


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
) -> Appointment:
    """A new appointment on `slot`. Raises `SlotTaken` when one of its resources is not free."""
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
    )
    _lock_resources(slot.resource_ids)
    _insert(_rows(appointment, slot), now=now)
    kind = EventKind.IMPORTED if source else EventKind.BOOKED
    record(appointment, kind, by=by, now=now, after=_as_fact(appointment, slot.resource_ids))
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
        raise SlotTaken(in_the_way=in_the_way(_rows(appointment, to, bare=bare), now=now)) from taken


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
    before = _as_fact(appointment, [resource.pk for resource, is_left in locked.items() if is_left])
    _replace_occupancies(appointment, _rows(appointment, to, bare=bare), now=now)
    appointment.starts_at, appointment.ends_at = to.starts_at, to.ends_at
    appointment.provider = next((resource for resource in locked if resource.pk == to.provider_id), None)
    appointment.sequence += 1
    appointment.save(update_fields=["starts_at", "ends_at", "provider", "sequence"])
    after = _as_fact(appointment, to.resource_ids)
    moved = fact(appointment, EventKind.MOVED, by=by, now=now, round_=round_, before=before, after=after)
    AppointmentEvent.objects.bulk_create([moved, *besides])
    return appointment


@one_transaction
def move_many(planned: Iterable[PlannedMove], *, by: Actor, now: datetime) -> None:
    """Moves all of them at once, so that one may get what another leaves; without buffers, as booked elsewhere.

    Raises `SlotTaken` when somebody else is there, `MoveRefused` when one of them is no longer as it was planned from.
    """
    plans = {plan.appointment.pk: plan for plan in planned}
    before = {appointment.pk: appointment for appointment in _lock_all(plans)}
    for pk, appointment in before.items():
        if _as_planned(appointment) != _as_planned(plans[pk].appointment):
            raise MoveRefused(_("This appointment has changed meanwhile."))
    if RescheduleRequest.objects.live().filter(appointment__in=plans).exists():
        raise MoveRefused(
            _("Times are on offer for this appointment. Take the offer back first, or record the choice.")
        )
    own = Occupancy.objects.filter(appointment__in=plans)
    left = defaultdict(list)
    for pk, resource_id in own.values_list("appointment", "resource"):
        left[pk].append(resource_id)
    _lock_resources({*chain(*left.values()), *chain(*(plan.to.resource_ids for plan in plans.values()))})
    own.delete()
    events, rows = [], []
    for pk, plan in plans.items():
        appointment = before[pk]
        span = _as_fact(appointment, left[pk])
        appointment.starts_at, appointment.ends_at = plan.to.starts_at, plan.to.ends_at
        appointment.provider_id, appointment.service, appointment.location = (
            plan.to.provider_id, plan.service, plan.location,
        )  # fmt: skip
        appointment.sequence = max(appointment.sequence + 1, plan.sequence)
        rows += _rows(appointment, plan.to, bare=True)
        after = _as_fact(appointment, plan.to.resource_ids)
        events.append(fact(appointment, EventKind.MOVED, by=by, now=now, before=span, after=after))
    fields = ["starts_at", "ends_at", "provider", "service", "location", "sequence"]
    Appointment.objects.bulk_update(before.values(), fields, batch_size=200)
    _insert(rows, now=now)
    AppointmentEvent.objects.bulk_create(events, batch_size=500)


@one_transaction
def reinstate(appointment: Appointment, *, to: Slot, by: Actor, now: datetime, sequence: int = 0) -> Appointment:
    """A cancelled appointment takes place after all, at `to` and without buffers: same identity and UID, SEQUENCE + 1.

    Raises `SlotTaken` when somebody else is there, `MoveRefused` when it is not cancelled.
    """
    appointment = lock(appointment)
    if appointment.state != AppointmentState.CANCELLED:
        raise MoveRefused(_("This appointment has changed meanwhile."))
    _lock_resources(to.resource_ids)
    before = _as_fact(appointment, ())
    appointment.state = AppointmentState.BOOKED
    appointment.starts_at, appointment.ends_at, appointment.provider_id = to.starts_at, to.ends_at, to.provider_id
    appointment.sequence = max(appointment.sequence + 1, sequence)
    appointment.save(update_fields=["state", "starts_at", "ends_at", "provider", "sequence"])
    _insert(_rows(appointment, to, bare=True), now=now)
    after = _as_fact(appointment, to.resource_ids)
    record(appointment, EventKind.REINSTATED, by=by, now=now, before=before, after=after)
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
    before = _as_fact(appointment, _resources_of(appointment))
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
def complete(appointment: Appointment, *, by: Actor, now: datetime) -> bool:
    """The appointment took place. False when somebody was faster; never for one whose move is still open."""
    done = Appointment.objects.filter(pk=appointment.pk, state=AppointmentState.BOOKED, ends_at__lte=now).exclude(
        requests__in=RescheduleRequest.objects.live()
    )
    if done.update(state=AppointmentState.COMPLETED) != 1:
        return False
    record(appointment, EventKind.COMPLETED, by=by, now=now)
    return True


@one_transaction
def hold(round_: RescheduleRequest, slots: Iterable[tuple[Slot, datetime]], *, now: datetime) -> None:
    """Reserves each of `slots` for the request's customer until the moment beside it.

    Holds of one round that touch each other and end together become one row, what is kept longer stays, and what the
    appointment occupies itself is left out: the timeline knows one owner per span. Raises `SlotTaken` when somebody
    else is there.
    """
    appointment = round_.appointment
    wanted: dict[int, dict[datetime, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for slot, until in slots:
        for resource_id in slot.resource_ids:
            wanted[resource_id][until].append(occupied_span(appointment.service, slot))
    _lock_resources(wanted)
    own: dict[int, list[Span]] = defaultdict(list)
    for occupancy in appointment.occupancies.all():
        own[occupancy.resource_id].append(Span(occupancy.starts_at, occupancy.ends_at))
    rows = [
        Occupancy(
            resource_id=resource_id,
            appointment=appointment,
            request=round_,
            starts_at=free.start,
            ends_at=free.end,
            expires_at=until,
        )
        for resource_id, kept in sorted(wanted.items())
        for until, free in _longest_first(kept, own[resource_id])
    ]
    _insert(rows, now=now)


def _longest_first(kept: Mapping[datetime, Sequence[Span]], taken: Sequence[Span]) -> Iterator[tuple[datetime, Span]]:
    """What to hold until when: each moment in none of `taken`, and once, for as long as any of `kept` wants it."""
    rest = list(taken)
    for until in sorted(kept, reverse=True):
        yield from ((until, free) for free in subtract(kept[until], rest))
        rest += kept[until]


def release_holds(round_: RescheduleRequest) -> int:
    """Gives up what is held for this round. Returns how many rows went."""
    return int(round_.holds.all().delete()[0])


def sweep_holds(*, now: datetime) -> int:
    """Removes holds that have expired. Whoever needs the time removes them as well, so this is only tidiness."""
    return int(Occupancy.objects.expired(now).delete()[0])


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
                after=_as_fact(appointment, plan.slot.resource_ids),
            )
        )
        if plan.state != AppointmentState.CANCELLED:
            rows.extend(_rows(appointment, plan.slot, bare=plan.bare))
    _insert(rows, now=now)
    AppointmentEvent.objects.bulk_create(events, batch_size=500)
    return appointments


def lock(appointment: Appointment) -> Appointment:
    """The row as it stands now, locked until the transaction ends (on SQLite the transaction itself is the lock).

    The provider is read when it is asked for: PostgreSQL joins before it waits, so one that the appointment has got
    meanwhile would be missing. Only what an appointment keeps for life may be joined.
    """
    locked: Appointment = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("service", "customer", "location")
        .get(pk=appointment.pk)
    )
    return locked


def _lock_all(ids: Iterable[int]) -> Iterable[Appointment]:
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(ids))
    return list(rows.select_related("service", "location").order_by("pk"))


def _as_planned(appointment: Appointment) -> tuple[object, ...]:
    return appointment.state, appointment.starts_at, appointment.ends_at, appointment.sequence


def _lock_resources(ids: Iterable[int]) -> None:
    list(Resource.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def lock_resources(appointment: Appointment, wanted: Iterable[Any]) -> dict[Resource, bool]:
    """Locks the resources `wanted` (ids, or a query for them) and those that the appointment occupies, in one order.

    Each comes with whether the appointment occupies it now.
    """
    occupied = Occupancy.objects.filter(appointment=appointment, request__isnull=True, resource=OuterRef("pk"))
    resources = Resource.objects.select_for_update(no_key=True).annotate(is_left=Exists(occupied))
    locked = resources.filter(Q(pk__in=wanted) | Q(is_left=True)).order_by("pk")
    return {resource: resource.is_left for resource in locked}


def _resources_of(appointment: Appointment) -> list[int]:
    own = appointment.occupancies.filter(request__isnull=True)
    return sorted(own.values_list("resource_id", flat=True))


def _as_fact(appointment: Appointment, resource_ids: Iterable[int]) -> dict[str, Any]:
    return {**span_of(appointment), "resources": sorted(resource_ids)}


def _rows(appointment: Appointment, slot: Slot, *, bare: bool = False) -> list[Occupancy]:
    span = occupied_span(appointment.service, slot, bare=bare)
    return [
        Occupancy(resource_id=resource_id, appointment=appointment, starts_at=span.start, ends_at=span.end)
        for resource_id in sorted(set(slot.resource_ids))
    ]


def _insert(rows: list[Occupancy], *, now: datetime) -> None:
    """Writes `rows`; when something is in the way, once more without the holds around there that have expired."""
    if not rows or _was_free(rows):
        return
    first, last = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
    resources = {row.resource_id for row in rows}
    expired = Occupancy.objects.expired(now).filter(resource_id__in=resources).overlapping(first, last)
    if not (expired.delete()[0] and _was_free(rows)):
        raise SlotTaken(in_the_way=in_the_way(rows, now=now))


def _was_free(rows: list[Occupancy]) -> bool:
    """Whether the database took all of `rows`; otherwise it has none of them."""
    try:
        with transaction.atomic():
            _write(rows)
    except SlotTaken:
        return False
    return True


def _write(rows: list[Occupancy]) -> None:
    """Writes `rows`, or raises `SlotTaken` in a transaction that is lost with it."""
    try:
        Occupancy.objects.bulk_create(rows, batch_size=500)
    except IntegrityError as error:
        if OVERLAP not in str(error):
            raise
        raise SlotTaken from error


def _replace_occupancies(appointment: Appointment, rows: list[Occupancy], *, now: datetime) -> None:
    """`rows` in place of all that the appointment occupied and held. What has expired around there goes at once."""
    gone = Q(appointment=appointment)
    for row in rows:
        there = Q(resource=row.resource_id, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
        gone |= Q(there, expires_at__lte=now)
    Occupancy.objects.filter(gone).delete()
    _write(rows)


def in_the_way(rows: Iterable[Occupancy], *, now: datetime) -> list[Occupancy]:
    """The first standing occupancies that collide with `rows`, for a colleague who has to be told."""
    found: list[Occupancy] = []
    for row in rows:
        others = Occupancy.objects.in_force(now).filter(resource_id=row.resource_id)
        found += others.overlapping(row.starts_at, row.ends_at).select_related("resource", "appointment__customer")[:3]
        if len(found) >= 3:
            break
    return found
