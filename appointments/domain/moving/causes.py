"""What cannot take place, asked before times are offered: no offered time may lie in it.

Reasons say what they take away as a rule (`Reason.about`, `Reason.lasts`), so that as a rule nobody has to be asked
more. When the customer is who wants to move, nothing is missing on our side and nothing is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from appointments.domain import affected
from appointments.domain.actors import Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.schedule.outages import Outage, is_said, said_about
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.hours import LOCATION
from appointments.domain.schedule.waking import QUARTER, last_quarter
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import DisruptionScope, DisruptionSource, ReasonAbout, ReasonSpan, ResourceKind
from appointments.errors import DomainError, NotOffered
from appointments.models import AffectedAppointment, Appointment, Disruption, PlanLine, Reason, Resource

KINDS = {
    ReasonAbout.PERSON: ResourceKind.PROVIDER,
    ReasonAbout.ROOM: ResourceKind.ROOM,
    ReasonAbout.EQUIPMENT: ResourceKind.EQUIPMENT,
}
KEPT_FREE = (DisruptionSource.SAID, DisruptionSource.ABSENCE, DisruptionSource.CLOSURE)
"""What lasts as long as it says. Of changed hours and the like only their own rows say when something can be had."""


@dataclass(frozen=True)
class Missing:
    """What a colleague can choose between: each thing that the appointment needs, the place, or the appointment."""

    about: ReasonAbout
    resource: Resource | None = None


def choices(appointment: Appointment) -> list[Missing]:
    """What of this appointment may be missing, in the order of the question."""
    abouts = {kind: about for about, kind in KINDS.items()}
    return [
        *(Missing(abouts[ResourceKind(one.kind)], one) for one in resources_of(appointment)),
        Missing(ReasonAbout.PLACE),
        Missing(ReasonAbout.APPOINTMENT),
    ]


def resources_of(appointment: Appointment) -> list[Resource]:
    """What it occupies: people first, whom it is with before all others, then rooms, then equipment."""
    own = Resource.objects.filter(occupancies__appointment=appointment, occupancies__request__isnull=True).distinct()
    order = list(ResourceKind.values)
    return sorted(own, key=lambda one: (one.pk != appointment.provider_id, order.index(one.kind), one.position, one.pk))


def covers(known: WhatIsMissing, usual: WhatIsMissing) -> bool:
    """Whether what is `usual` for a reason says nothing that is not `known` already."""
    if DisruptionScope.PLACE in (known.scope, usual.scope):
        return known.scope == DisruptionScope.PLACE
    return usual.scope == DisruptionScope.APPOINTMENT or set(usual.resource_ids) <= set(known.resource_ids)


def known(appointment: Appointment) -> list[Disruption]:
    """What is written down already and hits this appointment as it is booked now; the newest first."""
    hits = AffectedAppointment.objects.unsettled().filter(appointment=appointment)
    hitting = Disruption.objects.filter(pk__in=hits.values("disruption"))
    return list(hitting.select_related("reason", "location").prefetch_related("resources").order_by("-pk"))


def usual(appointment: Appointment, reason: Reason, *, now: datetime) -> WhatIsMissing | None:
    """What `reason` takes away as a rule; None when the customer is who wants to move.

    A reason about a thing that this appointment does not need is about the appointment only.
    """
    if reason.is_wish:
        return None
    kind = KINDS.get(ReasonAbout(reason.about))
    meant = [one.pk for one in resources_of(appointment) if one.kind == kind][:1] if kind else []
    whole_place = reason.about == ReasonAbout.PLACE
    start, end = usual_span(appointment, reason, now=now)
    if not meant and not whole_place:
        return of_itself(appointment)
    return WhatIsMissing(
        scope=DisruptionScope.PLACE if whole_place else DisruptionScope.RESOURCES,
        location=appointment.location,
        starts_at=start,
        ends_at=end,
        resource_ids=tuple(sorted(meant)),
    )


def usual_span(appointment: Appointment, reason: Reason, *, now: datetime) -> tuple[datetime, datetime]:
    """From when to when something is missing as a rule, whatever it is."""
    if reason.lasts == ReasonSpan.TIME:
        return appointment.starts_at, appointment.ends_at
    zone = appointment.location.tzinfo
    first, last = appointment.starts_at.astimezone(zone).date(), appointment.ends_at.astimezone(zone).date()
    begin, end = day_span(first, zone)[0], day_span(last, zone)[1]
    return what_is_left(begin, end, now=now) if now < appointment.starts_at else (begin, end)


def what_is_left(begin: datetime, end: datetime, *, now: datetime) -> tuple[datetime, datetime]:
    """Of something that has begun only what is left, from the quarter of an hour that has begun: what is over took
    place. Of what is over altogether, its last quarter.
    """
    return max(begin, min(last_quarter(now), end - QUARTER)), end


def of_itself(appointment: Appointment) -> WhatIsMissing:
    """Only this appointment cannot take place: its time with its people and rooms is out for itself alone."""
    return WhatIsMissing(
        scope=DisruptionScope.APPOINTMENT,
        location=appointment.location,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        appointment=appointment,
    )


def outages_of(missing: WhatIsMissing | None, appointment: Appointment) -> list[Outage]:
    """What the search for other times of `appointment` has to keep out of besides what is written down."""
    if missing is None or not missing.is_kept_free:
        return []
    if missing.scope == DisruptionScope.PLACE:
        owners = frozenset([LOCATION])
    elif missing.scope == DisruptionScope.RESOURCES:
        owners = frozenset(missing.resource_ids)
    else:
        own = [one.pk for one in resources_of(appointment)]
        owners = frozenset([appointment.provider_id] if appointment.provider_id else own)
    return [Outage(owners, missing.starts_at, missing.ends_at)]


def all_outages(appointment: Appointment, missing: WhatIsMissing | None, slots: Sequence[Slot] = ()) -> list[Outage]:
    """Of a move because of `missing`, and what is written down about this appointment and the times of `slots`."""
    about = _about(appointment)
    if slots:
        start, end = min(one.starts_at for one in slots), max(one.ends_at for one in slots)
        about |= said_about(appointment.location, start, end)
    return [*outages_of(missing, appointment), *_written(appointment, about)]


def outages_for(appointment: Appointment) -> list[Outage]:
    """What stands written down about this appointment. What counts for everybody the search knows by itself, but a
    time that is added by hand may lie outside the hours, and then nobody looks who is away.
    """
    return _written(appointment, _about(appointment))


def out_of_reach_of(appointment: Appointment) -> list[Outage]:
    """What a search for a time of this appointment keeps out of besides what it knows by itself. Three queries."""
    return [*outages_for(appointment), *given_to_others(appointment)]


def given_to_others(appointment: Appointment) -> list[Outage]:
    """The times that plans on their way are about to give to others: not held yet, and offered to nobody meanwhile.

    With the buffers of both. One query.
    """
    service = appointment.service
    lines = PlanLine.objects.about_to_be_told().filter(plan__disruption__location=appointment.location_id)
    others = lines.exclude(appointment=appointment).filter(starts_at__isnull=False).order_by()
    # As values: a plan may have thousands of lines, and whoever is told with too few times asks this.
    facts = ("resource_ids", "starts_at", "ends_at")
    buffers = ("appointment__service__buffer_before", "appointment__service__buffer_after")
    return [
        Outage(
            frozenset(ids),
            starts_at - timedelta(minutes=before) - service.after,
            ends_at + timedelta(minutes=after) + service.before,
        )
        for ids, starts_at, ends_at, before, after in others.values_list(*facts, *buffers)
    ]


def _about(appointment: Appointment) -> Q:
    hits = AffectedAppointment.objects.unsettled().filter(appointment=appointment)
    return Q(appointment=appointment) | Q(pk__in=hits.values("disruption"))


def _written(appointment: Appointment, about: Q) -> list[Outage]:
    """Two queries."""
    written = Disruption.objects.in_force().filter(about).select_related("location", "appointment")
    found = written.prefetch_related("resources").order_by("pk")
    return [outage for one in found for outage in outages_of(as_missing(one), appointment)]


class Written:
    """What stands written down about `appointments` and about their places, from `start` to `end`: for whoever asks
    about many. Three queries.
    """

    def __init__(self, appointments: Sequence[Appointment], start: datetime, end: datetime) -> None:
        ids = [one.pk for one in appointments]
        hits = AffectedAppointment.objects.unsettled().filter(appointment__in=ids)
        self._hits = set(hits.values_list("appointment_id", "disruption_id"))
        about = Q(appointment__in=ids) | Q(pk__in={disruption_id for _appointment_id, disruption_id in self._hits})
        for place in {one.location for one in appointments}:
            about |= said_about(place, start, end)
        written = Disruption.objects.in_force().filter(about).select_related("location", "appointment")
        found = written.prefetch_related("resources").order_by("pk")
        self._found = [(one, as_missing(one)) for one in found]

    def outages_for(self, appointment: Appointment) -> list[Outage]:
        """What the function of this name reads for one, and what colleagues have said about its place."""
        return [
            outage
            for one, missing in self._found
            if one.appointment_id == appointment.pk
            or (appointment.pk, one.pk) in self._hits
            or (one.location_id == appointment.location_id and is_said(one))
            for outage in outages_of(missing, appointment)
        ]


def must_hit(missing: WhatIsMissing, appointment: Appointment) -> None:
    """Raises `DomainError` when it is not true of this appointment: then it would not have to move because of it."""
    span = Span(appointment.starts_at, appointment.ends_at)
    ends_at = missing.ends_at
    if ends_at is not None and ends_at <= missing.starts_at:
        raise DomainError(_("What cannot take place must end after it begins."))
    if missing.starts_at >= span.end or (ends_at is not None and ends_at <= span.start):
        raise DomainError(_("The appointment does not lie in that time. Check from when to when."))


def must_keep_out(slots: Sequence[Slot], outages: Sequence[Outage]) -> None:
    """Raises `NotOffered` when one of `slots` lies in what cannot take place."""
    for slot in slots:
        if any(outage.takes(slot.resource_ids, Span(slot.starts_at, slot.ends_at)) for outage in outages):
            raise NotOffered(
                _("One of the times lies in what cannot take place. Take it off the list, or correct what is missing.")
            )


def as_missing(disruption: Disruption) -> WhatIsMissing:
    """What is written down, as it would be said again."""
    return WhatIsMissing(
        scope=DisruptionScope(disruption.scope),
        location=disruption.location,
        starts_at=disruption.starts_at,
        ends_at=disruption.ends_at,
        resource_ids=tuple(sorted(one.pk for one in disruption.resources.all())),
        appointment=disruption.appointment,
        is_kept_free=disruption.source in KEPT_FREE,
    )


def because_of(
    missing: WhatIsMissing | None,
    disruption: Disruption | None,
    appointment: Appointment,
    *,
    reason: Reason,
    by: Actor,
    now: datetime,
) -> Disruption | None:
    """The disruption that a move belongs to, with all whom it hits; written down now unless it is. None: a wish.

    What is `missing` besides `disruption` is written down as well.
    """
    if disruption is not None:
        affected.add(disruption, [appointment], now=now)
    if missing is None or (disruption is not None and missing == as_missing(disruption)):
        return disruption
    declared = affected.declare(missing, reason=reason, by=by, now=now)
    return disruption or declared
