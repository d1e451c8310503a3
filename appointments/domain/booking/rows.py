"""What an appointment occupies on the timeline: spans, the rows for them, and what stands in their way."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.errors import SlotTaken
from appointments.models import Appointment, Occupancy, Service

OVERLAP = "occupancy_no_overlap"


def occupied_span(service: Service, slot: Slot, *, bare: bool = False) -> Span[datetime]:
    """The slot with the service's buffers around it; `bare`: without, for what was booked elsewhere back to back."""
    if bare:
        return Span(slot.starts_at, slot.ends_at)
    return Span(slot.starts_at - service.before, slot.ends_at + service.after)


def rows_of(appointment: Appointment, slot: Slot, *, bare: bool = False) -> list[Occupancy]:
    return rows_in(occupied_span(appointment.service, slot, bare=bare), appointment, slot)


def rows_in(span: Span[datetime], appointment: Appointment, slot: Slot) -> list[Occupancy]:
    """All that `slot` occupies, during `span`."""
    return [
        Occupancy(resource_id=resource_id, appointment=appointment, starts_at=span.start, ends_at=span.end)
        for resource_id in sorted(set(slot.resource_ids))
    ]


def resources_of(appointment: Appointment) -> list[int]:
    own = appointment.occupancies.filter(request__isnull=True)
    return sorted(own.values_list("resource_id", flat=True))


def span_of(thing: Any) -> dict[str, str]:
    """`{"starts_at", "ends_at"}` in ISO 8601, UTC: how history and messages write a time down."""
    return {
        "starts_at": thing.starts_at.astimezone(UTC).isoformat(),
        "ends_at": thing.ends_at.astimezone(UTC).isoformat(),
    }


def as_fact(appointment: Appointment, resource_ids: Iterable[int]) -> dict[str, Any]:
    return {**span_of(appointment), "resources": sorted(resource_ids)}


def insert(rows: list[Occupancy], *, now: datetime) -> None:
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


def replace(appointment: Appointment, rows: list[Occupancy], *, now: datetime) -> None:
    """`rows` in place of all that the appointment occupied and held. What has expired around there goes at once."""
    gone = Q(appointment=appointment)
    for row in rows:
        there = Q(resource=row.resource_id, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
        gone |= Q(there, expires_at__lte=now)
    Occupancy.objects.filter(gone).delete()
    _write(rows)


def in_the_way(rows: Iterable[Occupancy], *, now: datetime) -> list[Occupancy]:
    """The first standing occupancies of others that collide with `rows`, for a colleague who has to be told."""
    found: list[Occupancy] = []
    for row in rows:
        others = Occupancy.objects.in_force(now).filter(resource_id=row.resource_id)
        others = others.exclude(appointment_id=row.appointment_id)
        found += others.overlapping(row.starts_at, row.ends_at).select_related("resource", "appointment__customer")[:3]
        if len(found) >= 3:
            break
    return found
