"""What is still to come today for those who run late, as it is stored: what may begin later, and what stays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop as noop

from appointments.domain.disruptions.late.shifts import Booking, Day
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import AppointmentState, EventKind, RequestState
from appointments.models import (
    AffectedAppointment,
    Appointment,
    AppointmentEvent,
    Location,
    Occupancy,
    RescheduleRequest,
)

RUNNING_LATE = noop("we run late")
TAKEN_BACK = noop("we do not run late after all")
"""What stands in the history of each appointment that has begun later, or was to."""
NIGHT = timedelta(hours=12)
"""Buffers and what follows may reach so far beyond the day."""


@dataclass(frozen=True)
class Today:
    """`knows` is the hour that each customer was told last; `rounds` are those in which a later hour stands."""

    day: Day
    bookings: tuple[Booking, ...]
    appointments: dict[int, Appointment]
    knows: dict[int, datetime]
    rounds: dict[int, RescheduleRequest]


def read(location: Location, people: Collection[int], *, now: datetime) -> Today:
    """What the rest of today holds at `location` for `people`. Six queries, however many are booked.

    What is on offer, or has to move for another cause, is left to its round and its plan: it stays where it is.
    """
    whole = day_span(now.astimezone(location.tzinfo).date(), location.tzinfo)
    appointments = _may_begin_later(location, people, Span(now, whole.end))
    rounds = _rounds_that_stand(appointments)
    booked = _as_booked(appointments, since=whole.start)
    rows = _occupied(appointments, people, Span(now, whole.end + NIGHT), now=now)
    own: dict[int, list[Occupancy]] = defaultdict(list)
    taken: dict[int, list[Span[datetime]]] = defaultdict(list)
    for row in rows:
        if row.appointment_id in appointments and row.request_id is None:
            own[row.appointment_id].append(row)
        else:
            taken[row.resource_id].append(Span(row.starts_at, row.ends_at))
    told = {pk: one.respond_by for pk, one in rounds.items() if now >= one.undo_until}
    return Today(
        day=Day(frozenset(people), whole.end, taken, _elsewhere(appointments, whole)),
        bookings=tuple(_booking(one, booked[pk], own[pk], is_told=pk in told) for pk, one in appointments.items()),
        appointments=appointments,
        knows={**booked, **told},
        rounds={pk: one for pk, one in rounds.items() if one.is_live},
    )


def read_by(location: Location, *, now: datetime) -> set[str]:
    """The languages of whoever is booked there on the day of `now`."""
    day = day_span(now.astimezone(location.tzinfo).date(), location.tzinfo)
    booked = Appointment.objects.filter(location=location, state=AppointmentState.BOOKED)
    coming = booked.filter(starts_at__gte=day.start, starts_at__lt=day.end)
    return set(coming.values_list("customer__language", flat=True))


def _may_begin_later(location: Location, people: Collection[int], rest: Span[datetime]) -> dict[int, Appointment]:
    """Who comes to one of `people` in the rest of the day and is moved by nobody yet, the soonest first."""
    own = Occupancy.objects.filter(appointment=OuterRef("pk"), request__isnull=True, resource__in=people)
    moving = RescheduleRequest.objects.undecided().filter(appointment=OuterRef("pk"))
    hit = AffectedAppointment.objects.unsettled().filter(appointment=OuterRef("pk"))
    coming = Appointment.objects.filter(
        Exists(own),
        ~Exists(moving),
        ~Exists(hit),
        location=location,
        state=AppointmentState.BOOKED,
        starts_at__gt=rest.start,
        starts_at__lt=rest.end,
    )
    return {one.pk: one for one in coming.for_display().order_by("starts_at", "pk")}


def _rounds_that_stand(appointments: Collection[int]) -> dict[int, RescheduleRequest]:
    """By appointment its latest round, where that told of a later hour and nobody has moved it otherwise since."""
    latest = RescheduleRequest.objects.told().filter(appointment__in=appointments).order_by("round")
    rounds = {one.appointment_id: one for one in latest}
    stands = (RequestState.OPEN, RequestState.KEPT)
    return {pk: one for pk, one in rounds.items() if one.stands_by_itself and one.state in stands}


def _as_booked(appointments: dict[int, Appointment], *, since: datetime) -> dict[int, datetime]:
    """When each was to begin before we ran late today. What moves it for another cause is a new beginning."""
    moves: dict[int, list[datetime]] = {pk: [] for pk in appointments}
    events = AppointmentEvent.objects.filter(appointment__in=appointments, kind=EventKind.MOVED, at__gte=since)
    for pk, note, before in events.order_by("pk").values_list("appointment", "note", "before__starts_at"):
        if note == RUNNING_LATE:
            moves[pk].append(datetime.fromisoformat(str(before)))
        elif note == TAKEN_BACK:
            del moves[pk][-1:]
        else:
            moves[pk].clear()
    return {pk: moves[pk][0] if moves[pk] else one.starts_at for pk, one in appointments.items()}


def _occupied(
    appointments: Collection[int], people: Collection[int], span: Span[datetime], *, now: datetime
) -> Sequence[Occupancy]:
    """All that is taken then of those who are late, and of whatever else their appointments need."""
    needed = Occupancy.objects.filter(appointment__in=appointments, request__isnull=True).values_list("resource")
    ids = {*people, *(pk for (pk,) in needed)}
    return list(Occupancy.objects.in_force(now).filter(resource__in=ids).overlapping(span.start, span.end))


def _elsewhere(appointments: dict[int, Appointment], day: Span[datetime]) -> dict[int, list[Span[datetime]]]:
    """What else the same customers have with us that day."""
    customers = {one.customer_id for one in appointments.values()}
    others = Appointment.objects.filter(state=AppointmentState.BOOKED, customer__in=customers)
    found: dict[int, list[Span[datetime]]] = defaultdict(list)
    rows = others.overlapping(day.start, day.end).exclude(pk__in=appointments)
    for customer, starts_at, ends_at in rows.values_list("customer", "starts_at", "ends_at"):
        found[customer].append(Span(starts_at, ends_at))
    return found


def _booking(appointment: Appointment, booked: datetime, rows: Iterable[Occupancy], **told: Any) -> Booking:
    own = list(rows)
    return Booking(
        key=appointment.pk,
        customer=appointment.customer_id,
        booked=booked,
        start=appointment.starts_at,
        length=appointment.duration,
        resources=frozenset(row.resource_id for row in own),
        before=appointment.starts_at - min(row.starts_at for row in own),
        after=max(row.ends_at for row in own) - appointment.ends_at,
        **told,
    )
