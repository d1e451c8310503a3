"""Whether what we changed helped: moves of its cause per appointment, before it worked and since."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from appointments.domain.colleagues import Places, at
from appointments.domain.recovery.prevention.effect import Count, Effect, effect
from appointments.domain.reports.moves import moves
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import AppointmentState
from appointments.models import Appointment, CorrectiveAction, Location

SHORTEST, LONGEST = timedelta(days=28), timedelta(days=180)
"""What is compared before the change is at least so long, and neither side is longer."""


def effect_of(action: CorrectiveAction, *, today: date, places: Places = None) -> Effect | None:
    """From the day on which it works until yesterday, beside as many days before, four weeks at least; by the day for
    which the appointment was booked, on the calendar of the place. Of what happens everywhere only
    that at `places`. None before it works. Five queries.
    """
    since = action.works_since
    if since is None or since >= today:
        return None
    until = min(today, since + LONGEST)
    begun = since - max(until - since, SHORTEST)
    return effect(_count(action, begun, since, places), _count(action, since, until, places))


def _count(action: CorrectiveAction, first: date, until: date, places: Places) -> Count:
    """From the day `first` until the day before `until`."""
    of_cause = moves(places=places).filter(reason=action.cause, wished=False)
    # What was called off without times being offered was never to be moved; with them it is a move that found no place.
    there = at(Appointment.objects.all(), places, place="location")
    booked = there.exclude(state=AppointmentState.CANCELLED, requests__isnull=True)
    return Count(
        moves=_scoped(of_cause, action, first, until, prefix="appointment__", start="was_starts_at").count(),
        appointments=_scoped(booked, action, first, until, prefix="", start="starts_at").count(),
    )


def _scoped(rows: QuerySet, action: CorrectiveAction, first: date, until: date, *, prefix: str, start: str) -> QuerySet:
    inside = Q(pk__in=())
    for place in Location.objects.all():
        span = day_span(first, ZoneInfo(place.zone), last=until - timedelta(days=1))
        inside |= Q(**{f"{prefix}location": place, f"{start}__gte": span.start, f"{start}__lt": span.end})
    found = rows.filter(inside)
    if action.service_id:
        found = found.filter(**{f"{prefix}service": action.service_id})
    return found.filter(**{f"{prefix}location": action.location_id}) if action.location_id else found
