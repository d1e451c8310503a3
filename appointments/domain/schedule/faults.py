"""What stands in the way of a booked appointment as the tables are now: the difference is what a change has done.

Whoever was booked outside the open hours on purpose is at fault before and after, and so in nobody's way.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.spans import Span, subtract
from appointments.enums import AppointmentState
from appointments.models import Appointment, Occupancy, Requirement, Resource
from appointments.models.appointment import AppointmentQuerySet

SHOWN = ("customer", "service", "location", "provider")


class Fault(NamedTuple):
    """`what` is wrong, and of which row or with which value, so that another one of its kind is another fault."""

    what: str
    which: object


Faults = dict[Appointment, frozenset[Fault]]


def faults_of(appointments: AppointmentQuerySet, *, now: datetime) -> Faults:
    """Of each coming one of `appointments`. Three queries, and one for each location."""
    coming = list(
        appointments.filter(state=AppointmentState.BOOKED, starts_at__gt=now).select_related(*SHOWN).distinct()
    )
    occupied = _occupied(coming)
    able = set(Requirement.candidates.through.objects.values_list("requirement__service", "resource"))
    missing = _outside_hours(coming, occupied, now=now)
    return {
        one: frozenset(
            [
                *_of_itself(one),
                *(Fault("off", resource.pk) for resource in occupied[one.pk] if not resource.is_active),
                *(Fault("unable", pk.pk) for pk in occupied[one.pk] if (one.service_id, pk.pk) not in able),
                *(Fault("closed", pk) for pk in missing[one.pk]),
            ]
        )
        for one in coming
    }


def is_hit(found: Iterable[Fault]) -> bool:
    """Whether it cannot take place as booked; another clock or length can only be judged by somebody."""
    return any(fault.what not in ("zone", "minutes") for fault in found)


def is_without(found: Iterable[Fault], resource_ids: Collection[int]) -> bool:
    """Whether it cannot have one of these resources as booked."""
    return any(fault.what in ("off", "unable", "closed") and fault.which in resource_ids for fault in found)


def new_in(after: Faults, *, before: Faults) -> list[Appointment]:
    """Those that something stands in the way of now and did not before, the soonest first."""
    worse = [one for one, faults in after.items() if faults - before.get(one, frozenset())]
    return sorted(worse, key=lambda one: (one.starts_at, one.pk))


def _of_itself(one: Appointment) -> Iterable[Fault]:
    # What customers were told is a time on the clock of the place: another clock is another time.
    yield Fault("zone", one.location.zone)
    yield Fault("minutes", one.service.minutes)
    if not one.location.is_active:
        yield Fault("place off", one.location_id)
    if not one.service.is_active:
        yield Fault("service off", one.service_id)


def _occupied(coming: Iterable[Appointment]) -> dict[int, list[Resource]]:
    found: dict[int, list[Resource]] = defaultdict(list)
    rows = Occupancy.objects.filter(appointment__in=list(coming), request__isnull=True)
    for row in rows.select_related("resource__location"):
        found[row.appointment_id].append(row.resource)
    return found


def _outside_hours(
    coming: list[Appointment], occupied: dict[int, list[Resource]], *, now: datetime
) -> dict[int, set[int]]:
    """By appointment, which of its resources are not there all the time."""
    missing: dict[int, set[int]] = defaultdict(set)
    resources = {resource for one in coming for resource in occupied[one.pk]}
    if resources:
        there = open_spans(resources, window=Span(now, max(one.ends_at for one in coming)))
        for one in coming:
            span = Span(one.starts_at, one.ends_at)
            missing[one.pk] = {resource.pk for resource in occupied[one.pk] if subtract([span], there[resource.pk])}
    return missing
