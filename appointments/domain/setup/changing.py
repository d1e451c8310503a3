"""What appointments need, changed under them: on trial first, and saved once somebody has said that they will be moved.

The managers' pages and the settings enter here: what is saved is taken back while somebody booked could no longer come
and nobody has agreed; the agreement carries the list's fingerprint, so that a list that has grown is asked about again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import ngettext

from appointments.domain import affected, overlooked
from appointments.domain.actors import Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import offers
from appointments.domain.schedule import faults
from appointments.domain.schedule.conflicts import Conflict, fingerprint
from appointments.domain.schedule.faults import Faults
from appointments.domain.transactions import one_transaction
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.errors import DomainError
from appointments.models import Appointment, Location, Resource, Service
from appointments.models.appointment import AppointmentQuerySet


class WouldHit(DomainError):
    """Somebody is booked there. `hits` are whom, `mark` is what agreeing to exactly these is."""

    def __init__(self, hits: Sequence[Conflict]) -> None:
        count = len(hits)
        sentence = ngettext(
            "%(n)d customer is expected in this time and has not been told. Tick the box to save it all the same.",
            "%(n)d customers are expected in this time and have not been told. Tick the box to save it all the same.",
            count,
        )
        super().__init__(sentence % {"n": count})
        self.hits, self.mark = hits, fingerprint(hits)


@dataclass(frozen=True)
class Changed:
    """What is about to change: which appointments need it, and what cannot be had of it at a place from now on."""

    booked: AppointmentQuerySet
    note: str
    missing_at: Callable[[Location], WhatIsMissing]


def of_place(place: Location, *, now: datetime) -> Changed:
    booked = Appointment.objects.filter(location=place)
    return Changed(booked, str(place), lambda at: WhatIsMissing(DisruptionScope.PLACE, at, now))


def of_service(service: Service, *, now: datetime) -> Changed:
    booked = Appointment.objects.filter(service=service)
    return Changed(booked, str(service), lambda at: WhatIsMissing(DisruptionScope.PLACE, at, now))


def of_resource(resource: Resource, *, now: datetime) -> Changed:
    booked = Appointment.objects.filter(occupancies__resource=resource, occupancies__request__isnull=True)
    return Changed(
        booked,
        str(resource),
        lambda at: WhatIsMissing(DisruptionScope.RESOURCES, at, now, resource_ids=(resource.pk,)),
    )


@one_transaction
def change(
    what: Changed, save: Callable[[], None], *, source: DisruptionSource, agreed: str, by: Actor, now: datetime
) -> list[Appointment]:
    """Runs `save` and returns whom it hits. Raises WouldHit, with nothing saved, before somebody has agreed."""
    before = faults.faults_of(what.booked.all(), now=now)
    save()
    hit = newly_hit(what.booked.all(), before=before, now=now)
    if hit and agreed != fingerprint(hits := as_conflicts(hit)):
        raise WouldHit(hits)
    leave(hit, what.missing_at, source=source, note=what.note, by=by, now=now)
    transaction.on_commit(lambda: offers.strike_out(now=now))
    overlooked.let_go(by=by, now=now)
    return hit


def newly_hit(booked: AppointmentQuerySet, *, before: Faults, now: datetime) -> list[Appointment]:
    """Who of `booked` could come `before` and cannot any more."""
    return faults.new_in(faults.faults_of(booked, now=now), before=before)


def leave(
    hit: Iterable[Appointment],
    missing_at: Callable[[Location], WhatIsMissing],
    *,
    source: DisruptionSource,
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    """Whoever is hit stands in the queue of those who have to be moved, by their places."""
    found: dict[int, list[Appointment]] = {}
    for one in hit:
        found.setdefault(one.location_id, []).append(one)
    for at_once in found.values():
        missing = missing_at(at_once[0].location)
        affected.declare(missing, reason=None, by=by, now=now, source=source, note=note, hits=at_once)


def as_conflicts(hit: Iterable[Appointment]) -> list[Conflict]:
    return [Conflict(one.starts_at, one.ends_at, offered=False, appointment=one) for one in hit]
