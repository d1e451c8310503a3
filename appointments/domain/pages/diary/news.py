"""Whether anything on a board has changed: a word that is the same as long as nothing has.

Every open board asks it every few seconds, so it is one small query, and the same for every reader.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Aggregate, Count, Max, Q, QuerySet, Value

from appointments.domain.pages.diary.scale import Moments
from appointments.enums import LIVE_REQUEST_STATES, OfferState
from appointments.models import AppointmentEvent, Disruption, Location, Occupancy, Offer


def token(location: Location, span: Moments, *, now: datetime) -> str:
    """Another one whenever a board of `span` may show something else; while `now` lies in it with every minute, because
    the line of the hour moves on.

    One query: from each table its newest row and how many count. What managers change (hours, absences, names) is
    noted with them, wherever it belongs.
    """
    there = Occupancy.objects.filter(resource__location=location).overlapping(span.start, span.end)
    offers = Offer.objects.filter(
        resources__location=location,
        state=OfferState.LIVE,
        request__state__in=LIVE_REQUEST_STATES,
        starts_at__lt=span.end,
        ends_at__gt=span.start,
    )
    lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=span.start)
    missing = Disruption.objects.filter(lasts, location=location, starts_at__lt=span.end)
    taken = _part("taken", there.in_force(now))
    rest = (
        _part("events", AppointmentEvent.objects.filter(appointment__in=there.order_by().values("appointment"))),
        _part("offers", offers),
        _part("missing", missing, count=Count("ended_at")),
        _part("managers", LogEntry.objects.all(), count=Value(0)),
    )
    said = sorted(taken.union(*rest, all=True), key=str)
    minute = int(now.timestamp()) // 60 if span.start <= now < span.end else 0
    return hashlib.sha256(repr((said, minute)).encode()).hexdigest()[:16]


def _part(name: str, rows: QuerySet[Any], *, count: Aggregate | Value | None = None) -> QuerySet[Any]:
    """One row: (name, newest, count)."""
    named = rows.order_by().annotate(part=Value(name)).values_list("part")
    return named.annotate(newest=Max("pk"), count=count or Count("pk"))
