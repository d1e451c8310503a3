"""The locks of the timeline, in one order everywhere: the appointment, its round, then the resources by id."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments.domain.prepared import Prepared
from appointments.models import Appointment, Occupancy, Resource


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


def lock_all(ids: Iterable[int]) -> Iterable[Appointment]:
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(ids))
    return list(rows.select_related("service", "location").order_by("pk"))


def lock_as_read(known: Sequence[Appointment]) -> list[Appointment]:
    """Locks all of them, in the order of their ids. Who stands as it was read comes back as the same object, with all
    that was read besides; of another one the row as it stands now.
    """
    columns = [field.attname for field in Appointment._meta.concrete_fields]
    locked = {row[0]: row[1:] for row in _columns().filter(pk__in=[one.pk for one in known])}
    same = {one.pk: locked[one.pk] == tuple(getattr(one, name) for name in columns) for one in known}
    return [one if same[one.pk] else Appointment.objects.get(pk=one.pk) for one in known]


@cache
def _columns() -> QuerySet[Any, Any]:
    """Put together once: every customer of a plan begins with it."""
    columns = [field.attname for field in Appointment._meta.concrete_fields]
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return rows.values_list("pk", *columns)


def lock_resources(appointment: Appointment, wanted: Iterable[Any]) -> dict[Resource, bool]:
    """Locks the resources `wanted` (ids, or a query for them) and those that the appointment occupies, in one order.

    Each comes with whether the appointment occupies it now.
    """
    occupied = Occupancy.objects.filter(appointment=appointment, request__isnull=True, resource=OuterRef("pk"))
    resources = Resource.objects.select_for_update(no_key=True).annotate(is_left=Exists(occupied))
    locked = resources.filter(Q(pk__in=wanted) | Q(is_left=True)).order_by("pk")
    return {resource: resource.is_left for resource in locked}


def lock_by_id(ids: Iterable[int]) -> dict[int, int | None]:
    """Locks the resources, and tells of each how many a day it takes at most."""
    return dict(_resources()(sorted(ids)))


@cache
def _resources() -> Prepared:
    """Whatever moves locks what it needs."""
    return Prepared(Resource.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", "most_a_day"))
